/** All readings of some files → one model. */
import type { Model, Problem, Store } from "../../../platform/model/types.ts";
import { validate } from "../../../platform/model/validate.ts";
import type { Note } from "../log.ts";
import { valueOr, type Reading, type Side } from "../seen.ts";
import { Context } from "./context.ts";
import { free, label } from "./names.ts";
import { portOf, workloadOf, type ImportedWorkload } from "./workload.ts";

export interface Imported {
  readonly model: Model;
  /** In the order of the model's workloads. */
  readonly workloads: readonly ImportedWorkload[];
  /** About the rest of the model. */
  readonly remarks: readonly string[];
  readonly notes: readonly Note[];
  /** Why the model can not run as it stands. */
  readonly problems: readonly Problem[];
}

/** `<project>-<slug>-ecs` names a target group of at most 32 characters. */
const SLUG_ROOM = 32 - "--ecs".length;
const PROJECT = 12;
const PORTS = { postgres: 5432, redis: 6379, kafka: 9092 } as const;

export function importSides(sides: readonly Side[]): Imported {
  const readings = sides.flatMap((side) => side.readings);
  const project = projectOf(readings);
  const most = SLUG_ROOM - project.length;
  const [names, slugs] = [new Set<string>(), new Set<string>()];
  const named = readings.map((reading) => ({
    reading,
    names: { name: free(label(reading.name), names), slug: free(label(reading.main.name, most), slugs, most) },
  }));
  const callees = new Map(
    named
      .filter(({ reading }) => reading.hints.served && valueOr(reading.whole.kind, "longRunning") !== "job")
      .map(({ reading, names: { name } }) => [name, { port: portOf(reading) }] as const),
  );
  const context = new Context(callees, keysOf(readings));
  const workloads = named.map((each) => workloadOf(each.reading, each.names, context));
  const model = modelOf(project, workloads, context);
  return {
    model,
    workloads,
    remarks: [
      ...(context.stores.size > 0
        ? ["Stores: their names come from variables and secrets; where they run is made up."]
        : []),
      ...(model.topics.length > 0 ? ["Topics: partitions, retention and keys are made up."] : []),
      ...(model.queues.length > 0 ? ["Queues: visibility and receives are made up."] : []),
    ],
    notes: sides.flatMap((side) => [...side.notes, ...side.readings.flatMap((each) => each.notes)]),
    problems: validate(model),
  };
}

/** What the workloads' labels agree on. */
function projectOf(readings: readonly Reading[]): string {
  const projects = new Set(readings.flatMap(({ hints }) => (hints.project === null ? [] : [hints.project])));
  const [only] = projects;
  // A long one would leave no room for what is named after it.
  return only !== undefined && projects.size === 1 && (only === label(only) || only.length <= PROJECT)
    ? label(only)
    : "imported";
}

function keysOf(readings: readonly Reading[]): ReadonlyMap<string, ReadonlySet<string>> {
  const keys = new Map<string, Set<string>>();
  for (const { main } of readings)
    for (const { secret, key } of Object.values(valueOr(main.seen.secrets, {})))
      keys.set(secret, (keys.get(secret) ?? new Set()).add(key));
  return keys;
}

function modelOf(project: string, workloads: readonly ImportedWorkload[], context: Context): Model {
  const scaled = workloads.flatMap(({ workload }) =>
    workload.kind !== "job" && "on" in workload.scaling ? workload.scaling.on : [],
  );
  const topics = new Set([...context.topics, ...scaled.flatMap((each) => ("lag" in each ? [each.lag.name] : []))]);
  const queues = new Set([...context.queues, ...scaled.flatMap((each) => ("depth" in each ? [each.depth.name] : []))]);
  const kafka = [...context.stores].find(([, kind]) => kind === "kafka")?.[0] ?? "kafka";
  if (topics.size > 0) context.stores.set(kafka, "kafka");
  return {
    project,
    prefix: project,
    workloads: workloads.map(({ workload }) => workload),
    sites: [],
    stores: [...context.stores].map(([name, kind]): Store => ({ name, kind, hosting: "managed", port: PORTS[kind] })),
    topics: [...topics]
      .sort()
      .map((name) => ({ name, store: kafka, partitions: 12, retentionHours: 72, key: "unknown" })),
    queues: [...queues].sort().map((name) => ({ name, visibility: 60, maxReceives: 5 })),
    buckets: [...context.buckets].sort().map((name) => ({ name, purpose: "unknown" })),
    secrets: [...context.secrets].map(([name, key]) => ({ name, key })),
  };
}
