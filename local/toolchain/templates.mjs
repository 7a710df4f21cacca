import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { environmentWith, executeQuietly } from './execute.mjs';
import { nodeInUse } from './node24.mjs';
import { repository, toolchainFolder } from './paths.mjs';

const compiled = path.join(repository, 'functions/generated/templates.json');
const fingerprintFile = path.join(toolchainFolder, 'templates.sha256');

/** Changes whenever a file below templates/ does. */
function fingerprint() {
  const hash = createHash('sha256');
  const folder = path.join(repository, 'templates');
  for (const name of readdirSync(folder, { recursive: true }).sort()) {
    const file = path.join(folder, name);
    if (statSync(file).isFile()) hash.update(`${name}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** The emails as the functions read them: MJML is turned to HTML here, long before anything is sent. */
export const templates = {
  isReady: () =>
    existsSync(compiled) &&
    existsSync(fingerprintFile) &&
    readFileSync(fingerprintFile, 'utf8') === fingerprint(),

  async prepare() {
    console.error('Compiling the email templates …');
    const before = fingerprint();
    const { code, output } = await executeQuietly(nodeInUse(), ['templates/compile.ts'], {
      cwd: repository,
      env: environmentWith(nodeInUse()),
    });
    if (code !== 0) throw new Error(`${output}\nThe templates could not be compiled: see above.`);
    mkdirSync(toolchainFolder, { recursive: true });
    writeFileSync(fingerprintFile, before);
  },
};
