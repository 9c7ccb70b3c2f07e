/** Models of any shape that both targets take, for properties. */
import fc from "fast-check";
import { looksLikeSecret } from "../../../platform/model/secrets.ts";
import type {
  Binding,
  Compute,
  Job,
  Model,
  Probes,
  Rollout,
  Service,
  Worker,
  Workload,
} from "../../../platform/model/types.ts";
import { devModel } from "../../support/stacks.ts";

const seconds = (min: number, max: number) => fc.integer({ min, max });

const check = fc.record({
  path: fc.constantFrom("/health", "/ready", "/live/deep", "/"),
  interval: seconds(6, 120),
  timeout: seconds(2, 5),
  failures: seconds(1, 10),
});

const probes: fc.Arbitrary<Probes> = fc.record(
  { live: check, ready: check, grace: seconds(0, 300), port: fc.constant(9090) },
  { requiredKeys: ["live", "ready", "grace"] },
);

const purchase = fc.constantFrom("onDemand" as const, "spot" as const);
const cpuCap = fc.constantFrom("hard" as const, "burst" as const);

const compute: fc.Arbitrary<Compute> = fc.oneof(
  fc.record({
    cpu: fc.integer({ min: 64, max: 4096 }),
    cpuCap,
    memory: fc.integer({ min: 64, max: 8192 }),
    on: fc.record(
      { pool: fc.constant("general" as const), ephemeral: fc.integer({ min: 21, max: 200 }) },
      { requiredKeys: ["pool"] },
    ),
    purchase,
    architecture: fc.constantFrom("x86_64" as const, "arm64" as const),
  }),
  fc.record({
    cpu: fc.integer({ min: 256, max: 1024 }),
    cpuCap,
    memory: fc.integer({ min: 512, max: 4096 }),
    on: fc.oneof(
      fc.record({ pool: fc.constantFrom("memory" as const, "iops" as const), ephemeral: fc.constantFrom(20, 40) }),
      fc.record(
        {
          pool: fc.constant("gpu" as const),
          gpus: fc.constant(1),
          gpu: fc.constantFrom("a10g" as const, "a100" as const),
          sharedMemory: fc.integer({ min: 64, max: 500 }),
        },
        { requiredKeys: ["pool", "gpus", "gpu"] },
      ),
    ),
    purchase,
    architecture: fc.constant("x86_64" as const),
  }),
);

/** Every way in which a binding puts something into the environment. */
const BINDINGS: readonly Binding[] = [
  { as: "DATABASE", to: { kind: "postgres", name: "database" }, access: "read" },
  { as: "MAIN_REDIS", to: { kind: "redis", name: "redis" }, access: "readwrite" },
  { as: "PRICES", to: { kind: "topic", name: "prices" }, access: "produce" },
  { as: "PRICES", to: { kind: "topic", name: "prices" }, access: "consume", group: "writers" },
  { as: "ALERTS", to: { kind: "topic", name: "alerts" }, access: "consume", group: "perReplica" },
  { as: "CLEAN", to: { kind: "topic", name: "posts.clean" }, access: "produce" },
  { as: "REQUESTS", to: { kind: "queue", name: "ml-requests" }, access: "send" },
  { as: "RESULTS", to: { kind: "queue", name: "ml-results" }, access: "receive" },
  { as: "MODELS", to: { kind: "bucket", name: "models" }, access: "readwrite" },
  { as: "DATASETS", to: { kind: "bucket", name: "datasets" }, access: "read" },
  { as: "SMTP", to: { kind: "secret", name: "smtp" }, access: "read" },
  { to: { kind: "internet", name: "feeds" }, access: "call", hosts: ["feeds.example.com"], ports: [443] },
  { to: { kind: "internet", name: "mail" }, access: "call", hosts: "any", ports: [587] },
];

const env = fc
  .dictionary(
    fc.constantFrom("LOG_LEVEL", "FEATURES", "TZ", "GREETING", "PUBLIC_PATH", "X"),
    fc.oneof(
      fc.constantFrom("$(HOME)", "$$", "a $(LOG_LEVEL) b", "", "yes", "0644", '"', "'"),
      fc.string({ unit: "grapheme" }),
    ),
  )
  .filter((each) => Object.entries(each).every(([name, value]) => !looksLikeSecret(name, value)));

