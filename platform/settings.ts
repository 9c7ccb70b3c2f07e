/**
 * The only reader of stack configuration: from Pulumi's own map in the program, from `Pulumi.<stack>.yaml` in the pure
 * commands. Both give the same typed, validated, readonly value, or every problem at once.
 *
 * What a stack holds follows from three keys, see docs/decisions/0021-stack-roles.md: `target` (`none` is a foundation
 * alone), `foundation: <stack>` (attached to that stack's), and `traffic` with `sides` (weights and nothing else).
 * `replicas: {<workload>: {atLeast: n} | {exactly: n}}` are counts by hand while a migration runs.
 */
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { Result } from "./model/types.ts";
import { limits, policy } from "./limits.ts";
import { replicas } from "./replicas.ts";
import { attachedTo, prefixOf, roleOf, roleProblems, type Role } from "./roles.ts";
import { readSecretNames } from "./secret-names.ts";
import { toProblem } from "./setting-problems.ts";
import { parseTraffic, type TrafficSettings } from "./traffic.ts";

const PROJECT = "cryptotracker";

const cidr = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "an IPv4 CIDR such as 10.20.0.0/20");
const cidrs = z.array(cidr).length(3);
const count = z.int().positive();
const name = z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, "a DNS label");
const machineImage = z.string().regex(/^ami-[0-9a-f]{8,17}$/, "an image id, ami-…");
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits");
const role = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, "an IAM role's ARN");
const addOnVersion = z.string().regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/, "an EKS add-on's version, v1.2.3-eksbuild.1");

const domain = z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "a domain name");

/** A list of them becomes one environment variable, with commas between. */
const listedUrl = z
  .url({ protocol: /^https?$/, error: "an http(s) URL" })
  .refine((text) => !text.includes(","), { error: "a URL whose commas are written %2C" });

const kubernetesSettings = z.strictObject({
  /** Of the kubeconfig. @default its current context */
  context: z.string().min(1).optional(),
  /** @default the cluster's own */
  ingressClass: name.optional(),
  /**
   * Where an ingress controller's requests come from: its namespace, or the addresses of a load balancer outside of the
   * cluster. @default any pod of the cluster
   */
  ingressFrom: z.union([name, z.array(cidr).min(1)], "a namespace, or a list of IPv4 CIDRs").optional(),
  /** Public name of the platform: the API, the WebSockets and the site are paths of it. */
  domain: domain.optional(),
  /** The Secret of the namespace with the certificate for `domain`, as cert-manager or its owner puts it there. */
  tlsSecret: name.optional(),
  /** Of the stores' disks. @default the cluster's own */
  storageClass: name.optional(),
  /** Whom the telemetry collector hands everything on to, by OTLP over HTTP. */
  otlpEndpoint: z.url({ protocol: /^https?$/, error: "an http(s) URL" }).optional(),
  /** Images of the stores that differ from ours, by store: from a mirror, or by another digest. */
  images: z.record(name, z.string().regex(/^[a-z0-9][A-Za-z0-9./:@_-]*$/, "an image reference")).default({}),
});

const feedProduct = z.string().regex(/^[A-Z0-9]+-[A-Z0-9]+$/, "a product such as BTC-USD");
const FEED_PRODUCTS = ["BTC-USD", "ETH-USD", "SOL-USD"];

