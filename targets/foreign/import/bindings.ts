/** Variables and permissions → bindings, by the names that wiring.ts would give them; the rest stays plain. */
import type { SecretBehaviour, StatementBehaviour } from "../../../platform/model/behaviour.ts";
import type { Binding } from "../../../platform/model/types.ts";
import { looksLikeSecret } from "../../../platform/model/secrets.ts";
import type { Context } from "./context.ts";
import { label } from "./names.ts";
import type { Remarks } from "./remarks.ts";

export interface Wired {
  readonly uses: readonly Binding[];
  readonly env: Readonly<Record<string, string>>;
}

interface Given {
  readonly workload: string;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, SecretBehaviour>>;
  /** null: the files do not say what it may do. */
  readonly identity: readonly StatementBehaviour[] | null;
}

interface Open extends Given {
  readonly left: Map<string, string>;
  readonly uses: Binding[];
  readonly context: Context;
  readonly remarks: Remarks;
}

export function bindingsOf(given: Given, context: Context, remarks: Remarks): Wired {
  const open: Open = { ...given, left: new Map(Object.entries(given.env)), uses: [], context, remarks };
  for (const [name, secret] of Object.entries(given.secrets)) secretBinding(name, secret, open);
  if (open.left.has("KAFKA_BROKERS")) topics(open);
  for (const [name, value] of [...open.left]) variable(name, value, open);
  return { uses: open.uses, env: Object.fromEntries([...open.left].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** `DATABASE_URL` from our own secret of a store, or one whose name says what it leads to; else a secret by itself. */
function secretBinding(name: string, { secret, key }: SecretBehaviour, { uses, context, remarks }: Open): void {
  const as = name.replace(/_(URL|SECRET)$/, "");
  const own = key === "url" ? /^(.+)-url$/.exec(secret)?.[1] : undefined;
  const kind = storeKind(`${name} ${secret}`);
  if (name.endsWith("_URL") && (own !== undefined || kind !== null)) {
    const several = (context.keys.get(secret)?.size ?? 0) > 1;
    const store = label(own ?? (several ? as : secret));
    const guessed = context.stores.get(store) ?? kind ?? "postgres";
    const of = guessed === "redis" ? "redis" : "postgres";
    context.stores.set(store, of);
    remarks.add("uses", `${name} is taken for the address of a ${of} store, by its name, and read and written`);
    uses.push({ as, to: { kind: of, name: store }, access: "readwrite" });
    return;
  }
  if (!name.endsWith("_SECRET"))
    remarks.add("uses", `the process finds this secret as ${as}_SECRET here, and asks for ${name}`);
  uses.push({ as, to: { kind: "secret", name: context.secret(secret, key) }, access: "read" });
}

function storeKind(text: string): "postgres" | "redis" | null {
  if (/redis|valkey|cache/i.test(text)) return "redis";
  return /postgres|database|timescale|(^|[^a-z])(db|pg)([^a-z]|$)/i.test(text) ? "postgres" : null;
}

/** A topic without a group is written to; with one it is read, and written to as well where a permission says so. */
function topics({ left, uses, identity, context, remarks }: Open): void {
  const named = [...left].flatMap(([name, topic]) => {
    const as = /^(.+)_TOPIC$/.exec(name)?.[1];
    return as === undefined ? [] : [{ as, topic }];
  });
  if (named.length === 0) return;
  const brokers = left.get("KAFKA_BROKERS") ?? "";
  const store = /^\$\{store\.([^}.]+)\.brokers\}$/.exec(brokers)?.[1] ?? "kafka";
  context.stores.set(store, "kafka");
  if (!brokers.startsWith("${"))
    remarks.add("uses", `the brokers' addresses come from the store ${store}, not from KAFKA_BROKERS`);
  for (const name of ["KAFKA_BROKERS", "KAFKA_SECURITY"]) left.delete(name);
  const given = new Set(left.keys());
  const grouped = (as: string): boolean => given.has(`${as}_GROUP`) || given.has(`${as}_GROUP_PREFIX`);
  for (const { as, topic } of named) {
    context.topics.add(topic);
    const to = { kind: "topic", name: topic } as const;
    const [own, each] = [left.get(`${as}_GROUP`), left.has(`${as}_GROUP_PREFIX`)];
    const group = own ?? (each ? "perReplica" : undefined);
    for (const suffix of ["TOPIC", "GROUP", "GROUP_PREFIX"]) left.delete(`${as}_${suffix}`);
    const writer = named.some((other) => other.topic === topic && !grouped(other.as));
    const writes = !writer && allows(identity, "kafka-cluster:WriteData", `\${topic.${topic}.arn}`);
    if (group === undefined || writes) uses.push({ as, to, access: "produce" });
    if (group !== undefined) uses.push({ as, to, access: "consume", group });
  }
}

function variable(name: string, value: string, open: Open): void {
  const { left, uses, context, remarks, workload } = open;
  const call = /^workload:\/\/([^:]+):(\d+)$/.exec(value);
  if (call) {
    callBinding(name, call[1] ?? "", call[2] ?? "", open);
  } else if (queueName(name, value) !== undefined) {
    queueBinding(name, queueName(name, value) ?? "", open);
  } else if (name.endsWith("_BUCKET")) {
    bucketBinding(name, value, open);
  } else if (looksLikeSecret(name, value)) {
    left.delete(name);
    const as = name.replace(/_SECRET$/, "");
    remarks.add("uses", `${name} stands in the files as plain text; it is a secret here, and its value is not copied`);
    uses.push({ as, to: { kind: "secret", name: context.secret(`${workload}-${name}`, "") }, access: "read" });
  } else if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
    left.delete(name);
    remarks.add("env", `left out: ${name}=${JSON.stringify(value)}, for names of variables are A–Z, 0–9 and _ here`);
  }
}

function callBinding(name: string, foreign: string, port: string, { left, uses, context, remarks }: Open): void {
  const callee = label(foreign);
  if (!context.callees.has(callee)) {
    left.set(name, `http://${foreign}:${port}`);
    remarks.add("env", `${name} leads to ${foreign}, which is in no file`);
    return;
  }
  left.delete(name);
  const as = name.replace(/_(URL|ENDPOINT)$/, "");
  if (as === name) remarks.add("uses", `the process finds this address as ${as}_URL here, and asks for ${name}`);
  const to = { kind: "service", name: callee } as const;
  uses.push(name.endsWith("_ENDPOINT") ? { as, to, access: "report" } : { as, to, access: "call" });
}

function queueName(name: string, value: string): string | undefined {
  if (!name.endsWith("_QUEUE_URL")) return undefined;
  return /^\$\{queue\.([^}.]+)\.url\}$/.exec(value)?.[1] ?? /^https:\/\/sqs\.[^/]+\/\d+\/([^/]+)$/.exec(value)?.[1];
}

