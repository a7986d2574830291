// Something that is being done because a person asked: busy, done with an answer, or a problem.
import { useState } from "preact/hooks";
import { Problem } from "../api";

export interface Doing<T> { busy: boolean; answer: T | null; problem: Problem | null; run: (what: () => Promise<T>) => Promise<T | null>; forget: () => void }

export function useDoing<T>(): Doing<T> {
  const [state, setState] = useState<{ busy: boolean; answer: T | null; problem: Problem | null }>({ busy: false, answer: null, problem: null });
  return {
    ...state,
    forget: () => setState({ busy: false, answer: null, problem: null }),
    run: async (what) => {
      setState((old) => ({ ...old, busy: true, problem: null }));
      try {
        const answer = await what();
        setState({ busy: false, answer, problem: null });
        return answer;
      } catch (error) {
        setState({ busy: false, answer: null, problem: error instanceof Problem ? error : new Problem(0, "internal", String(error), "") });
        return null;
      }
    },
  };
}
