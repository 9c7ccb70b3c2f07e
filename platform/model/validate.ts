/** What no target could run. A target's own limits are its compiler's to report, in the same form. */
import { pathOf } from "./paths.ts";
import { cycles, danglingReferences } from "./references.ts";
import type { Model, Problem } from "./types.ts";
import { workloadProblems } from "./validate-workload.ts";

const DNS_LABEL = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** `<project>-<slug>-ecs` names a target group. @source ELBv2 API, CreateTargetGroup, 2026-11 */
const TARGET_GROUP_NAME = 32;

/** Every problem of a model at once, in the model's order; empty when it can run. Paths start at `services`. */
export function validate(model: Model): readonly Problem[] {
  return [
    ...names(model),
    ...model.workloads.flatMap((workload) => workloadProblems(workload, model)),
    ...danglingReferences(model),
    ...cycles(model),
    ...ports(model),
    ...routes(model),
  ];
}

function names(model: Model): Problem[] {
  const named = [
    ...model.workloads.map(({ name }) => ({ name, path: `services.${name}.name` })),
    ...model.workloads.map(({ name, slug }) => ({ name: slug, path: `services.${name}.slug` })),
    ...model.sites.map(({ name }) => ({ name, path: `sites.${name}.name` })),
    ...model.stores.map(({ name }) => ({ name, path: `stores.${name}.name` })),
    ...model.queues.map(({ name }) => ({ name, path: `queues.${name}.name` })),
    ...model.buckets.map(({ name }) => ({ name, path: `buckets.${name}.name` })),
    ...model.secrets.map(({ name }) => ({ name, path: `secrets.${name}.name` })),
  ];
  const allowed = "a DNS label: a–z, 0–9 and -, starting with a letter, at most 63 characters";
  const malformed = named
    .filter(({ name }) => !DNS_LABEL.test(name))
    .map(({ name, path }) => ({ code: "name-not-a-dns-label", path, found: JSON.stringify(name), allowed }));
  const longest = TARGET_GROUP_NAME - `${model.prefix}--ecs`.length;
  const long = model.workloads
    .filter(({ slug }) => slug.length > longest)
    .map(({ name, slug }) => ({
      code: "slug-too-long",
      path: `services.${name}.slug`,
      found: `${slug.length} characters`,
      allowed: `at most ${longest}`,
    }));
  return [
    ...malformed,
    ...long,
    ...duplicates(
      "services",
      "name",
      model.workloads.map(({ name }) => name),
    ),
    ...duplicates(
      "services",
      "slug",
      model.workloads.map(({ slug }) => slug),
    ),
    ...duplicates(
      "stores",
      "name",
      model.stores.map(({ name }) => name),
    ),
    ...duplicates(
      "topics",
      "name",
      model.topics.map(({ name }) => name),
    ),
    ...duplicates(
      "queues",
      "name",
      model.queues.map(({ name }) => name),
    ),
    ...duplicates(
      "buckets",
      "name",
      model.buckets.map(({ name }) => name),
    ),
    ...duplicates(
      "secrets",
      "name",
      model.secrets.map(({ name }) => name),
    ),
  ];
}

function duplicates(list: string, field: string, values: readonly string[]): Problem[] {
  const seen = new Set<string>();
  const twice = new Set(values.filter((value) => seen.size === seen.add(value).size));
  return [...twice].map((value) => ({
    code: "duplicate",
    path: `${list}.${value}.${field}`,
    found: `${JSON.stringify(value)} more than once`,
    allowed: `each ${field} once`,
  }));
}

/** Services are told apart by port in logs, rules and on one machine; a worker's is only for its probes. */
function ports(model: Model): Problem[] {
  const owners = new Map<number, string>();
  return model.workloads.flatMap((workload) => {
    if (workload.kind !== "service") return [];
    const { number } = workload.port;
    const owner = owners.get(number);
    owners.set(number, owner ?? workload.name);
    if (owner === undefined) return [];
    const path = pathOf(workload, "port", "number");
    return [
      { code: "port-taken", path, found: `${number}, also of ${owner}`, allowed: "each service a port of its own" },
    ];
  });
}

function routes(model: Model): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const workload of model.workloads) {
    if (workload.kind !== "service" || !workload.route) continue;
    for (const path of workload.route.paths) {
      const owner = owners.get(path);
      const at = pathOf(workload, "route", "paths");
      if (!path.startsWith("/")) problems.push({ code: "route-path", path: at, found: path, allowed: "a path from /" });
      if (owner !== undefined)
        problems.push({ code: "route-taken", path: at, found: `${path}, also of ${owner}`, allowed: "each path once" });
      owners.set(path, workload.name);
    }
  }
  return problems;
}
