/**
 * CryptoTracker: everything that it runs. Figures marked "seed" are the analysis' own; they are dev's too. What another
 * stack sizes or counts differently stands in its settings (`compute`, `scaling`), not here.
 */
import { backends } from "./catalogue/backends.ts";
import { machineLearning } from "./catalogue/machine-learning.ts";
import { publicServices } from "./catalogue/public-services.ts";
import { reporting, telemetryCollector } from "./catalogue/telemetry.ts";
import { stores } from "./catalogue/stores.ts";
import type { Model, Workload } from "./model/types.ts";
import type { Settings } from "./settings.ts";

/** The model of a stack. Pure: the same settings give the same model. */
export function cryptotracker(settings: Settings): Model {
  const workloads = [
    ...publicServices(settings),
    ...backends(settings),
    ...(settings.ml ? machineLearning(settings) : []),
    telemetryCollector(settings),
  ].map(reporting);
  return {
    project: settings.project,
    prefix: settings.prefix,
    workloads: workloads.map((workload) => rescaled(workload, settings)),
    sites: [{ name: "web", build: "web", routes: ["/", "/*"] }],
    stores: stores(settings),
    topics: [
      { name: "prices", store: "kafka", partitions: 6, retentionHours: 72, key: "product" },
      { name: "posts.raw", store: "kafka", partitions: 12, retentionHours: 72, key: "source and author" },
      { name: "posts.clean", store: "kafka", partitions: 12, retentionHours: 72, key: "symbol" },
      { name: "sentiment", store: "kafka", partitions: 12, retentionHours: 168, key: "symbol" },
      { name: "alerts", store: "kafka", partitions: 6, retentionHours: 168, key: "user" },
      { name: "dead-letters", store: "kafka", partitions: 3, retentionHours: 336, key: "topic of origin" },
    ],
    queues: settings.ml
      ? [
          { name: "ml-requests", visibility: 120, maxReceives: 5 },
          { name: "ml-results", visibility: 60, maxReceives: 5 },
        ]
      : [],
    buckets: [
      { name: "models", purpose: "trained models and checkpoints" },
      { name: "datasets", purpose: "training data" },
      { name: "web", purpose: "the site's static files" },
      { name: "logs", purpose: "access logs" },
    ],
    secrets: [
      { name: "jwt-signing", key: "key" },
      { name: "smtp", key: "url" },
      ...(settings.push ? [{ name: "vapid", key: "key" }] : []),
    ],
  };
}

function rescaled(workload: Workload, settings: Settings): Workload {
  const resized = { ...workload, compute: { ...workload.compute, ...settings.compute[workload.name] } };
  return recounted(resized, settings);
}

function recounted(workload: Workload, settings: Settings): Workload {
  const counts = settings.scaling[workload.name];
  if (counts === undefined || workload.kind === "job" || !("min" in workload.scaling)) return workload;
  // Both kinds of long-running workload carry an Autoscaling here; the spread keeps the kind.
  return workload.kind === "service"
    ? { ...workload, scaling: { ...workload.scaling, ...counts } }
    : { ...workload, scaling: { ...workload.scaling, ...counts } };
}
