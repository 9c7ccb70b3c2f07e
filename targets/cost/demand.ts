/** What a workload's compiled form asks for, and for how long in a month. */
import type { Behaviour } from "../../platform/model/behaviour.ts";
import type { GiB, MiB, Seconds, Workload } from "../../platform/model/types.ts";
import { HOURS_PER_MONTH, levels, type Levels } from "./money.ts";
import type { PriceBook } from "./price-book.ts";
import { runsPerMonth } from "./runs.ts";

export interface Demand {
  readonly name: string;
  /** Of one replica. */
  readonly vcpu: number;
  readonly memory: MiB;
  readonly gpus: number;
  /** null: as much disk as the machine has. */
  readonly disk: GiB | null;
  readonly architecture: Behaviour["architecture"];
  readonly pool: string;
  readonly gpuModel: string | null;
  readonly spot: boolean;
  readonly job: boolean;
  readonly replicas: Levels<number>;
  /** Hours that each of them runs in a month. */
  readonly hours: number;
}

const SECONDS_PER_HOUR = 3600;

/**
 * Size and bounds are the form's own. The usual count is the model's: a Kubernetes form has no field for it, and two
 * forms compare at the same traffic only. A job is counted at its worst: each run lasts until its deadline, which is
 * the model's where the platform has none.
 */
export function demandOf(behaviour: Behaviour, workload: Workload | undefined, book: PriceBook): Demand {
  const { name, cpu, memoryLimit, memoryGuaranteed, gpus, ephemeral, architecture, pool, gpuModel, purchase } =
    behaviour;
  return {
    name,
    vcpu: cpu,
    memory: Number.isFinite(memoryLimit) ? memoryLimit : memoryGuaranteed,
    gpus,
    disk: ephemeral,
    architecture,
    pool,
    gpuModel,
    spot: purchase === "spot",
    job: behaviour.job !== null,
    replicas: replicasOf(behaviour, workload),
    hours: behaviour.job === null ? HOURS_PER_MONTH : jobHours(behaviour.job, deadlineOf(workload), book),
  };
}

function replicasOf({ initialCount, scaling, job }: Behaviour, workload: Workload | undefined): Levels<number> {
  if (job !== null) {
    const most = job.maxParallel ?? 1;
    // An empty queue starts nothing.
    return levels((level) => (job.trigger.startsWith("queue:") ? (level === "min" ? 0 : most) : 1));
  }
  const first = initialCount ?? 0;
  if (scaling === null) return levels(() => first);
  const usual = workload && workload.kind !== "job" && "desired" in workload.scaling ? workload.scaling.desired : first;
  return { min: scaling.min, desired: Math.min(Math.max(usual, scaling.min), scaling.max), max: scaling.max };
}

function deadlineOf(workload: Workload | undefined): Seconds | null {
  return workload?.kind === "job" ? workload.deadline : null;
}

function jobHours({ trigger, deadline }: NonNullable<Behaviour["job"]>, wanted: Seconds | null, book: PriceBook) {
  const longest = deadline ?? wanted;
  const [kind, what = ""] = trigger.split(/:(.*)/s);
  if (kind === "queue" || longest === null) return HOURS_PER_MONTH;
  const runs = kind === "schedule" ? runsPerMonth(what) : book.assumptions.rolloutsMonth;
  return Math.min(HOURS_PER_MONTH, (runs * longest) / SECONDS_PER_HOUR);
}
