/** Whether Google's emulators serve as the cloud on this machine, or the embedded cloud (`local/cloud/`). */
import { presentEmulatorBinaries } from './emulator-binaries.ts';
import { findJdk } from './jdk.ts';

/**
 * Why the embedded cloud is used; undefined when Google's emulators are used, which are preferred where they are found.
 * `FARMACY_CLOUD` chooses one: `google` or `embedded`.
 * @param options those of a command line; they come before `FARMACY_CLOUD`.
 * @throws Error when `FARMACY_CLOUD` is anything else.
 */
export function whyEmbedded(
  env: NodeJS.ProcessEnv = process.env,
  options: { readonly embedded?: boolean; readonly firebase?: boolean } = {},
): string | undefined {
  if (options.embedded === true) return '--embedded';
  if (options.firebase === true) return undefined;
  const { FARMACY_CLOUD: choice = '' } = env;
  if (choice === 'google') return undefined;
  if (choice === 'embedded') return 'FARMACY_CLOUD=embedded';
  if (choice !== '') throw new Error(`FARMACY_CLOUD must be google or embedded, not "${choice}".`);
  try {
    findJdk(env);
  } catch {
    return 'no JDK 21 or newer';
  }
  return presentEmulatorBinaries(env) === undefined ? "Google's emulators are not installed" : undefined;
}
