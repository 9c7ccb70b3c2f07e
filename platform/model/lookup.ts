/** Finding things in a model by name in constant time: a thousand services must cost a thousand times one. */
import type { Model, Store, Topic, Workload } from "./types.ts";

export interface Lookup {
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly topics: ReadonlyMap<string, Topic>;
  readonly stores: ReadonlyMap<string, Store>;
  /** Names of the workloads that call a service, in the model's order. */
  readonly callers: ReadonlyMap<string, readonly string[]>;
}

const known = new WeakMap<Model, Lookup>();

/** Built once a model; a model is never changed after it is made. Of two things with one name the first is found. */
export function lookup(model: Model): Lookup {
  const found = known.get(model);
  if (found) return found;
  const callers = new Map<string, string[]>();
  for (const { name, uses } of model.workloads) {
    for (const callee of new Set(uses.filter(({ to }) => to.kind === "service").map(({ to }) => to.name))) {
      callers.set(callee, [...(callers.get(callee) ?? []), name]);
    }
  }
  const built = {
    workloads: byName(model.workloads),
    topics: byName(model.topics),
    stores: byName(model.stores),
    callers,
  };
  known.set(model, built);
  return built;
}

function byName<T extends { readonly name: string }>(things: readonly T[]): ReadonlyMap<string, T> {
  return new Map(things.toReversed().map((thing) => [thing.name, thing]));
}

/** The Kafka that a topic lives in; the topic's own name where it is unknown, which `validate` reports. */
export function storeOfTopic(topic: string, model: Model): string {
  return lookup(model).topics.get(topic)?.store ?? topic;
}
