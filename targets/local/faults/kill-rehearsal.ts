/** The one who looks after everything dies without a word: nothing may be left behind. */
import type { Strike } from "./fault.ts";

export const killRehearsal: Strike = {
  share: 50,
  run: ({ report }) => {
    report("the rehearsal is killed");
    process.kill(process.pid, "SIGKILL");
    return Promise.resolve();
  },
};
