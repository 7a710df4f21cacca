import protobuf, { type AnyNestedObject, type INamespace, type ReflectionObject } from 'protobufjs';

/**
 * Definitions of protobuf without what no call of these services exchanges.
 * @param services by their full names, such as `google.firestore.v1.Firestore`.
 * @param definitions as protobufjs writes them in JSON.
 * @throws Error when there is no such service.
 */
export function onlyNeededBy(services: readonly string[], definitions: INamespace): INamespace {
  const root = protobuf.Root.fromJSON(definitions);
  root.resolveAll();
  const needed = new Set<string>();
  const need = (object: ReflectionObject | null): void => {
    if (object === null || needed.has(object.fullName)) return;
    needed.add(object.fullName);
    if (object instanceof protobuf.Type) for (const field of object.fieldsArray) need(field.resolvedType);
  };
  for (const service of services.map((name) => root.lookupService(name))) {
    need(service);
    for (const method of service.methodsArray) {
      need(method.resolvedRequestType);
      need(method.resolvedResponseType);
    }
  }
  return { nested: pruned(definitions, '', needed) };
}

type Nested = Record<string, AnyNestedObject>;

/** What is needed below a namespace, and what that is nested in. */
function pruned({ nested = {} }: INamespace, parent: string, needed: ReadonlySet<string>): Nested {
  const kept: Nested = {};
  for (const [name, object] of Object.entries(nested)) {
    const fullName = `${parent}.${name}`;
    const below = 'nested' in object ? pruned(object, fullName, needed) : {};
    const { nested: _, ...itself } = object as INamespace;
    if (needed.has(fullName))
      kept[name] = { ...itself, ...(Object.keys(below).length > 0 && { nested: below }) };
    else if (Object.keys(below).length > 0) kept[name] = { nested: below };
  }
  return kept;
}
