/** What the bounds of the import's losses are made of. */
import { isDeepStrictEqual } from "node:util";
import type { Autoscaling, Binding, Rollout, Workload } from "../../../platform/model/types.ts";
import { fargateSize, onFargate } from "../../ecs/sizing.ts";
import type { Side } from "../seen.ts";

export function isFargatePair(wanted: Workload, found: Workload): boolean {
  const size = fargateSize(wanted.compute, "");
  const { cpu, memory } = found.compute;
  return onFargate(wanted) && size.ok && isDeepStrictEqual(size.value, { cpu, memory });
}

export function isBalanced(workload: Workload): boolean {
  return workload.kind === "service" && workload.route !== undefined;
}

export function scalingOf(workload: Workload): Autoscaling | undefined {
  return workload.kind !== "job" && "min" in workload.scaling ? workload.scaling : undefined;
}

export function rolloutOf(workload: Workload): Rollout | undefined {
  return workload.kind === "job" ? undefined : workload.rollout;
}

export function sorted(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The bindings as a form shows them. */
export function seenBindings({ uses }: Workload, form: Side["source"]): readonly string[] {
  const seen = uses.flatMap((binding): readonly Binding[] => {
    const { to } = binding;
    if (to.kind === "traces" || to.kind === "metrics" || to.kind === "internet") return [];
    if (!("as" in binding)) return [];
    const { as } = binding;
    if (to.kind === "postgres" || to.kind === "redis") return [{ as, to, access: "readwrite" }];
    if (form === "ecs") return [binding];
    if (to.kind === "bucket") return [{ as, to, access: "read" }];
    if (to.kind === "queue") return [{ as, to, access: "receive" }];
    const read = uses.some((each) => "as" in each && each.as === as && each.access === "consume");
    return to.kind === "topic" && binding.access === "produce" && read ? [] : [binding];
  });
  const ports = uses.flatMap((binding) => ("ports" in binding ? binding.ports : []));
  const open = [...new Set(ports)].sort((a, b) => a - b);
  const internet: readonly Binding[] =
    open.length > 0 ? [{ to: { kind: "internet", name: "anywhere" }, access: "call", hosts: "any", ports: open }] : [];
  return texts([...seen, ...internet]);
}

/** Keys to the cluster's own stores, which the model does not name. */
export function withoutKeys(uses: readonly Binding[]): readonly Binding[] {
  return uses.filter((binding) => !("as" in binding && /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)$/.test(binding.as)));
}

export function texts(uses: readonly Binding[]): readonly string[] {
  return [...new Set(uses.map((each) => JSON.stringify(each, Object.keys(each).concat("kind", "name").sort())))].sort();
}
