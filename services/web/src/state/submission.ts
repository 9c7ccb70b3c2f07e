/** One form's way to the server: at most one at a time, with what came of it. */
import { type Problem, problemOf } from "../http/problem.ts";

export interface Submission {
  readonly busy: boolean;
  readonly problem: Problem | undefined;
  /** What went well, in a sentence. */
  readonly done: string | undefined;
}

const IDLE: Submission = { busy: false, problem: undefined, done: undefined };

export function createSubmission(told: () => void) {
  let state = IDLE;
  const become = (changed: Submission): void => {
    state = changed;
    told();
  };
  return {
    get state(): Submission {
      return state;
    },
    /** @returns whether it went well */
    submit: async (work: () => Promise<string>): Promise<boolean> => {
      if (state.busy) return false;
      become({ busy: true, problem: undefined, done: undefined });
      try {
        become({ busy: false, problem: undefined, done: await work() });
        return true;
      } catch (error) {
        become({ busy: false, problem: problemOf(error), done: undefined });
        return false;
      }
    },
    /** What the page itself found wrong. */
    refuse: (problem: Problem): void => become({ busy: false, problem, done: undefined }),
    reset: (): void => become(IDLE),
  };
}
export type FormSubmission = ReturnType<typeof createSubmission>;
