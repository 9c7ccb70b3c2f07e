/**
 * The only reader of stack configuration: from Pulumi's own map in the program, from `Pulumi.<stack>.yaml` in the pure
 * commands. Both give the same typed, validated, readonly value, or every problem at once.
 */
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { Problem, Result } from "./model/types.ts";

const PROJECT = "cryptotracker";

const cidr = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "an IPv4 CIDR such as 10.20.0.0/20");
const cidrs = z.array(cidr).length(3);
const count = z.int().positive();
const name = z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, "a DNS label");
const machineImage = z.string().regex(/^ami-[0-9a-f]{8,17}$/, "an image id, ami-…");
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits");

const schema = z.strictObject({
  target: z.enum(["ecs", "eks", "kubernetes"]).default("ecs"),
  /** `prod`: users depend on it. Images are pinned, stores large, the edge has a certificate and a firewall. */
  profile: z.enum(["dev", "prod"]).default("dev"),
  namespace: name.default(PROJECT),
  /** Phase 2 of the seed: GPU inference and spot training beside phase 1. */
  ml: z.boolean().default(true),
  gpu: z.enum(["a10g", "a100"]).default("a10g"),
  images: z
    .strictObject({
      /** Registry and repository prefix; `cryptotracker` gives the seed's `cryptotracker/api`. */
      prefix: z
        .string()
        .regex(/^[a-z0-9][a-z0-9./:_-]*$/, "a registry path")
        .default(PROJECT),
      tag: z
        .string()
        .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "an image tag")
        .default("latest"),
      /** `true`: every image by digest, and one that has none is refused. */
      pinned: z.boolean().default(false),
      digests: z.record(name, digest).default({}),
      /** `true`: the program builds them from services/Dockerfile and pushes them, which takes a Docker engine. */
      build: z.boolean().default(false),
    })
    .prefault({}),
  network: z.strictObject({ vpc: cidr, public: cidrs, private: cidrs, isolated: cidrs }),
  /** The load balancer's, in seconds; every server keeps connections open for longer, or it answers 502. */
  edge: z
    .strictObject({
      idleTimeout: z.int().min(1).max(4000).default(120),
      /** Public name of the platform, `cryptotracker.example.org`, in a hosted zone that exists. */
      domain: z
        .string()
        .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "a domain name")
        .optional(),
      hostedZoneId: z
        .string()
        .regex(/^Z[A-Z0-9]+$/, "a Route 53 hosted zone id")
        .optional(),
      /** A certificate of this region that exists, for `domain` and all names under it; without it one is made. */
      certificateArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:acm:/, "an ACM certificate's ARN")
        .optional(),
    })
    .prefault({}),
  /** `selfHosted`: Redis and TimescaleDB on instances of ours, of the memory and iops kind. */
  stores: z.enum(["managed", "selfHosted"]).default("managed"),
  /** ECS-optimised AL2023 images of the region by id, for `npm run machine-images` to refresh. */
  machineImages: z.strictObject({ standard: machineImage.optional(), gpu: machineImage.optional() }).prefault({}),
  feed: z
    .strictObject({
      url: z.url({ protocol: /^wss?$/ }).default("wss://ws-feed.exchange.coinbase.com"),
      restUrl: z.url({ protocol: /^https?$/ }).default("https://api.exchange.coinbase.com"),
      products: z.array(z.string().regex(/^[A-Z0-9]+-[A-Z0-9]+$/, "a product such as BTC-USD")).min(1),
    })
    .prefault({ products: ["BTC-USD", "ETH-USD", "SOL-USD"] }),
  /** `ec2: false`: Fargate alone, and what needs hardware of its own is refused. */
  ecs: z.strictObject({ ec2: z.boolean().default(true) }).prefault({}),
  /** CPU units and MiB that differ from the catalogue's, by workload. */
  compute: z.record(name, z.strictObject({ cpu: count, memory: count })).default({}),
  /** Counts that differ from the catalogue's, by workload. */
  scaling: z.record(name, z.strictObject({ min: count, desired: count, max: count })).default({}),
  /** Ceilings for everything a stack runs; the policies' config and the namespace's quota come from here. */
  limits: z.strictObject({ vcpu: count, memoryGiB: count, gpus: z.int().nonnegative(), pods: count }),
  logRetentionDays: z.union([z.literal(7), z.literal(14), z.literal(30), z.literal(90), z.literal(365)]).default(30),
});

