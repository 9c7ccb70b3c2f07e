/** All replicas of one workload, of whatever version, from their start until their process is gone. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import type { Time } from "../time.ts";
import type { Replica } from "./replica.ts";
import { createSlot, type Slot } from "./slot.ts";
import type { Traffic } from "./traffic.ts";

export interface Loss {
  readonly id: string;
  /** A clause, with its last log line. */
  readonly why: string;
  readonly wasReady: boolean;
  readonly behaviour: Behaviour;
}

export interface FleetOptions {
  readonly time: Time;
  readonly traffic: Traffic;
  readonly start: (behaviour: Behaviour) => Promise<Replica>;
  readonly onLost: (loss: Loss) => void;
  readonly onNotStarted: (error: unknown) => void;
}

export interface FleetState {
  /** Processes that are there, those that are being stopped included. */
  readonly running: number;
  /** Of these, those that get traffic, or would if it had any. */
  readonly ready: number;
  /** Of these, those that leave. */
  readonly stopping: number;
  /** Those that stay, oldest first. */
  readonly replicas: readonly {
    readonly id: string;
    readonly pid: number;
    readonly port: number | null;
    readonly ready: boolean;
  }[];
}

export interface Fleet {
  /** Oldest first. */
  slots(): readonly Slot[];
  /** Replicas whose process is about to be there. */
  readonly starting: number;
  add(behaviour: Behaviour): Promise<void>;
  look(): void;
  isSteady(behaviour: Behaviour, count: number): boolean;
  /** Of the first that isn't ready: what its probes and its last log line say. */
  whyNotReady(): string | null;
  describe(): FleetState;
  stop(): Promise<void>;
}

const TICK_MILLISECONDS = 25;

export function createFleet({ time, traffic, start, onLost, onNotStarted }: FleetOptions): Fleet {
  const slots = new Set<Slot>();
  let starting = 0;
  const withLastLine = (why: string, { replica }: Slot): string => {
    const last = replica.logs().at(-1);
    return last === undefined ? why : `${why}; its last line: ${last}`;
  };
  return {
    slots: () => [...slots],
    get starting() {
      return starting;
    },
    add: async (behaviour) => {
      starting += 1;
      try {
        const replica = await start(behaviour);
        slots.add(
          createSlot({
            behaviour,
            replica,
            traffic,
            time,
            onLost: (slot, why) => {
              onLost({ id: replica.id, why: withLastLine(why, slot), wasReady: slot.wasReady, behaviour });
            },
            onGone: (slot) => slots.delete(slot),
          }),
        );
      } catch (error) {
        onNotStarted(error);
      } finally {
        starting -= 1;
      }
    },
    look: () => {
      for (const slot of slots) slot.look();
    },
    isSteady: (behaviour, count) =>
      starting === 0 &&
      slots.size === count &&
      [...slots].every((slot) => slot.ready && !slot.stopping && slot.behaviour === behaviour),
    whyNotReady: () => {
      const slot = [...slots].find(({ ready }) => !ready);
      if (!slot) return null;
      const problem = slot.problem || "no load balancer has found it healthy yet";
      return withLastLine(`${slot.replica.id}: ${problem}`, slot);
    },
    describe: () => {
      const all = [...slots];
      const staying = all.filter(({ stopping }) => !stopping);
      return {
        running: all.length,
        ready: staying.filter(({ ready }) => ready).length,
        stopping: all.length - staying.length,
        replicas: staying.map(({ replica: { id, pid, port }, ready }) => ({ id, pid, port, ready })),
      };
    },
    stop: async () => {
      while (starting > 0) await sleep(TICK_MILLISECONDS);
      await Promise.all([...slots].map((slot) => slot.stop()));
    },
  };
}
