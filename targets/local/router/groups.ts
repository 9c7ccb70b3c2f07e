/** Target groups: who is in, who may get the next request. */
import type { Time } from "../time.ts";
import { createTarget, type Target } from "./target.ts";
import { RouterError, type GroupSpec, type TargetHealth, type TargetSpec } from "./types.ts";

export interface Group {
  readonly spec: GroupSpec;
  register(target: TargetSpec): void;
  /** Resolves when drained; two who ask for the same wait for the same. */
  deregister(id: string): Promise<void>;
  /**
   * The next healthy target in turn. Where every checked one is unhealthy, one of those: an ALB fails open, for a wrong
   * check must not take everything down. null when there is neither; a target that was never good is not tried.
   */
  next(): Target | null;
  describe(): readonly TargetHealth[];
  drop(): void;
}

export function createGroup(spec: GroupSpec, time: Time): Group {
  const targets = new Map<string, Target>();
  const leaving = new Map<string, Promise<void>>();
  let turn = 0;
  return {
    spec,
    register: (target) => {
      if (targets.has(target.id))
        throw new RouterError("duplicate", `The group ${spec.name} has a target ${target.id} already`);
      targets.set(target.id, createTarget(target, spec.check, time));
    },
    deregister: (id) => {
      const target = targets.get(id);
      if (!target) return Promise.resolve();
      const left =
        leaving.get(id) ??
        target.drain(time.milliseconds(spec.deregistrationDelay)).then(() => {
          targets.delete(id);
          leaving.delete(id);
        });
      leaving.set(id, left);
      return left;
    },
    next: () => {
      const all = [...targets.values()];
      const healthy = all.filter(({ state }) => state === "healthy");
      const eligible = healthy.length > 0 ? healthy : all.filter(({ state }) => state === "unhealthy");
      turn += 1;
      return eligible[turn % Math.max(1, eligible.length)] ?? null;
    },
    describe: () => [...targets.values()].map((target) => target.describe()),
    drop: () => {
      for (const target of targets.values()) target.drop();
      targets.clear();
    },
  };
}
