/** Every request that was sent has ended in one way: an answer, or an error that the client knows. Pure. */
import type { Ledger } from "../load/load.ts";
import type { Account } from "../stage.ts";

/** @param what what a "one" of it is on this stage, for people */
export function accountRequests({ sent, ok, unfit, failed }: Ledger["requests"], what: string): Account {
  const unanswered = sent - ok - unfit - failed;
  return {
    ...{ subject: "requests", what, acknowledged: sent, examples: [] },
    lost: Math.max(0, unanswered),
    doubled: Math.max(0, -unanswered),
  };
}
