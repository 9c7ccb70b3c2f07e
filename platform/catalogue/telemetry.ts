/** Traces and metrics of all services go to one collector of our own; the cloud's APIs are its business alone. */
import { logGroup } from "../conventions.ts";
import type { Service, Workload } from "../model/types.ts";
import type { Settings } from "../settings.ts";
import { autoscaling, DOUBLE, general } from "./defaults.ts";

const NAME = "telemetry-collector";
const SLUG = "telemetry";

/**
 * AWS Distro for OpenTelemetry v0.48.0, all its architectures.
 * @source public.ecr.aws/aws-observability/aws-otel-collector, read 2026-11
 */
const IMAGE =
  "public.ecr.aws/aws-observability/aws-otel-collector@sha256:9b28046359054b414f4ba76056ba4e8cffda2d53fbcee06171d7eeecd71326c3";

/** OTLP over HTTP, the protocol that every SDK starts with. @source OpenTelemetry specification, "OTLP exporter" */
const OTLP_PORT = 4318;
/** The collector's own health check. @source aws-otel-collector, cmd/healthcheck/main.go */
const HEALTH_PORT = 13133;

export function telemetryCollector({ project, region }: Settings): Service {
  return {
    kind: "service",
    name: NAME,
    slug: SLUG,
    // The image has neither a shell nor curl.
    image: { reference: IMAGE, healthCheck: ["/healthcheck"] },
    compute: general(256, 512),
    port: { number: OTLP_PORT, protocol: "http" },
    // JSON is YAML, which is what the collector reads.
    env: { AOT_CONFIG_CONTENT: JSON.stringify(configuration(region, project)) },
    uses: [
      { to: { kind: "traces", name: "x-ray" }, access: "send" },
      { to: { kind: "metrics", name: "cloudwatch" }, access: "send" },
      // Its image comes from a public registry, which no endpoint inside the VPC serves; X-Ray's API likewise.
      { to: { kind: "internet", name: "public registry" }, access: "call", hosts: ["public.ecr.aws"], ports: [443] },
    ],
    probes: {
      live: { path: "/", interval: 30, timeout: 5, failures: 3 },
      ready: { path: "/", interval: 10, timeout: 5, failures: 3 },
      grace: 30,
      port: HEALTH_PORT,
    },
    scaling: autoscaling({ min: 1, desired: 1, max: 3 }, 70),
    rollout: DOUBLE,
    shutdown: { drain: 0, stopTimeout: 30 },
    interruptible: false,
  };
}

/**
 * What runs for long tells the collector. A job does not: Service Connect joins services only, and what a job did is in
 * its log.
 */
export function reporting(workload: Workload): Workload {
  if (workload.kind === "job" || workload.name === NAME) return workload;
  const uses = [
    ...workload.uses,
    { as: "OTEL_EXPORTER_OTLP", to: { kind: "service", name: NAME }, access: "report" },
  ] as const;
  return workload.kind === "service" ? { ...workload, uses } : { ...workload, uses };
}

/** @source aws-otel-collector, docs/developers/ecs-demo.md; exporters awsxray and awsemf of opentelemetry-collector-contrib */
function configuration(region: string, project: string) {
  return {
    extensions: { health_check: { endpoint: `0.0.0.0:${HEALTH_PORT}` } },
    receivers: { otlp: { protocols: { http: { endpoint: `0.0.0.0:${OTLP_PORT}` } } } },
    processors: {
      // Refuses what comes before memory runs out; senders try again.
      memory_limiter: { check_interval: "1s", limit_percentage: 75, spike_limit_percentage: 20 },
      batch: {},
    },
    exporters: {
      awsxray: { region },
      awsemf: {
        region,
        namespace: project,
        log_group_name: logGroup(project, SLUG),
        log_stream_name: "metrics",
        dimension_rollup_option: "NoDimensionRollup",
      },
    },
    service: {
      extensions: ["health_check"],
      pipelines: {
        traces: { receivers: ["otlp"], processors: ["memory_limiter", "batch"], exporters: ["awsxray"] },
        metrics: { receivers: ["otlp"], processors: ["memory_limiter", "batch"], exporters: ["awsemf"] },
      },
    },
  };
}
