import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A browser for Playwright, and the environment that it needs. */
export interface Chromium {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** For a headless browser, possibly in a container. */
export const headlessArguments: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
];

/**
 * A Chromium for the browser tests: the one that CHROMIUM_PATH names, an installed one, or the one from npm (Linux on
 * x64), which is unpacked once into `.toolchain/`.
 * @throws Error that says how to get one, when there is none.
 */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<Chromium> {
  const named = env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return { executablePath: named, env: {} };
    throw new Error(`CHROMIUM_PATH is ${named}, which is not a program. Correct it or unset it.`);
  }
  const installed = candidates(env).find(isExecutable);
  if (installed !== undefined) return { executablePath: installed, env: {} };
  if (process.platform === 'linux' && process.arch === 'x64') return packagedChromium();
  throw new Error('No Chromium found. Install Chrome or Chromium, or name one in CHROMIUM_PATH.');
}

/** The usual places of browsers based on Chromium on Linux, macOS and Windows. */
function candidates(env: NodeJS.ProcessEnv): readonly string[] {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const onPath = folders.flatMap((folder) => names.map((name) => path.join(folder, name)));
  const applications = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  );
  const programs = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      path.join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]);
  return [...onPath, ...applications, ...programs];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function packagedChromium(): Promise<Chromium> {
  const packageFile = new URL('../package.json', import.meta.resolve('@sparticuz/chromium'));
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
  const folder = fileURLToPath(new URL(`../../.toolchain/chromium-${version}`, import.meta.url));
  if (!existsSync(folder)) await unpack(folder);

  const executablePath = path.join(folder, 'chromium');
  const withFonts = { FONTCONFIG_FILE: path.join(folder, 'fonts', 'fonts.conf') };
  const withLibraries = { ...withFonts, LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib') };
  for (const env of [withFonts, withLibraries]) {
    if (await starts(executablePath, env)) return { executablePath, env };
  }
  throw new Error('The Chromium from npm does not start here. Name another one in CHROMIUM_PATH.');
}

/** The fonts of the machine, and those of the package for a machine without fonts. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">.</dir>
</fontconfig>
`;

/**
 * The package unpacks into the temporary folder of its process, and treats an existing file as complete. Therefore it gets
 * a folder of its own, which is renamed when it is finished, so that parallel runs do not disturb each other. The name of
 * Amazon's runtime makes it unpack the libraries too, for machines that lack them.
 */
async function unpack(folder: string): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  const script = `import chromium from ${JSON.stringify(import.meta.resolve('@sparticuz/chromium'))};
    await chromium.executablePath();`;
  await run(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
  });
  await writeFile(path.join(draft, 'fonts', 'fonts.conf'), FONTS);
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}

async function starts(executablePath: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  try {
    await run(executablePath, ['--headless', '--no-sandbox', '--disable-gpu', '--version'], {
      env: { ...process.env, ...env },
      timeout: 20_000,
    });
    return true;
  } catch {
    return false;
  }
}
