/** `npm run publish`: checks a file of purchases against the contract and publishes the good ones. */
import { topics } from '../functions/src/domain/published-message.ts';
import { publishLines } from './publish/publish-lines.ts';
import { withLinesOf } from './publish/purchase-lines.ts';
import { explainPublishingError } from './target/errors.ts';
import { connectPubsub } from './target/pubsub.ts';
import { targetHelp, targetOption } from './target/target.ts';
import { onlyArgument, readCommandLine, runCommand } from './terminal/command-line.ts';
import { formatCount } from './terminal/format.ts';

const help = `npm run publish -- FILE.ndjson [--project PROJECT] [--topic TOPIC]

Checks every line of the file against the contract (docs/schemas/transaction.v1.json), publishes the good lines and
lists the bad ones with line number, reason and field. FILE - reads standard input. The exit code is 0 when all lines
were good, and 1 when a line was bad or could not be published.

${targetHelp}

  --project PROJECT   a Google Cloud project
  --topic TOPIC       a topic other than ${topics.transactions}`;

const { values, positionals } = readCommandLine({
  help,
  allowPositionals: true,
  options: { ...targetOption, topic: { type: 'string', default: topics.transactions } },
});
const file = onlyArgument(positionals, 'Name one file of purchases, or - for standard input.', help);

await runCommand(() =>
  withLinesOf(file, async (lines, progress) => {
    const { pubsub, description } = await connectPubsub(values.project);
    console.error(`Publishing to the topic ${values.topic} of ${description}.`);
    try {
      const { published, bad } = await publishLines(lines, {
        topic: pubsub.topic(values.topic),
        onBadLine: ({ number, reason, details }) => {
          progress.print(`line ${number}: ${reason}: ${details.join('; ')}`);
        },
        clock: Date.now,
      });
      progress.stop();
      const leftOut = bad === 0 ? '' : `, ${formatCount(bad, 'bad line')} left out`;
      console.log(`${formatCount(published, 'purchase')} published${leftOut}.`);
      return bad === 0;
    } catch (cause) {
      throw new Error(explainPublishingError(cause, values.topic), { cause });
    } finally {
      await pubsub.close();
    }
  }),
);
