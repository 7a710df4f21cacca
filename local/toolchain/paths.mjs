import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this repository. */
export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Holds files that are made on this machine and may be deleted at any time. */
export const toolchainFolder = path.join(repository, '.toolchain');

/** Where Node keeps compiled modules: half of the time in which a command starts is spent on compiling its modules. */
export const compileCacheFolder = path.join(toolchainFolder, 'compile-cache');
