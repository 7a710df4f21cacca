import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** The oldest Java that firebase-tools 15 accepts. */
const OLDEST_JAVA = 21;

export interface Jdk {
  /** The folder that JAVA_HOME would name. */
  readonly home: string;
  /** The feature release: 21, 25. */
  readonly version: number;
}

/** Where the packages of each system install JDKs. */
const usualHomes: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/usr/lib/jvm/*', '/usr/java/*', '/opt/java/*', `${homedir()}/.sdkman/candidates/java/*`],
  darwin: [
    '/Library/Java/JavaVirtualMachines/*/Contents/Home',
    `${homedir()}/Library/Java/JavaVirtualMachines/*/Contents/Home`,
    '/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home',
    '/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home',
    `${homedir()}/.sdkman/candidates/java/*`,
  ],
  win32: [
    'C:/Program Files/Eclipse Adoptium/*',
    'C:/Program Files/Java/*',
    'C:/Program Files/Microsoft/*',
    'C:/Program Files/Zulu/*',
  ],
};

const installCommands: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'sudo apt-get install openjdk-21-jdk-headless   (or a newer one from https://adoptium.net)',
  darwin: 'brew install openjdk',
  win32: 'winget install EclipseAdoptium.Temurin.25.JDK',
};

/**
 * The newest JDK of this machine.
 * @param homesOfSystem glob patterns of the folders where this system installs JDKs.
 * @throws Error that says how to install one, when there is none or it is too old for the emulators.
 */
export function findJdk(
  env: NodeJS.ProcessEnv = process.env,
  homesOfSystem: readonly string[] = usualHomes[process.platform] ?? [],
): Jdk {
  const homes = [
    env.JAVA_HOME,
    homeOnPath(env.PATH),
    ...homesOfSystem.flatMap((pattern) => globSync(pattern)),
  ];
  const found = homes.flatMap((home) => readJdk(home) ?? []).toSorted((a, b) => b.version - a.version);
  const newest = found[0];
  if (newest !== undefined && newest.version >= OLDEST_JAVA) return newest;
  const seen =
    newest === undefined ? 'none was found' : `the newest here is ${newest.version} (${newest.home})`;
  throw new Error(
    `The emulators need a JDK ${OLDEST_JAVA} or newer; ${seen}. Install one:\n` +
      `  ${installCommands[process.platform] ?? 'https://adoptium.net'}\n` +
      'or set JAVA_HOME to an installed one.',
  );
}

/** The home of `java` on the PATH, with links resolved. */
function homeOnPath(searchPath = ''): string | undefined {
  const executable = searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, nameOf('java')))
    .find((file) => existsSync(file));
  return executable && path.resolve(realpathSync(executable), '../..');
}

/** The JDK in a folder. A runtime without the `jar` tool does not count. Since Java 9, the file `release` has the version. */
function readJdk(home: string | undefined): Jdk | undefined {
  if (home === undefined) return undefined;
  const complete = ['release', `bin/${nameOf('java')}`, `bin/${nameOf('jar')}`].every((file) =>
    existsSync(path.join(home, file)),
  );
  if (!complete) return undefined;
  const version = /^JAVA_VERSION="(\d+)/mu.exec(readFileSync(path.join(home, 'release'), 'utf8'))?.[1];
  return version === undefined ? undefined : { home, version: Number(version) };
}

/** The path of one of the JDK's tools. */
export function jdkTool(jdk: Jdk, name: 'java' | 'jar'): string {
  return path.join(jdk.home, 'bin', nameOf(name));
}

function nameOf(tool: string): string {
  return process.platform === 'win32' ? `${tool}.exe` : tool;
}
