import cliProgress from 'cli-progress';

/** The progress of a command, on standard error: standard output holds results only. */
export interface Progress {
  /** @param done of the total. */
  readonly update: (done: number) => void;
  /** Prints a line of results without tearing the bar. */
  readonly print: (line: string) => void;
  /** Leaves the last state on the screen. */
  readonly stop: () => void;
}

/** Without a terminal, progress is about this many lines. */
const PLAIN_LINES = 10;

/** Moves the cursor to the first column and clears the line (ECMA-48: CR, EL). */
const CLEAR_LINE = '\r\u001b[K';

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/**
 * @param total undefined when it is not known: then nothing is shown.
 * @param unit in the plural.
 */
export function startProgress(
  total: number | undefined,
  unit: string,
  output: Output = process.stderr,
): Progress {
  if (total === undefined) return { update: () => undefined, print: printLine, stop: () => undefined };
  const all = `${total} ${total === 1 ? unit.replace(/s$/u, '') : unit}`;
  return output.isTTY ? bar(total, all, output) : plainLines(total, all, output);
}

/** @param all the total with its unit. */
function bar(total: number, all: string, stream: Output): Progress {
  const format = `{bar} {percentage} % · {value} of ${all} · {duration_formatted}`;
  const progress = new cliProgress.SingleBar({ format, stream }, cliProgress.Presets.shades_classic);
  progress.start(total, 0);
  return {
    update: (done) => {
      progress.update(done);
    },
    print: (line) => {
      stream.write(CLEAR_LINE);
      printLine(line);
    },
    stop: () => {
      progress.stop();
    },
  };
}

function plainLines(total: number, all: string, output: NodeJS.WritableStream): Progress {
  const step = Math.max(1, Math.ceil(total / PLAIN_LINES));
  let next = step;
  return {
    update: (done) => {
      if (done < next) return;
      output.write(`${done} of ${all}\n`);
      next = done - (done % step) + step;
    },
    print: printLine,
    stop: () => undefined,
  };
}

function printLine(line: string): void {
  console.log(line);
}
