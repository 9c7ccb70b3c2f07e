/**
 * Binding → what the process is told. The one source of env names: a compiler writes them, a service's env.ts checks
 * them, and a contract test holds the two together.
 */
import { lookup, storeOfTopic } from "./lookup.ts";
import { placeholder } from "./placeholders.ts";
import type { SecretBehaviour } from "./behaviour.ts";
import type { Binding, Model, Workload } from "./types.ts";

export interface Wiring {
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, SecretBehaviour>>;
}

/** How a target writes the URL under which one workload reaches another. */
export type UrlOf = (service: { readonly name: string; readonly port: number }) => string;

/** Secrets that come with a store: the connection URL, kept under one JSON key so that rotation can rewrite it whole. */
export function storeSecret(store: string): SecretBehaviour {
  return { secret: `${store}-url`, key: "url" };
}

/**
 * Everything a workload's process finds in its environment: its own `env`, its port, and what its bindings give.
 * Keys are sorted. A workload that `validate` accepted wires without a clash.
 */
export function wire(workload: Workload, model: Model, urlOf: UrlOf): Wiring {
  const env: Record<string, string> = { ...workload.env };
  const secrets: Record<string, SecretBehaviour> = {};
  if (workload.kind === "job") env["JOB_DEADLINE_SECONDS"] = String(workload.deadline);
  else env["PORT"] = String(workload.port.number);
  for (const binding of workload.uses) Object.assign(env, plain(binding, workload, model, urlOf));
  for (const binding of workload.uses) Object.assign(secrets, secret(binding, model));
  return { env: sorted(env), secrets: sorted(secrets) };
}

function plain(binding: Binding, workload: Workload, model: Model, urlOf: UrlOf): Record<string, string> {
  if (!("as" in binding)) return {};
  const { as, to } = binding;
  switch (to.kind) {
    case "topic": {
      const store = storeOfTopic(to.name, model);
      return {
        KAFKA_BROKERS: placeholder("store", store, "brokers"),
        KAFKA_SECURITY: placeholder("store", store, "security"),
        [`${as}_TOPIC`]: to.name,
        ...(binding.access === "consume" ? group(as, binding.group, workload.name) : {}),
      };
    }
    case "queue":
      return { [`${as}_QUEUE_URL`]: placeholder("queue", to.name, "url") };
    case "bucket":
      return { [`${as}_BUCKET`]: placeholder("bucket", to.name, "name") };
    case "service": {
      const callee = lookup(model).workloads.get(to.name);
      const variable = binding.access === "report" ? `${as}_ENDPOINT` : `${as}_URL`;
      return callee?.kind === "service" ? { [variable]: urlOf({ name: callee.name, port: callee.port.number }) } : {};
    }
    case "postgres":
    case "redis":
    case "secret":
      return {};
  }
}

function group(as: string, name: string, workload: string): Record<string, string> {
  return name === "perReplica" ? { [`${as}_GROUP_PREFIX`]: workload } : { [`${as}_GROUP`]: name };
}

function secret(binding: Binding, model: Model): Record<string, SecretBehaviour> {
  if (!("as" in binding)) return {};
  const { as, to } = binding;
  if (to.kind === "postgres" || to.kind === "redis") return { [`${as}_URL`]: storeSecret(to.name) };
  if (to.kind !== "secret") return {};
  const key = model.secrets.find(({ name }) => name === to.name)?.key ?? "value";
  return { [`${as}_SECRET`]: { secret: to.name, key } };
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
