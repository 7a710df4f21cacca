/** `npm run preview`: shows every email in a browser while you write it. */
import { readCommandLine } from '../../operations/terminal/command-line.ts';
import { exitCodeOf, type Interruption } from '../../operations/terminal/interruption.ts';
import { startPreview } from './server.ts';

const STANDARD_PORT = 4600;

const help = `npm run preview -- [--port PORT]

Shows every template and the unsubscribe page in a browser, in every language, on a phone and on a desktop, light and
dark. Reloads whenever a file in templates/ changes. Ctrl-C stops it.

  --port PORT    a port other than ${STANDARD_PORT}`;

const { values } = readCommandLine({
  help,
  options: { port: { type: 'string', default: String(STANDARD_PORT) } },
});

process.exit(await exitCodeOf(preview));

async function preview(interruption: Interruption): Promise<number> {
  const running = await startPreview({ port: portIn(values.port) });
  console.log(`The emails are at ${running.url} (Ctrl-C stops the preview).`);
  try {
    return await interruption.happened;
  } finally {
    await running.close();
  }
}

function portIn(text: string): number {
  const port = Number(text);
  if (/^\d+$/u.test(text) && port < 65_536) return port;
  throw new Error('--port must be a number from 0 to 65535. 0 takes any free port.');
}
