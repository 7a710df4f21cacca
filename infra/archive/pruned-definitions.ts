import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import protobuf, { type AnyNestedObject, type INamespace, type ReflectionObject } from 'protobufjs';

/**
 * The files with protobuf definitions that every Firestore client loads, and the services that stay in each: all but the
 * administration of Firestore, which no function uses. Each client also creates clients of the services of google-gax.
 */
const definitionFiles: readonly { readonly file: RegExp; readonly services: readonly string[] }[] = [
  { file: /\/firestore-api\/build\/protos\/protos\.json$/, services: ['google.firestore.v1.Firestore'] },
  { file: /\/google-gax\/build\/protos\/locations\.json$/, services: ['google.cloud.location.Locations'] },
  { file: /\/google-gax\/build\/protos\/iam_service\.json$/, services: ['google.iam.v1.IAMPolicy'] },
  { file: /\/google-gax\/build\/protos\/operations\.json$/, services: ['google.longrunning.Operations'] },
];

/**
 * An esbuild plugin that prunes the protobuf definitions of Google's clients. A client turns all its definitions into types
 * before its first call, and most of them are options that no call exchanges. docs/adr/0014-cold-start.md has the figures.
 * @throws BuildFailure when the packages no longer have one of the files or services.
 */
export function pruneDefinitions(): Plugin {
  return {
    name: 'prune-definitions',
    setup(build) {
      const missing = new Set(definitionFiles.map(({ file }) => file));
      for (const { file, services } of definitionFiles) {
        build.onLoad({ filter: file }, async (module) => {
          missing.delete(file);
          const definitions = JSON.parse(await readFile(module.path, 'utf8')) as INamespace;
          return { contents: JSON.stringify(neededBy(services, definitions)), loader: 'json' };
        });
      }
      build.onEnd(() => ({
        errors: [...missing].map((file) => ({
          text: `No imported package has a file ${file.source}. Correct the list in infra/archive/pruned-definitions.ts.`,
        })),
      }));
    },
  };
}

/**
 * The part of protobuf definitions that the calls of some services exchange.
 * @param services full names, such as `google.firestore.v1.Firestore`.
 * @param definitions in the JSON format of protobufjs.
 * @throws Error when a service is not defined.
 */
export function neededBy(services: readonly string[], definitions: INamespace): INamespace {
  const root = protobuf.Root.fromJSON(definitions).resolveAll();
  const needed = new Set<string>();
  const add = (object: ReflectionObject | null): void => {
    if (object === null || needed.has(object.fullName)) return;
    needed.add(object.fullName);
    if (object instanceof protobuf.Type) for (const field of object.fieldsArray) add(field.resolvedType);
  };
  for (const name of services) {
    const service = root.lookupService(name);
    add(service);
    for (const method of service.methodsArray) {
      add(method.resolvedRequestType);
      add(method.resolvedResponseType);
    }
  }
  return { nested: prune(definitions, '', needed) };
}

type Nested = Record<string, AnyNestedObject>;

/** Keeps what is needed below a namespace, and the namespaces around it. */
function prune({ nested = {} }: INamespace, parent: string, needed: ReadonlySet<string>): Nested {
  const kept: Nested = {};
  for (const [name, object] of Object.entries(nested)) {
    const fullName = `${parent}.${name}`;
    const { nested: _, ...own } = object as INamespace;
    const inner = 'nested' in object ? prune(object, fullName, needed) : {};
    const hasInner = Object.keys(inner).length > 0;
    if (needed.has(fullName)) kept[name] = { ...own, ...(hasInner && { nested: inner }) };
    else if (hasInner) kept[name] = { nested: inner };
  }
  return kept;
}