function queueBinding(name: string, foreign: string, { left, uses, identity, context, remarks }: Open): void {
  left.delete(name);
  const queue = label(foreign);
  context.queues.add(queue);
  const as = name.replace(/_QUEUE_URL$/, "");
  const resource = `\${queue.${foreign}.arn}`;
  const sends = allows(identity, "sqs:SendMessage", resource);
  const receives = allows(identity, "sqs:ReceiveMessage", resource);
  if (!sends && !receives)
    remarks.add("uses", `whether it sends to or receives from ${queue} is not said; it receives here`);
  if (sends) uses.push({ as, to: { kind: "queue", name: queue }, access: "send" });
  if (receives || !sends) uses.push({ as, to: { kind: "queue", name: queue }, access: "receive" });
}

function bucketBinding(name: string, value: string, { left, uses, identity, context, remarks }: Open): void {
  left.delete(name);
  const ours = /^\$\{bucket\.([^}.]+)\.name\}$/.exec(value)?.[1];
  const bucket = label(ours ?? value);
  context.buckets.add(bucket);
  if (identity === null) remarks.add("uses", `whether it writes to ${bucket} is not said; it only reads here`);
  const writes = allows(identity, "s3:PutObject", `\${bucket.${ours ?? ""}.arn}/*`);
  const to = { kind: "bucket", name: bucket } as const;
  uses.push({ as: name.replace(/_BUCKET$/, ""), to, access: writes ? "readwrite" : "read" });
}

function allows(identity: Given["identity"], action: string, resource: string): boolean {
  return (identity ?? []).some(({ actions, resources }) => actions.includes(action) && resources.includes(resource));
}
