/**
 * The telemetry collector where there is no X-Ray and no CloudWatch: what the services report goes on by OTLP to whatever
 * the cluster's owner names, or is counted in the collector's own log and kept nowhere.
 */
import { z } from "zod";
import type { Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";

/** Where the collector reads its configuration. @source aws-otel-collector, docs/developers/docker-demo.md */
const CONFIGURATION = "AOT_CONFIG_CONTENT";

const pipeline = z.looseObject({ exporters: z.array(z.string()) });
const configuration = z.looseObject({
  exporters: z.record(z.string(), z.unknown()),
  service: z.looseObject({ pipelines: z.record(z.string(), pipeline) }),
});

/** The same workload; the collector with exporters that need no cloud. */
export function withoutCloudExporters(workload: Workload, settings: Settings): Workload {
  const text = workload.env[CONFIGURATION];
  if (!collects(workload) || text === undefined) return workload;
  const given = configuration.parse(JSON.parse(text));
  const exporters = exportersOf(settings);
  const pipelines: Record<string, object> = {};
  for (const [name, each] of Object.entries(given.service.pipelines)) {
    pipelines[name] = { ...each, exporters: Object.keys(exporters) };
  }
  const changed = { ...given, exporters, service: { ...given.service, pipelines } };
  return { ...workload, env: { ...workload.env, [CONFIGURATION]: JSON.stringify(changed) } };
}

/** The way that the collector needs out, beside its bindings'. `namespace` where its owner's is in the cluster. */
export function collectorEndpoint(
  workload: Workload,
  { kubernetes: { otlpEndpoint } }: Settings,
): readonly { readonly namespace: string | undefined; readonly port: number }[] {
  if (!collects(workload) || otlpEndpoint === undefined) return [];
  const { hostname, port, protocol } = new URL(otlpEndpoint);
  const namespace = /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(\.cluster\.local)?$/.exec(hostname)?.[1];
  return [{ namespace, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) }];
}

/** Who sends to the cloud's own tracing and metrics. */
function collects({ uses }: Workload): boolean {
  return uses.some(({ to }) => to.kind === "traces" || to.kind === "metrics");
}

/** @source opentelemetry-collector, exporters otlphttp and debug */
function exportersOf({ kubernetes: { otlpEndpoint } }: Settings): Readonly<Record<string, unknown>> {
  return otlpEndpoint === undefined ? { debug: { verbosity: "basic" } } : { otlphttp: { endpoint: otlpEndpoint } };
}
