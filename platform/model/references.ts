/** Bindings point at things that exist, and services do not wait for each other in a circle. */
import type { Metric, Model, Problem, Workload } from "./types.ts";

/** No part of the model: the world, and what the cloud keeps for everybody. */
const OUTSIDE: readonly string[] = ["internet", "metrics", "traces"];

/** A problem for each reference that points at nothing. */
export function danglingReferences(model: Model): readonly Problem[] {
  const exists = existing(model);
  const missing = (path: string, kind: string, name: string): Problem[] =>
    exists(kind, name)
      ? []
      : [{ code: "unknown-reference", path, found: `${kind} ${JSON.stringify(name)}`, allowed: list(model, kind) }];
  return [
    ...model.workloads.flatMap((workload) => [
      ...workload.uses.flatMap(({ to }, index) =>
        OUTSIDE.includes(to.kind) ? [] : missing(`services.${workload.name}.uses.${index}.to`, to.kind, to.name),
      ),
      ...metrics(workload).flatMap(({ ref, index }) =>
        missing(`services.${workload.name}.scaling.on.${index}`, ref.kind, ref.name),
      ),
      ...(workload.kind === "job" && "queue" in workload.trigger
        ? missing(`services.${workload.name}.trigger.queue`, "queue", workload.trigger.queue.name)
        : []),
      ...(workload.kind === "job" && workload.checkpoint
        ? missing(`services.${workload.name}.checkpoint`, "bucket", workload.checkpoint.name)
        : []),
    ]),
    ...model.topics.flatMap(({ name, store }) => missing(`topics.${name}.store`, "kafka", store)),
  ];
}

function metrics(workload: Workload): { ref: { kind: string; name: string }; index: number }[] {
  if (workload.kind === "job" || !("on" in workload.scaling)) return [];
  return workload.scaling.on.flatMap(
    (metric: Metric, index): { ref: { kind: string; name: string }; index: number }[] => {
      if ("lag" in metric) return [{ ref: metric.lag, index }];
      return "depth" in metric ? [{ ref: metric.depth, index }] : [];
    },
  );
}

function namesOf(model: Model, kind: string): readonly string[] {
  switch (kind) {
    case "postgres":
    case "redis":
    case "kafka":
      return model.stores.filter((store) => store.kind === kind).map(({ name }) => name);
    case "topic":
      return model.topics.map(({ name }) => name);
    case "queue":
      return model.queues.map(({ name }) => name);
    case "bucket":
      return model.buckets.map(({ name }) => name);
    case "secret":
      return model.secrets.map(({ name }) => name);
    case "service":
      return model.workloads.filter((workload) => workload.kind === "service").map(({ name }) => name);
    default:
      return [];
  }
}

function existing(model: Model): (kind: string, name: string) => boolean {
  const known = new Map<string, ReadonlySet<string>>();
  return (kind, name) => {
    const names = known.get(kind) ?? new Set(namesOf(model, kind));
    known.set(kind, names);
    return names.has(name);
  };
}

function list(model: Model, kind: string): string {
  const names = namesOf(model, kind);
  return names.length === 0 ? `a ${kind}, of which the model has none` : `one of ${names.slice(0, 20).join(", ")}`;
}

/** One problem for each circle of calls among workloads, named once, from its first member in the model's order. */
export function cycles(model: Model): readonly Problem[] {
  const calls = new Map(
    model.workloads.map(({ name, uses }) => [
      name,
      uses.filter(({ to }) => to.kind === "service").map(({ to }) => to.name),
    ]),
  );
  const done = new Set<string>();
  const problems: Problem[] = [];
  for (const start of calls.keys()) {
    const trail: string[] = [];
    const onTrail = new Set<string>();
    // An explicit stack: a chain of a thousand services must not exhaust the call stack.
    const stack: { name: string; next: number }[] = [{ name: start, next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1);
      if (!top) break;
      if (top.next === 0) {
        if (done.has(top.name)) {
          stack.pop();
          continue;
        }
        trail.push(top.name);
        onTrail.add(top.name);
      }
      const callee = calls.get(top.name)?.[top.next++];
      if (callee === undefined) {
        done.add(top.name);
        onTrail.delete(top.name);
        trail.pop();
        stack.pop();
      } else if (onTrail.has(callee)) {
        const circle = [...trail.slice(trail.indexOf(callee)), callee];
        problems.push({
          code: "dependency-cycle",
          path: `services.${callee}.uses`,
          found: circle.join(" → "),
          allowed: "calls that never come back to where they started",
        });
      } else if (!done.has(callee)) {
        stack.push({ name: callee, next: 0 });
      }
    }
  }
  return problems;
}
