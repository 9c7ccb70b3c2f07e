/**
 * Keeps one workload as it should be: so many replicas of this version, each replaced when it dies, a new version rolled
 * in by the form's own numbers. One rule for all of it, applied at every tick, as a controller does:
 * start what is missing while there is room, stop what is old while enough are ready.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import { messageOf } from "../errors.ts";
import type { Time } from "../time.ts";
import { createBackoff } from "./backoff.ts";
import { SideError } from "./errors.ts";
import { createFleet, type FleetState } from "./fleet.ts";
import type { Replica } from "./replica.ts";
import { decide } from "./steps.ts";
import type { Traffic } from "./traffic.ts";

export interface WorkloadOptions {
  readonly behaviour: Behaviour;
  readonly time: Time;
  readonly traffic: Traffic;
  readonly start: (behaviour: Behaviour) => Promise<Replica>;
  readonly report: (line: string) => void;
  /** After that long without being steady a deployment has failed, in real milliseconds. */
  readonly patience: number;
}

export interface WorkloadState extends FleetState {
  readonly image: string;
  readonly desired: number;
  /** Replicas that ended by themselves, or were not alive any more, so far. */
  readonly restarts: number;
}

export interface WorkloadController {
  /**
   * Resolves when `count` replicas are ready and nothing else runs.
   * @throws SideError when that never comes: {@link FAILED_STARTS} starts failed in a row, or the time is over
   */
  scale(count: number): Promise<void>;
  /** Replaces the version. @throws SideError when the new one fails; by then the old one is back, where the form says so */
  rollout(next: Behaviour): Promise<void>;
  /** SIGKILL to the replica at that place of `describe().replicas`. @throws SideError when there is none */
  kill(index: number): Promise<void>;
  describe(): WorkloadState;
  /** Stops every replica gracefully and ends whatever waits. */
  stop(): Promise<void>;
}

const TICK_MILLISECONDS = 25;
/** ECS's circuit breaker: half of what is desired, and at least so many. @source ECS guide, "failure threshold" */
const FAILED_STARTS = 3;

export function createWorkload(options: WorkloadOptions): WorkloadController {
  const { time, traffic, start, report, patience } = options;
  const { name } = options.behaviour;
  const backoff = createBackoff(time);
  let current = options.behaviour;
  let desired = 0;
  let restarts = 0;
  /** Of the deployment under way: null while there is none, and then a workload is restarted for ever. */
  let deployment: { failedStarts: number; failure: string; halted: boolean } | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const failedStart = (why: string, final = false): void => {
    backoff.failed();
    if (!deployment) return;
    deployment.failedStarts += 1;
    deployment.failure = why;
    deployment.halted ||= final || deployment.failedStarts >= FAILED_STARTS;
  };
  const fleet = createFleet({
    time,
    traffic,
    start,
    onLost: ({ id, why, wasReady, behaviour }) => {
      report(`${name}: ${id} is lost: ${why}`);
      restarts += 1;
      if (wasReady || behaviour !== current) backoff.failed();
      else failedStart(why);
    },
    // a wrong form doesn't get right by trying again
    onNotStarted: (error) => {
      if (error instanceof SideError) failedStart(error.problem, true);
      else failedStart(messageOf(error));
    },
  });
  const tick = (): void => {
    fleet.look();
    const { stop, start: missing } = decide(fleet.slots(), { behaviour: current, desired, starting: fleet.starting });
    for (const slot of stop) void slot.stop();
    if (missing && !deployment?.halted && !stopped && backoff.over()) void fleet.add(current);
  };
  const steady = async (): Promise<void> => {
    const deadline = performance.now() + patience;
    while (!fleet.isSteady(current, desired)) {
      if (stopped) throw new SideError(name, "it was stopped before it became steady");
      if (deployment?.halted) throw new SideError(name, whyHalted(deployment));
      if (performance.now() > deadline) {
        const why = fleet.whyNotReady() ?? (deployment?.failure || `${fleet.describe().running} replicas run`);
        throw new SideError(name, `it is not steady within ${patience / 1000} s: ${why}`);
      }
      await sleep(TICK_MILLISECONDS);
    }
    deployment = null;
  };
  const become = async (next: Behaviour, count: number): Promise<void> => {
    if (stopped) throw new SideError(name, "it is stopped");
    current = next;
    desired = count;
    deployment = { failedStarts: 0, failure: "", halted: false };
    backoff.reset();
    timer ??= setInterval(tick, TICK_MILLISECONDS);
    tick();
    await steady();
  };

  return {
    scale: (count) => become(current, count),
    rollout: async (next) => {
      const before = current;
      try {
        await become(next, desired);
      } catch (error) {
        if (!next.rollsBack || stopped) throw error;
        report(`${name}: the rollout failed, going back`);
        await become(before, desired);
        throw new SideError(name, `the rollout failed and was rolled back: ${problemOf(error)}`, { cause: error });
      }
    },
    kill: async (index) => {
      const slot = fleet.slots().filter(({ stopping }) => !stopping)[index];
      if (!slot) throw new SideError(name, `it has no replica ${index}`);
      await slot.kill();
    },
    describe: () => ({ image: current.image, desired, restarts, ...fleet.describe() }),
    stop: async () => {
      stopped = true;
      desired = 0;
      clearInterval(timer);
      await fleet.stop();
    },
  };
}

function whyHalted({ failedStarts, failure }: { readonly failedStarts: number; readonly failure: string }): string {
  return failedStarts > 1 ? `${failedStarts} starts failed in a row: ${failure}` : failure;
}

function problemOf(error: unknown): string {
  return error instanceof SideError ? error.problem : messageOf(error);
}
