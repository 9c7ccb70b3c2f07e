/** What is asked for over the network: not there yet, there, or refused. What was there stays while it is asked again. */
import { type Problem, problemOf } from "../http/problem.ts";

export interface Loadable<T> {
  readonly value: T | undefined;
  readonly problem: Problem | undefined;
  readonly loading: boolean;
}

export const UNASKED: Loadable<never> = { value: undefined, problem: undefined, loading: false };

/** Asks, and tells each step; an answer that a later question has overtaken is left out. */
export function createLoader<T>(told: () => void) {
  let state: Loadable<T> = UNASKED;
  let turn = 0;
  const become = (changed: Loadable<T>): void => {
    state = changed;
    told();
  };

  return {
    get state(): Loadable<T> {
      return state;
    },
    /** Resolves when it is over, whichever way. */
    load: async (ask: () => Promise<T>, keep = true): Promise<void> => {
      turn += 1;
      const mine = turn;
      become({ value: keep ? state.value : undefined, problem: undefined, loading: true });
      try {
        const value = await ask();
        if (mine === turn) become({ value, problem: undefined, loading: false });
      } catch (error) {
        if (mine === turn) become({ ...state, problem: problemOf(error), loading: false });
      }
    },
    /** Changes what is there; nothing is asked. */
    update: (change: (value: T) => T): void => {
      if (state.value !== undefined) become({ ...state, value: change(state.value) });
    },
    /** Forgets it, and whatever is still on its way. */
    clear: (): void => {
      turn += 1;
      become(UNASKED);
    },
  };
}
export type Loader<T> = ReturnType<typeof createLoader<T>>;
