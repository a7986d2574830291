// What was asked of the server, and how far that is.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { online, Problem, read } from "./api";

export interface Asked<T> { data: T | null; problem: Problem | null; loading: boolean; again: () => void }

const kAgainMs = 5000;

// Asks anew when the input changes; keeps showing the last answer until the next is there.
export function useRead<T>(operation: string | null, input: Record<string, string | number | boolean | undefined> = {}): Asked<T> {
  const [state, setState] = useState<{ data: T | null; problem: Problem | null; loading: boolean }>({ data: null, problem: null, loading: operation !== null });
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify([operation, input]);
  const before = useRef(operation);
  useEffect(() => {
    if (operation === null) return;
    const abort = new AbortController();
    let timer = 0;
    setState((old) => ({ data: before.current === operation ? old.data : null, problem: null, loading: true }));
    before.current = operation;
    read<T>(operation, input, abort.signal).then(
      (data) => setState({ data, problem: null, loading: false }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem(0, "internal", String(error), "");
        setState((old) => ({ ...old, problem, loading: false }));
        if (!online.get()) timer = window.setTimeout(() => setTurn((n) => n + 1), kAgainMs);
      });
    return () => { abort.abort(); clearTimeout(timer); };
  }, [key, turn]);
  return { ...state, again: useCallback(() => setTurn((n) => n + 1), []) };
}