const schema = z.strictObject({
  /** `none`: a foundation without workloads. */
  target: z.enum(["ecs", "eks", "kubernetes", "none"]).default("ecs"),
  /** The stack whose foundation this one's workloads use; without it the stack has a foundation of its own. */
  foundation: attachedTo.optional(),
  /** `prod`: users depend on it. Images are pinned, stores large, the edge has a certificate and a firewall. */
  profile: z.enum(["dev", "prod"]).default("dev"),
  namespace: name.default(PROJECT),
  /** Phase 2 of the seed: GPU inference and spot training beside phase 1. */
  ml: z.boolean().default(true),
  gpu: z.enum(["a10g", "a100"]).default("a10g"),
  /** Alerts by web push, which are signed with a key of the stack's own, the secret `vapid`. */
  push: z.boolean().default(true),
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
      domain: domain.optional(),
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
      products: z.array(feedProduct).min(1),
      /** A second exchange, to compare with; of what the first does not carry it is the only one. null: it is not read. */
      kraken: z
        .strictObject({
          url: z.url({ protocol: /^wss?$/ }).default("wss://ws.kraken.com/v2"),
          restUrl: z.url({ protocol: /^https?$/ }).default("https://api.kraken.com"),
          products: z.array(feedProduct).min(1).default(FEED_PRODUCTS),
        })
        .nullable()
        .prefault({}),
    })
    .prefault({ products: FEED_PRODUCTS }),
  /** Whom social posts are read from; null or an empty list is nobody. */
  posts: z
    .strictObject({
      /** @source Bluesky's public instances, github.com/bluesky-social/jetstream, read 2026-11 */
      jetstreamUrl: z
        .url({ protocol: /^wss?$/, error: "a ws(s) URL" })
        .nullable()
        .default("wss://jetstream2.us-east.bsky.network/subscribe?wantedCollections=app.bsky.feed.post"),
      rssUrls: z
        .array(listedUrl)
        .default([
          "https://www.coindesk.com/arc/outboundfeeds/rss/",
          "https://cointelegraph.com/rss",
          "https://decrypt.co/feed",
        ]),
      redditUrls: z.array(listedUrl).default(["https://www.reddit.com/r/CryptoCurrency/new.json"]),
    })
    .prefault({}),
  /** `ec2: false`: Fargate alone, and what needs hardware of its own is refused. */
  ecs: z.strictObject({ ec2: z.boolean().default(true) }).prefault({}),
  eks: z
    .strictObject({
      /** Of Kubernetes. @default the newest that targets/eks/versions.ts lists */
      version: z
        .string('a Kubernetes version in quotes, such as "1.36": without them YAML makes a number of it')
        .regex(/^1\.\d{2}$/, 'a Kubernetes version such as "1.36"')
        .optional(),
      /** From where the cluster's API answers; none is from inside the VPC only, as prod has it. */
      publicAccessCidrs: z.array(cidr).default([]),
      /**
       * Roles that may do everything in the cluster. EKS lets in the one that makes it by itself, and refuses to do so
       * twice: every other one that will run this program stands here, that one not.
       */
      administrators: z.array(role).default([]),
      /** Versions that differ from targets/eks/add-ons.ts, by add-on. */
      addOns: z.record(name, addOnVersion).default({}),
      /** Machines and counts that differ from what the workloads ask for, by node group. */
      nodes: z
        .record(
          name,
          z.strictObject({
            instanceTypes: z.array(z.string()).min(1).optional(),
            min: z.int().nonnegative().optional(),
            max: count.optional(),
          }),
        )
        .default({}),
    })
    .prefault({}),
  /** What `target: kubernetes` finds on its cluster; all of it optional. */
  kubernetes: kubernetesSettings.prefault({}),
  /** CPU units and MiB that differ from the catalogue's, by workload. */
  compute: z.record(name, z.strictObject({ cpu: count, memory: count })).default({}),
  /** Counts that differ from the catalogue's, by workload. */
  scaling: z.record(name, z.strictObject({ min: count, desired: count, max: count })).default({}),
  /** Counts by hand, by workload, while traffic and workers move between two sides. */
  replicas: replicas.default({}),
  /** Ceilings for everything a stack runs; the policies' config and the namespace's quota come from here. */
  limits,
  /** How the policies are enforced, and who is exempt. */
  policy: policy.prefault({}),
  logRetentionDays: z.union([z.literal(7), z.literal(14), z.literal(30), z.literal(90), z.literal(365)]).default(30),
});

type Parsed = z.infer<typeof schema>;
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
export type Settings = DeepReadonly<Parsed> & {
  readonly project: string;
  readonly stack: string;
  readonly region: string;
  readonly role: Exclude<Role, "traffic">;
  /** What begins each name that AWS wants unique in an account: the seed's, or an attached stack's own. */
  readonly prefix: string;
  /** Names of the secrets that are configured, sorted. Their values are in no setting: a deployer reads them as Outputs. */
  readonly secrets: readonly string[];
};

/** What any stack is set to: workloads or a foundation or both, or weights. */
export type StackSettings = Settings | TrafficSettings;

/**
 * Settings from Pulumi's flat map (`cryptotracker:target` → text, objects as JSON) or from a stack file's `config`
 * (the same keys, values as YAML has them).
 */
export function parseStack(stack: string, config: Readonly<Record<string, unknown>>): Result<StackSettings> {
  const own: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (!key.startsWith(`${PROJECT}:`)) continue;
    const setting = key.slice(PROJECT.length + 1);
    own[setting] = setting === "secrets" ? value : decoded(value);
  }
  const region = typeof config["aws:region"] === "string" ? config["aws:region"] : "us-east-1";
  const identity = { project: PROJECT, stack, region };
  if (own["traffic"] !== undefined || own["sides"] !== undefined) return parseTraffic(own, identity);
  // Taken out before anything else looks: a value must not stand in a problem's text.
  const { secrets: given, ...rest } = own;
  const secrets = readSecretNames(given, stack);
  const parsed = schema.safeParse(rest);
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => toProblem(issue, rest))),
    ...roleProblems(stack, own),
    ...(secrets.ok ? [] : secrets.problems),
  ];
  if (!parsed.success || !secrets.ok || problems.length > 0) return { ok: false, problems };
  const role = roleOf(parsed.data);
  const prefix = prefixOf(role, identity);
  return { ok: true, value: { ...parsed.data, ...identity, role, prefix, secrets: secrets.value } };
}

/** The same for whoever needs a model: a stack that holds weights has none. */
export function parseSettings(stack: string, config: Readonly<Record<string, unknown>>): Result<Settings> {
  const parsed = parseStack(stack, config);
  if (!parsed.ok) return parsed;
  if (parsed.value.role !== "traffic") return { ok: true, value: parsed.value };
  const allowed = "a stack with workloads or a foundation";
  const found = `${stack}, which holds weights and nothing else`;
  return { ok: false, problems: [{ code: "role-holds", path: "settings.traffic", found, allowed }] };
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
