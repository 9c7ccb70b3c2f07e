/** What a price book holds, and the check that a file is one: every price named, nothing besides. */
import { z } from "zod";
import type { Problem, Result } from "../../platform/model/types.ts";

/** US dollars, to the micro-dollar: what is finer than money would be lost in rounding. */
const usd = z
  .number()
  .nonnegative()
  .max(100_000)
  .refine((value) => Math.abs(value * 1e6 - Math.round(value * 1e6)) < 1e-6, "at most six decimals");
const amount = z.number().nonnegative().max(1e9);
const share = z.number().min(0).max(1);
const whole = z.int().nonnegative().max(100_000);
const byLevel = z
  .strictObject({ min: amount, desired: amount, max: amount })
  .refine(({ min, desired, max }) => min <= desired && desired <= max, "min ≤ desired ≤ max");

/** US dollars. The unit is in the name: an hour, a month, a gigabyte, a million. */
const prices = z.strictObject({
  fargate: z.strictObject({
    x86: z.strictObject({ vcpuHour: usd, gbHour: usd }),
    arm: z.strictObject({ vcpuHour: usd, gbHour: usd }),
    storageGbHour: usd,
  }),
  /** On demand, by type: `m5.large`. */
  instanceHour: z.record(z.string(), usd),
  volume: z.strictObject({ gp3GbMonth: usd, io2GbMonth: usd, io2IopsMonth: usd, snapshotGbMonth: usd }),
  eks: z.strictObject({ controlPlaneHour: usd }),
  loadBalancer: z.strictObject({ hour: usd, capacityUnitHour: usd }),
  network: z.strictObject({
    natHour: usd,
    natGb: usd,
    endpointHour: usd,
    endpointGb: usd,
    publicAddressHour: usd,
    outGb: usd,
  }),
  database: z.strictObject({
    /** In one zone, by class: `db.t4g.medium`. A standby costs as much again. */
    class: z.record(z.string(), z.strictObject({ hour: usd, vcpu: z.int().positive() })),
    gbMonth: usd,
    proxyVcpuHour: usd,
  }),
  cache: z.strictObject({ nodeHour: z.record(z.string(), usd) }),
  kafka: z.strictObject({ brokerHour: z.record(z.string(), usd), gbMonth: usd }),
  logs: z.strictObject({ inGb: usd, keptGbMonth: usd }),
  metrics: z.strictObject({
    customMonth: usd,
    insightsMonth: usd,
    insightsMillionObservations: usd,
    alarmMonth: usd,
    dashboardMonth: usd,
    millionTraces: usd,
  }),
  api: z.strictObject({ millionRequests: usd }),
  site: z.strictObject({ outGb: usd, millionRequests: usd }),
  storage: z.strictObject({ gbMonth: usd }),
  messages: z.strictObject({ millionRequests: usd }),
  secrets: z.strictObject({ keyMonth: usd, secretMonth: usd }),
  dns: z.strictObject({ zoneMonth: usd }),
  firewall: z.strictObject({ aclMonth: usd, ruleMonth: usd, millionRequests: usd }),
});

/** What no price list knows: how much is used. */
const assumptions = z.strictObject({
  /** Spot's price as a share of on demand; it moves with supply. */
  spotShare: z.strictObject({ fargate: share, instance: share }),
  /** How often a job that precedes rollouts runs. */
  rolloutsMonth: amount,
  /** HTTP requests through API Gateway, and as many through the firewall. */
  millionRequests: byLevel,
  /** Average over the month, of both load balancers together. */
  capacityUnits: byLevel,
  natGb: byLevel,
  endpointGb: byLevel,
  /** From the load balancers to the internet. */
  outGb: byLevel,
  siteGb: byLevel,
  siteMillionRequests: byLevel,
  millionMessages: byLevel,
  millionTraces: byLevel,
  /** Of one replica in a month. */
  logGbReplica: amount,
  /** Flow, query, access and store logs of the whole platform. */
  sharedLogGb: byLevel,
  /** What Container Insights reports of one replica, its part of services, nodes and the cluster included. */
  insightsMetrics: z.strictObject({ ecs: whole, eks: whole }),
  /** By the telemetry collector, of all services. */
  customMetrics: whole,
  /** Objects in all buckets. */
  storedGb: amount,
  /** Snapshots of self-hosted stores, as a share of their volumes. */
  snapshotShare: amount,
});

export const bookSchema = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as us-east-1"),
  /** When they were published; the oldest of them. */
  date: z.iso.date(),
  prices,
  assumptions,
});

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
export type PriceBook = DeepReadonly<z.infer<typeof bookSchema>>;

/** A value from outside → a price book, or all that keeps it from being one, by path from the file's root. */
export function parseBook(value: unknown): Result<PriceBook> {
  const parsed = bookSchema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, value)) };
}

function problemsOf(issue: z.core.$ZodIssue, root: unknown): readonly Problem[] {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const allowed = "only what a price book has";
    return issue.keys.map((key) => ({
      code: "unknown-price",
      path: [path, key].filter((each) => each !== "").join("."),
      found: "a value",
      allowed,
    }));
  }
  const found = shown(at(root, issue.path));
  const code = found === "nothing" ? "missing-price" : "bad-price";
  return [{ code, path: path === "" ? "--prices" : path, found, allowed: issue.message }];
}

function at(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    root,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** For what is bought and not in the book. @param path below `prices` */
export function noPrice(path: readonly string[], buyer: string): Problem {
  return {
    code: "no-price",
    path: `prices.${path.join(".")}`,
    found: `nothing, and ${buyer} takes it`,
    allowed: "a price for it, by --prices FILE, or a type that has one",
  };
}
