// A value that components watch.
import { useEffect, useState } from "preact/hooks";

export interface Signal<T> { get(): T; set(value: T): void; watch(then: (value: T) => void): () => void }

export function signal<T>(first: T): Signal<T> {
  let value = first;
  const watchers = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) { if (next !== value) { value = next; for (const each of [...watchers]) each(next); } },
    watch(then) { watchers.add(then); return () => { watchers.delete(then); }; },
  };
}

export function useSignal<T>(of: Signal<T>): T {
  const [value, setValue] = useState(of.get());
  useEffect(() => { setValue(() => of.get()); return of.watch((next) => setValue(() => next)); }, [of]);
  return value;
}
