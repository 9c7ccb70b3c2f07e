/** Runs a job to its end, as often as its form allows. */
import type { Behaviour, JobBehaviour } from "../../../platform/model/behaviour.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { describeExit } from "../processes/child.ts";
import type { Time } from "../time.ts";
import { SideError } from "./errors.ts";
import { patience } from "./patience.ts";
import type { Replica } from "./replica.ts";

export interface JobRun {
  /** Resolves when an attempt has ended with 0. @throws SideError when none has, or it was stopped */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** A process boots and works in real time, however fast model seconds pass. */
const LEAST_DEADLINE_MILLISECONDS = 30_000;
/** Node's timers count in 32 bits; a longer wait ends at once. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/** `behaviour` must be a job. */
export function runJob(
  behaviour: Behaviour,
  {
    time,
    start,
    report,
  }: { time: Time; start: (behaviour: Behaviour) => Promise<Replica>; report: (line: string) => void },
): JobRun {
  const { name, job } = behaviour;
  if (!job) throw new SideError(name, "it is no job");
  const stop = new AbortController();
  const done = attempts(behaviour, job);
  done.catch(() => undefined); // told to whoever awaits it, at their time
  return {
    done,
    stop: async () => {
      stop.abort();
      await done.catch(() => undefined);
    },
  };

  async function attempts(form: Behaviour, { attempts: most, deadline }: JobBehaviour): Promise<void> {
    let failure = "";
    const ends =
      deadline === null ? Infinity : performance.now() + patience(time, deadline, LEAST_DEADLINE_MILLISECONDS);
    for (let attempt = 1; attempt <= most; attempt += 1) {
      if (stop.signal.aborted) throw new SideError(name, "it was stopped");
      const outcome = await attemptOnce(await start(form), ends);
      if (outcome === null) {
        report(`${name}: done`);
        return;
      }
      failure = outcome;
      report(`${name}: attempt ${attempt} of ${most} failed: ${failure}`);
      if (performance.now() > ends) break;
    }
    throw new SideError(name, `the job failed: ${failure}`);
  }

  /** null when it ended with 0, else what went wrong. */
  async function attemptOnce(replica: Replica, ends: number): Promise<string | null> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, stop.signal]);
    const late = sleep(Math.min(LONGEST_MILLISECONDS, Math.max(0, ends - performance.now())), null, { signal }).catch(
      () => null,
    );
    const first = await Promise.race([replica.exited, late]);
    over.abort();
    const exit = first ?? (await replica.stop());
    if (first && exit.code === 0) return null;
    const why = first ? describeExit(exit) : stop.signal.aborted ? "it was stopped" : "its deadline is over";
    const last = replica.logs().at(-1);
    return last === undefined ? why : `${why}; its last line: ${last}`;
  }
}
