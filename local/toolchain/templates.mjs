import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { environmentWith, executeQuietly } from './execute.mjs';
import { nodeInUse } from './node24.mjs';
import { repository, toolchainFolder } from './paths.mjs';

const compiled = path.join(repository, 'functions/generated/templates.json');
const fingerprintFile = path.join(toolchainFolder, 'templates.sha256');

/** The contents, and the code that compiles them. */
const sourceFolders = ['templates', 'template-compiler', 'functions/src/adapters/liquid'];

/** Changes whenever a file in one of the source folders changes. */
function fingerprint() {
  const hash = createHash('sha256');
  const names = sourceFolders.flatMap((folder) =>
    readdirSync(path.join(repository, folder), { recursive: true }).map((name) => path.join(folder, name)),
  );
  for (const name of names.sort()) {
    const file = path.join(repository, name);
    if (statSync(file).isFile()) hash.update(`${name}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Compiles the email templates to the form that the functions load. */
export const templates = {
  isReady: () =>
    existsSync(compiled) &&
    existsSync(fingerprintFile) &&
    readFileSync(fingerprintFile, 'utf8') === fingerprint(),

  async prepare() {
    console.error('Compiling the email templates …');
    const before = fingerprint();
    const { code, output } = await executeQuietly(nodeInUse(), ['template-compiler/compile.ts'], {
      cwd: repository,
      env: environmentWith(nodeInUse()),
    });
    if (code !== 0) throw new Error(`${output}\nThe templates could not be compiled: see above.`);
    mkdirSync(toolchainFolder, { recursive: true });
    writeFileSync(fingerprintFile, before);
  },
};
