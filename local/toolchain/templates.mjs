import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sourceHash } from '../../template-compiler/source-hash.mjs';
import { environmentWith, executeQuietly } from './execute.mjs';
import { nodeInUse } from './node24.mjs';
import { repository } from './paths.mjs';

const compiled = path.join(repository, 'functions/generated/templates.json');

/** The compiled email templates, which are in git. They are compiled here only after a change of their sources. */
export const templates = {
  isReady: () =>
    existsSync(compiled) && JSON.parse(readFileSync(compiled, 'utf8')).sourceHash === sourceHash(),

  async prepare() {
    console.error('Compiling the email templates, because their sources have changed …');
    const { code, output } = await executeQuietly(nodeInUse(), ['template-compiler/compile.ts'], {
      cwd: repository,
      env: environmentWith(nodeInUse()),
    });
    if (code !== 0) throw new Error(`${output}\nThe templates could not be compiled: see above.`);
  },
};
