/** A replica with its probes and its place in the traffic, from its start to its end. */
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import { describeExit } from "../processes/child.ts";
import type { Time } from "../time.ts";
import { watchMemory } from "./memory.ts";
import { startProbes, type Probes } from "./probes.ts";
import type { Replica } from "./replica.ts";
import type { Traffic } from "./traffic.ts";

export interface Slot {
  readonly replica: Replica;
  /** Which version of the workload it runs. */
  readonly behaviour: Behaviour;
  /** Ready by its probe, and in every router's eyes. */
  readonly ready: boolean;
  /** It was ready once, so its end is no failed start. */
  readonly wasReady: boolean;
  /** It leaves or is gone; never false again. */
  readonly stopping: boolean;
  /** What its probes have to say. */
  readonly problem: string;
  /** Registers it once its probe passes, and looks whether the routers agree. Call it often. */
  look(): void;
  /** Out of the traffic, drained, SIGTERM, stop timeout, SIGKILL. Twice is harmless. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface SlotOptions {
  readonly behaviour: Behaviour;
  readonly replica: Replica;
  readonly traffic: Traffic;
  readonly time: Time;
  /** It ended by itself, or its liveness failed: `why` is a clause. */
  readonly onLost: (slot: Slot, why: string) => void;
  /** Its process is gone. */
  readonly onGone: (slot: Slot) => void;
}

export function createSlot({ behaviour, replica, traffic, time, onLost, onGone }: SlotOptions): Slot {
  let joined = false;
  let ready = false;
  let wasReady = false;
  let stopping: Promise<void> | null = null;

  const lost = (why: string): void => {
    if (stopping) return;
    stopping = leaveAndStop();
    onLost(slot, why);
  };
  const probes: Probes = startProbes({
    behaviour,
    host: replica.host,
    port: replica.port,
    time,
    onDead: (reason) => lost(`its liveness failed (${reason})`),
  });
  /** Why it was killed, where we know it better than its exit tells. */
  let killedFor: string | null = null;
  const memory = watchMemory(replica.pid, behaviour.memoryLimit, (why) => {
    killedFor = why;
    void replica.kill();
  });
  const leaveAndStop = async (): Promise<void> => {
    ready = false;
    // both: routers let go early when nothing goes on there, and the form's drain time is kept all the same
    const drained = joined ? Promise.all([traffic.leave(replica), time.wait(behaviour.drain)]) : Promise.resolve();
    await Promise.race([drained, replica.exited]);
    probes.stop();
    await replica.stop();
  };
  const slot: Slot = {
    replica,
    behaviour,
    get ready() {
      return ready;
    },
    get wasReady() {
      return wasReady;
    },
    get stopping() {
      return stopping !== null;
    },
    get problem() {
      return probes.problem;
    },
    look: () => {
      if (stopping) return;
      if (!joined && probes.ready) {
        joined = true; // sooner would only cost a failed check
        traffic.join(replica);
      }
      ready = joined && probes.ready && traffic.healthy(replica);
      wasReady ||= ready;
    },
    stop: () => (stopping ??= leaveAndStop()),
    kill: async () => {
      await replica.kill();
    },
  };
  void replica.exited.then(async (exit) => {
    ready = false;
    probes.stop();
    memory.stop();
    lost(killedFor ?? `it ended (${describeExit(exit)})`);
    onGone(slot);
    await traffic.leave(replica);
  });
  return slot;
}