type Parsed = z.infer<typeof schema>;
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
export type Settings = DeepReadonly<Parsed> & {
  readonly project: string;
  readonly stack: string;
  readonly region: string;
};

/**
 * Settings from Pulumi's flat map (`cryptotracker:target` → text, objects as JSON) or from a stack file's `config`
 * (the same keys, values as YAML has them).
 */
export function parseSettings(stack: string, config: Readonly<Record<string, unknown>>): Result<Settings> {
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (key.startsWith(`${PROJECT}:`)) own[key.slice(PROJECT.length + 1)] = decoded(value);
  }
  const region = typeof config["aws:region"] === "string" ? config["aws:region"] : "us-east-1";
  const parsed = schema.safeParse(own);
  if (parsed.success) return { ok: true, value: { ...parsed.data, project: PROJECT, stack, region } };
  return { ok: false, problems: parsed.error.issues.map((issue) => toProblem(issue, own)) };
}

/** Pulumi hands every value as text; a stack file has real booleans, numbers and maps. */
function decoded(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (value === "true" || value === "false" || /^[[{]/.test(value) || /^-?\d+(\.\d+)?$/.test(value)) {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  return value;
}

function toProblem(issue: z.core.$ZodIssue, root: unknown): Problem {
  const path = ["settings", ...issue.path.map(String), ...(issue.code === "unrecognized_keys" ? issue.keys : [])].join(
    ".",
  );
  if (issue.code === "unrecognized_keys") {
    return { code: "unknown-setting", path, found: issue.keys.join(", "), allowed: "only settings that exist" };
  }
  let found: unknown = root;
  for (const part of issue.path) {
    found = typeof found === "object" && found !== null ? (found as Record<PropertyKey, unknown>)[part] : undefined;
  }
  const shown = found === undefined ? "nothing" : JSON.stringify(found);
  return {
    code: "bad-setting",
    path,
    found: shown.length > 80 ? `${shown.slice(0, 77)}…` : shown,
    allowed: issue.message,
  };
}

/** Names of the stacks that have a file, sorted. */
export function stackNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .flatMap((file) => /^Pulumi\.([A-Za-z0-9_.-]+)\.ya?ml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** Settings of a stack from its file. A stack that does not exist is a problem that names those that do. */
export function readStackFile(folder: string, stack: string): Result<Settings> {
  const stacks = stackNames(folder);
  if (!stacks.includes(stack)) {
    return {
      ok: false,
      problems: [
        {
          code: "unknown-stack",
          path: "--stack",
          found: JSON.stringify(stack),
          allowed: `one of ${stacks.join(", ")}`,
        },
      ],
    };
  }
  const file = `Pulumi.${stack}.yaml`;
  let document: unknown;
  try {
    document = parse(readFileSync(`${folder}/${file}`, "utf8"));
  } catch (error) {
    const found = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return {
      ok: false,
      problems: [{ code: "bad-stack-file", path: file, found, allowed: "YAML with a `config` map" }],
    };
  }
  const config =
    typeof document === "object" && document !== null && "config" in document ? document.config : undefined;
  if (typeof config !== "object" || config === null) {
    return {
      ok: false,
      problems: [{ code: "bad-stack-file", path: file, found: "no `config` map", allowed: "a `config` map" }],
    };
  }
  return parseSettings(stack, Object.fromEntries(Object.entries(config)));
}
