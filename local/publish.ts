/** `npm run publish`: checks a file of purchases against the contract and publishes the good ones. */
import { stat } from 'node:fs/promises';
import { TOPIC } from './stack/environment.ts';
import { openPurchases, purchaseLines } from './playback/purchase-lines.ts';
import { findDestination } from './publishing/destination.ts';
import { publishLines } from './publishing/publish-file.ts';
import { explained } from './publishing/publishing-error.ts';
import { misused, readCommandLine } from './terminal/command-line.ts';
import { startProgress, type Progress } from './terminal/progress.ts';

const help = `npm run publish -- FILE.ndjson [--project PROJECT] [--topic TOPIC]

Checks every line of the file against the contract (docs/schemas/transaction.v1.json), publishes the good ones and
lists the bad ones with line number, reason and field. Exit code 0 when all lines were good, 1 when any was bad or
could not be published. FILE - reads standard input.

It publishes to the Pub/Sub emulator that PUBSUB_EMULATOR_HOST names or that npm start has started, and to the cloud
when --project names a project there.

  --project PROJECT   a Google Cloud project
  --topic TOPIC       another topic than ${TOPIC}`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: { project: { type: 'string' }, topic: { type: 'string', default: TOPIC } },
});
const [file, ...others] = positionals;
if (file === undefined || others.length > 0)
  misused('Name one file of purchases, or - for standard input.', help);

try {
  process.exitCode = await publish(file);
} catch (error) {
  console.error(explained(error, values.topic, file));
  process.exitCode = 1;
}

async function publish(name: string): Promise<number> {
  const size = name === '-' ? undefined : Math.ceil((await stat(name)).size / 1000);
  const { pubsub, description } = await findDestination(values.project);
  console.error(`Publishing to the topic ${values.topic} of ${description}.`);
  const input = openPurchases(name);
  const progress = startProgress(size, 'kB');
  try {
    const { published, bad } = await publishLines(purchaseLines(input), {
      topic: pubsub.topic(values.topic),
      onBadLine: ({ number, reason, details }) => {
        progress.print(`line ${number}: ${reason}: ${details.join('; ')}`);
      },
      onPublished: () => {
        progress.update(Math.ceil(input.bytesRead / 1000));
      },
      clock: Date.now,
    });
    return report(progress, published, bad);
  } finally {
    progress.stop();
    await pubsub.close();
  }
}

function report(progress: Progress, published: number, bad: number): number {
  progress.stop();
  const faults = bad === 0 ? '' : `, ${bad} bad ${bad === 1 ? 'line' : 'lines'} left out`;
  console.log(`${published} purchases published${faults}.`);
  return bad === 0 ? 0 : 1;
}
