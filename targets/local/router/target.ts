/** One target: its connections, and what its health checks say. */
import { Agent } from "node:http";
import type { ProbeBehaviour } from "../../../platform/model/behaviour.ts";
import { checkHttp } from "../http-check.ts";
import type { Time } from "../time.ts";
import type { TargetHealth, TargetSpec, TargetState } from "./types.ts";

/** An ALB's least `HealthyThresholdCount`; a target's first good check counts alone. */
const GOOD_CHECKS = 2;
/** Below this, checks would cost more than the traffic. */
const LEAST_INTERVAL_MILLISECONDS = 100;
/** A process answers no faster because time is scaled. */
const LEAST_TIMEOUT_MILLISECONDS = 1000;

export interface Target {
  readonly spec: TargetSpec;
  /** Keeps its idle connections for the next request. */
  readonly agent: Agent;
  readonly state: TargetState;
  describe(): TargetHealth;
  /** Counts something that goes on there; `cut` ends it by force. Returns the function that says it is over. */
  begin(cut: () => void): () => void;
  /** Resolves when nothing goes on any more, or after `milliseconds`, when the rest is cut. */
  drain(milliseconds: number): Promise<void>;
  /** Ends checks and connections at once. */
  drop(): void;
}

export function createTarget(spec: TargetSpec, check: ProbeBehaviour, time: Time): Target {
  const agent = new Agent({ keepAlive: true, scheduling: "lifo" });
  const going = new Set<() => void>();
  let state: TargetState = "initial";
  let reason = "not checked yet";
  let good = 0;
  let bad = 0;
  let timer: NodeJS.Timeout | undefined;
  let onIdle: (() => void) | null = null;

  const judge = (ok: boolean): void => {
    good = ok ? good + 1 : 0;
    bad = ok ? 0 : bad + 1;
    if (state === "initial" && ok) state = "healthy";
    else if (state === "unhealthy" && good >= GOOD_CHECKS) state = "healthy";
    else if (state !== "draining" && bad >= check.failures) state = "unhealthy";
  };
  const look = async (): Promise<void> => {
    const started = performance.now();
    const timeout = time.milliseconds(check.timeout, LEAST_TIMEOUT_MILLISECONDS);
    const { status, detail } = await checkHttp({ ...spec, path: check.path, timeout });
    if (state === "draining") return;
    reason = detail;
    judge(status === 200);
    const pause = time.milliseconds(check.interval, LEAST_INTERVAL_MILLISECONDS) - (performance.now() - started);
    timer = setTimeout(() => void look(), Math.max(0, pause));
  };
  void look();

  const drop = (): void => {
    state = "draining";
    clearTimeout(timer);
    for (const cut of [...going]) cut();
    agent.destroy();
  };
  return {
    spec,
    agent,
    get state() {
      return state;
    },
    describe: () => ({ ...spec, state, reason, active: going.size }),
    begin: (cut) => {
      going.add(cut);
      return () => {
        if (going.delete(cut) && going.size === 0) onIdle?.();
      };
    },
    drain: async (milliseconds) => {
      state = "draining";
      reason = "deregistration in progress";
      clearTimeout(timer);
      if (going.size > 0) {
        await new Promise<void>((resolve) => {
          const over = setTimeout(resolve, milliseconds);
          onIdle = () => {
            clearTimeout(over);
            resolve();
          };
        });
      }
      drop();
    },
    drop,
  };
}