const common = fc.record(
  {
    image: fc.constantFrom(
      { build: "api" },
      { build: "model-training" },
      { reference: `registry.example.com/team/tool@sha256:${"0123456789abcdef".repeat(4)}` as const },
    ),
    command: fc.constantFrom(["serve", "--port", "80"], ["sh", "-c", "echo $(date) '$$'"]),
    compute,
    env,
    uses: fc.subarray([...BINDINGS]),
    shutdown: fc.record({ drain: seconds(0, 120), stopTimeout: seconds(1, 120) }),
    slo: fc.constant({ availability: 99, p99Milliseconds: 500 }),
    zones: fc.constant("together" as const),
    interruptible: fc.constant(true),
  },
  { requiredKeys: ["image", "compute", "env", "uses", "shutdown", "interruptible"] },
);

const rollout: fc.Arbitrary<Rollout> = fc.oneof(
  fc.record({
    strategy: fc.constant("surge" as const),
    minHealthy: fc.constantFrom(0, 25, 50, 75, 100),
    max: fc.constantFrom(100, 125, 150, 200),
  }),
  fc.constant({ strategy: "replaceOneByOne" as const }),
);

const autoscaling = fc
  .record({
    counts: fc.tuple(seconds(1, 5), fc.nat(4), fc.nat(4)),
    out: seconds(1, 900),
    in: seconds(1, 900),
    on: fc.subarray(
      [
        { cpu: 70 },
        { memory: 80 },
        { lag: { kind: "topic" as const, name: "prices" }, group: "writers", perReplica: 100 },
        { depth: { kind: "queue" as const, name: "ml-requests" }, perReplica: 10 },
      ],
      { minLength: 1 },
    ),
  })
  .map(({ counts: [min, more, most], ...rest }) => ({ min, desired: min + more, max: min + more + most, ...rest }));

/** By place in the list: a service may call those before it. */
type Made = (index: number, before: readonly Workload[]) => Workload;

const named = (index: number) => ({ name: `workload-${index}`, slug: `w${index}` });

const service: fc.Arbitrary<Made> = fc
  .record({ common, probes, rollout, autoscaling, calls: fc.boolean(), routed: fc.boolean() })
  .chain((parts) =>
    fc.constantFrom("http" as const, "websocket" as const, "tcp" as const).map((protocol) => ({ ...parts, protocol })),
  )
  .map(
    ({ common: rest, probes: asked, rollout: how, autoscaling: scaling, calls, routed, protocol }) =>
      (index, before): Service => {
        const callee = before.find(({ kind }) => kind === "service");
        const call: readonly Binding[] =
          calls && callee ? [{ as: "BACKEND", to: { kind: "service", name: callee.name }, access: "call" }] : [];
        return {
          kind: "service",
          ...named(index),
          ...rest,
          uses: [...rest.uses, ...call],
          port: { number: 3000 + index, protocol },
          ...(routed ? { route: { paths: [`/w${index}/*`, `/exact-${index}`] } } : {}),
          probes: asked,
          scaling,
          rollout: how,
        };
      },
  );

const worker: fc.Arbitrary<Made> = fc
  .record({ common, probes, rollout, scaling: fc.oneof(autoscaling, fc.constant({ singleton: true as const })) })
  .map(({ common: rest, ...parts }) => (index): Worker => {
    return { kind: "worker", ...named(index), ...rest, ...parts, port: { number: 8080, protocol: "http" } };
  });

const job: fc.Arbitrary<Made> = fc
  .record({
    common,
    trigger: fc.constantFrom(
      { schedule: "*/5 * * * *" },
      { schedule: "0 3 * * 1-5" },
      { schedule: "30 4 1 * *" },
      { before: "rollout" as const },
    ),
    attempts: seconds(1, 5),
    deadline: seconds(60, 7200),
  })
  .map(({ common: rest, ...parts }) => (index): Job => ({ kind: "job", ...named(index), ...rest, ...parts }));

/** One to four workloads on the catalogue's stores; the targets may still refuse it. */
export const models: fc.Arbitrary<Model> = fc
  .array(fc.oneof(service, worker, job), { minLength: 1, maxLength: 4 })
  .map((makers) => {
    const workloads: Workload[] = [];
    makers.forEach((make, index) => workloads.push(make(index, workloads)));
    // Records that fast-check makes have no prototype; what anybody else makes has one.
    return structuredClone({ ...devModel, workloads });
  });
