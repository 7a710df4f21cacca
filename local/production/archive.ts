import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deployedFiles } from '../../infra/archive/deployed-files.ts';
import { repository } from '../toolchain/environment.ts';

/** The deployed files, in a folder that functions can be served from. */
export interface Archive {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Builds the deployed files. Links to the dependencies of the repository, where the cloud would install them. The versions
 * are the same, because both come from one lockfile.
 */
export async function buildArchive(): Promise<Archive> {
  const files = await deployedFiles();
  const folder = await mkdtemp(path.join(tmpdir(), 'farmacy-archive-'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
