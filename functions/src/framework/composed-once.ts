/**
 * Composes what a function needs with its first event and keeps it for the life of the instance. A composition that fails,
 * because the configuration has faults, is tried again with the next event.
 */
export function composedOnce<T>(compose: () => T): () => T {
  let composed: { readonly value: T } | undefined;
  return () => {
    composed ??= { value: compose() };
    return composed.value;
  };
}
