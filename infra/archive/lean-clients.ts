import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Loader, OnLoadArgs, OnLoadResult, Plugin } from 'esbuild';
import type { INamespace } from 'protobufjs';
import { onlyNeededBy } from './service-definitions.ts';

/** What stands in the archive in place of a module of a package. */
interface Replacement {
  /** The end of the module's path. */
  readonly module: RegExp;
  readonly contents: (original: string) => string;
}

const nothing = () => '';

/**
 * Google's clients load whatever any of their users may need before the first call. In place of what the functions
 * never call stands nothing; of the definitions of messages stand those that the services in use exchange.
 * docs/adr/0014-cold-start.md has the figures.
 */
const replacements: readonly Replacement[] = [
  // Generated classes for callers who build messages by themselves.
  {
    module: /\/(?:firestore-api|pubsub|pubsub-api|google-gax)\/build\/protos\/[a-z_]+\.js$/,
    contents: nothing,
  },
  // The same, for bundles and pipelines of Firestore.
  {
    module: /\/firestore\/build\/protos\/firestore_v1_proto_api\.js$/,
    contents: () => 'exports.google = { firestore: { v1: {} } };',
  },
  { module: /\/firestore-api\/build\/src\/v1\/firestore_admin_client\.js$/, contents: nothing },
  definitions(/\/firestore-api\/build\/protos\/protos\.json$/, ['google.firestore.v1.Firestore']),
  definitions(/\/pubsub-api\/build\/protos\/protos\.json$/, ['google.pubsub.v1.Publisher']),
  // Every client has a part of its own for each of these. A client that is closed closes it, too.
  definitions(/\/google-gax\/build\/protos\/locations\.json$/, ['google.cloud.location.Locations']),
  definitions(/\/google-gax\/build\/protos\/iam_service\.json$/, ['google.iam.v1.IAMPolicy']),
  definitions(/\/google-gax\/build\/protos\/operations\.json$/, ['google.longrunning.Operations']),
  // The definitions once more, as a server describes itself to those who ask.
  {
    module: /\/protobufjs\/ext\/descriptor\/index\.js$/,
    contents: () => `
      const { Enum, Root, Type } = require('../..');
      Root.prototype.toDescriptor = () => ({ file: [] });
      Type.prototype.toDescriptor = Enum.prototype.toDescriptor = () => ({ $type: { toObject: () => ({}) } });`,
  },
];

/**
 * Has esbuild replace these modules.
 * @throws BuildFailure when a package no longer has what is replaced: look again at what its new version loads.
 */
export function leanClients(): Plugin {
  return {
    name: 'lean-clients',
    setup(build) {
      const met = new Set<Replacement>();
      for (const replacement of replacements) {
        build.onLoad({ filter: replacement.module }, async (module) => {
          met.add(replacement);
          return replaced(module, replacement);
        });
      }
      build.onEnd(() => ({
        errors: replacements
          .filter((replacement) => !met.has(replacement))
          .map(({ module }) => ({ text: `No package has a module ${module.source} to replace any more.` })),
      }));
    },
  };
}

async function replaced({ path: file }: OnLoadArgs, { contents }: Replacement): Promise<OnLoadResult> {
  const loader = path.extname(file).slice(1) as Loader;
  return { contents: contents(await readFile(file, 'utf8')), loader, resolveDir: path.dirname(file) };
}

function definitions(module: RegExp, services: readonly string[]): Replacement {
  return {
    module,
    contents: (original) => JSON.stringify(onlyNeededBy(services, JSON.parse(original) as INamespace)),
  };
}
