import { expect } from 'chai';
import fc from 'fast-check';
import { availableParallelism } from 'node:os';
import manifest from '../../package.json' with { type: 'json' };
import { nearest } from '../../operations/terminal/near-miss.ts';
import { runCommand, type CommandResult } from '../support/commands.ts';

/** The npm scripts and the files that they run. prettier, which `npm run format` runs, has a help of its own. */
const commands = Object.entries(manifest.scripts).flatMap(([script, command]) => {
  const [, , file = ''] = command.split(' ');
  return file.endsWith('.ts') ? [{ script, file }] : [];
});

/** Runs every command with the same arguments, as many at a time as there are processors. */
async function runAll(...args: string[]): Promise<(CommandResult & { script: string })[]> {
  const waiting = commands.values();
  const worker = async () => {
    const results = [];
    for (const { script, file } of waiting) results.push({ script, ...(await runCommand(file, args, {})) });
    return results;
  };
  return (await Promise.all(Array.from({ length: availableParallelism() }, worker))).flat();
}

describe('every npm command', function () {
  this.timeout(180_000);

  it('prints its help, and does nothing else, for --help', async () => {
    for (const { script, exitCode, stdout, stderr } of await runAll('--help')) {
      const name = ['start', 'test'].includes(script) ? `npm ${script}` : `npm run ${script}`;
      expect({ exitCode, stderr }, script).to.deep.equal({ exitCode: 0, stderr: '' });
      expect(stdout.startsWith(name), `${script} says how to call it: ${stdout}`).to.equal(true);
      expect(stdout.split('\n\n').length, `${script} explains itself`).to.be.at.least(2);
    }
  });

  it('says in one sentence that an option is mistyped', async () => {
    for (const { script, exitCode, stdout, stderr } of await runAll('--hepl')) {
      expect({ exitCode, stdout, stderr }, script).to.deep.equal({
        exitCode: 1,
        stdout: '',
        stderr: 'There is no option --hepl: did you mean --help?\n',
      });
    }
  });
});

describe('a command', function () {
  this.timeout(60_000);
  const faultOf = async (...args: string[]) => {
    const { exitCode, stderr } = await runCommand('operations/pause.ts', args, {});
    expect(exitCode).to.equal(1);
    return stderr;
  };

  it('names what is wrong with its options', async () => {
    expect(await faultOf('on', '--wy', 'complaints')).to.equal(
      'There is no option --wy: did you mean --why?\n',
    );
    expect(await faultOf('on', '--soon')).to.equal('There is no option --soon: --help lists the options.\n');
    expect(await faultOf('on', '--why')).to.equal('--why needs a value.\n');
    expect(await faultOf('on', '--why', '--project=x')).to.equal('--why needs a value.\n');
  });

  it('says that it cannot write a file', async () => {
    const { exitCode, stderr } = await runCommand('local/demo.ts', ['--embedded', '--log', 'none/log'], {});
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 1, stderr: 'There is no folder for none/log.\n' });
  });

  it('shows how to call it below an error, and not all of its help', async () => {
    expect(await faultOf('of')).to.equal(
      'Say what to do: on, off or status. Did you mean off?\n\n' +
        'npm run pause -- on|off|status [--why TEXT] [--project PROJECT]\n(--help explains this.)\n',
    );
  });

  it('prints an error in red where colors are wanted, and only there', async () => {
    const errorWith = async (env: Record<string, string>) =>
      (await runCommand('operations/pause.ts', ['--soon'], env)).stderr;
    expect(await errorWith({ FORCE_COLOR: '1' })).to.include('\u001b[31mThere is no option');
    expect(await errorWith({})).to.match(/^There is no option/u);
    expect(await errorWith({ NO_COLOR: '1' })).to.match(/^There is no option/u);
  });
});

describe('the near miss of a word', () => {
  const names = ['--project', '--topic', '--json', '--why', '--help'];

  it('is found after one typing mistake or a shortening', () => {
    const words = fc.constantFrom(...names.filter((name) => name.length > 6)).chain((name) =>
      fc.nat(name.length - 3).chain((at) => {
        const [start, end] = [name.slice(0, at + 2), name.slice(at + 2)];
        const mistyped = [`${start}x${end}`, `${start}${end.slice(1)}`, `${start}x${end.slice(1)}`];
        return fc.record({ name: fc.constant(name), word: fc.constantFrom(...mistyped, name.slice(0, 4)) });
      }),
    );
    fc.assert(
      fc.property(words, ({ name, word }) => {
        expect(nearest(word, names)).to.equal(name);
      }),
    );
  });

  it('is not found when the word is another one', () => {
    for (const word of ['--verbose', '--x', '--no-samples', '-p', '']) {
      expect(nearest(word, names), word).to.equal(undefined);
    }
  });
});
