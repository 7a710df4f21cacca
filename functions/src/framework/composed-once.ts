/**
 * Composes a function with its first event, and keeps the result for the life of the instance. A composition that fails, because
 * the configuration has faults, is tried again with the next event.
 */
export function composedOnce<T>(compose: () => T): () => T {
  let composed: { readonly value: T } | undefined;
  return () => {
    composed ??= { value: compose() };
    return composed.value;
  };
}
