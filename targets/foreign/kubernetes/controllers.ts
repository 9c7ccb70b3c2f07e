/** What keeps pods running: Deployment, StatefulSet, DaemonSet, CronJob, Job. */
import type { JobBehaviour } from "../../../platform/model/behaviour.ts";
import { Fields } from "../fields.ts";
import type { Log } from "../log.ts";
import type { Manifest } from "../sort.ts";
import { readMetadata, readSelector, type Metadata } from "./metadata.ts";
import { readTemplate, type Pod, type Surroundings } from "./pod.ts";

export const CONTROLLERS = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"] as const;

/** `surge` and `unavailable` as they stand there: a number, or a text with %. */
export interface Rolling {
  readonly surge: string | number;
  readonly unavailable: string | number;
}

export interface Controller {
  readonly where: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly pod: Pod;
  readonly log: Log;
  /** undefined: none is said; null: one on each node. */
  readonly replicas: number | undefined | null;
  /** null: everything goes before anything comes; a text: why it can not be told. */
  readonly rolling: Rolling | null | { readonly untold: string };
  readonly job: JobBehaviour | null;
}

/** @source Kubernetes API reference, Deployment, StatefulSet, Job; 1.30 */
const DEFAULTS = { surge: "25%", unavailable: "25%", backoffLimit: 6 } as const;
const ONE_BY_ONE: Rolling = { surge: 0, unavailable: 1 };

export function readController(
  { where, kind, value }: Manifest,
  surroundings: Surroundings,
  log: Log,
): Controller | undefined {
  const own: Log = { problems: log.problems, notes: [] };
  return Fields.read(value, where, "", own, (fields) => {
    fields.raw("kind");
    fields.raw("apiVersion");
    const metadata = readMetadata(fields);
    const spec = fields.object("spec", (each) => readSpec(each, kind, metadata, surroundings));
    if (!spec?.pod) {
      fields.problem("spec", "no template of a pod", `a ${kind} with one`);
      return undefined;
    }
    // One without containers has its problem already.
    return spec.pod.containers.length === 0 ? undefined : { where, kind, metadata, ...spec, pod: spec.pod, log: own };
  });
}

type Spec = Pick<Controller, "replicas" | "rolling" | "job"> & { readonly pod: Pod | undefined };

function readSpec(fields: Fields, kind: string, metadata: Metadata, surroundings: Surroundings): Spec {
  if (kind === "CronJob") return cronJob(fields, surroundings);
  if (kind === "Job") return readJob(fields, hookOf(metadata), surroundings, fields);
  const pod = fields.object("template", (template) => readTemplate(template, surroundings));
  fields.object("selector", readSelector);
  fields.aside("how many old ones are kept", "revisionHistoryLimit");
  fields.unsaid("minReadySeconds", "how long a replica must have been ready", "rollout");
  if (kind === "Deployment") {
    fields.aside("when a rollout counts as failed", "progressDeadlineSeconds");
    fields.unsaid("paused", "a rollout that is paused", "rollout");
    return {
      pod,
      job: null,
      replicas: fields.whole("replicas"),
      rolling: fields.has("strategy") ? (fields.object("strategy", strategy) ?? null) : usual(),
    };
  }
  if (kind === "DaemonSet") {
    fields.aside("how it is replaced", "updateStrategy");
    fields.note("unsaid", "", "one on each node", "scaling");
    return { pod, job: null, replicas: null, rolling: { untold: "one on each node" } };
  }
  fields.note("unsaid", "", "replicas with names and disks of their own (a StatefulSet)");
  fields.aside("names and order of its replicas", "serviceName", "podManagementPolicy", "ordinals");
  fields.aside("when disks are deleted", "persistentVolumeClaimRetentionPolicy");
  fields.unsaid("volumeClaimTemplates", "disks that outlive their replicas", "compute");
  const onDelete = fields.object("updateStrategy", (each) => {
    each.unsaid("rollingUpdate", "how far a rollout goes", "rollout");
    return each.text("type") === "OnDelete";
  });
  const rolling = onDelete ? { untold: "replicas are replaced when somebody deletes them" } : ONE_BY_ONE;
  return { pod, job: null, replicas: fields.whole("replicas"), rolling };
}

function usual(): Rolling {
  return { surge: DEFAULTS.surge, unavailable: DEFAULTS.unavailable };
}

function strategy(fields: Fields): Rolling | null {
  const rolling = fields.object("rollingUpdate", (each) => ({
    surge: share(each, "maxSurge") ?? DEFAULTS.surge,
    unavailable: share(each, "maxUnavailable") ?? DEFAULTS.unavailable,
  }));
  return fields.text("type") === "Recreate" ? null : (rolling ?? usual());
}

/** A whole number or a percentage. */
export function share(fields: Fields, name: string): string | number | undefined {
  const given = fields.scalar(name);
  if (given === undefined || /^\d+%?$/.test(String(given))) return given;
  fields.problem(name, "neither", "a whole number, or a percentage as 25%");
  return undefined;
}

function cronJob(fields: Fields, surroundings: Surroundings): Spec {
  const schedule = fields.text("schedule") ?? "";
  const zone = fields.text("timeZone");
  if (zone !== undefined && !["Etc/UTC", "UTC"].includes(zone))
    fields.note("unsaid", "timeZone", `the time zone ${zone}; the model's schedules are in UTC`, "trigger");
  const overlapping = (fields.text("concurrencyPolicy") ?? "Allow") === "Allow";
  fields.aside("how many runs are kept", "successfulJobsHistoryLimit", "failedJobsHistoryLimit");
  fields.aside("how late it may start", "startingDeadlineSeconds");
  fields.unsaid("suspend", "that it is suspended", "trigger");
  const spec = fields.object("jobTemplate", (template) => {
    template.object("metadata", (each) => each.skip());
    return template.object("spec", (each) => readJob(each, `schedule:${schedule}`, surroundings, fields));
  });
  const job = spec?.job && { ...spec.job, maxParallel: overlapping ? null : spec.job.maxParallel };
  return { pod: spec?.pod, job: job ?? null, replicas: undefined, rolling: null };
}

/** A Job by itself runs when it is applied; a chart's hook runs before or after the rest. */
function hookOf({ annotations }: Metadata): string {
  const [hook] = (annotations.get("helm.sh/hook") ?? "pre-upgrade").split(",");
  return hook?.startsWith("pre-") ? "before:rollout" : `hook:${hook ?? ""}`;
}

function readJob(fields: Fields, trigger: string, surroundings: Surroundings, owner: Fields): Spec {
  const pod = fields.object("template", (template) => readTemplate(template, surroundings));
  fields.aside("what its controller writes", "selector", "manualSelector", "ttlSecondsAfterFinished", "managedBy");
  fields.ours("completionMode", ["NonIndexed"], "runs with a number each");
  fields.ours("podReplacementPolicy", ["TerminatingOrFailed", "Failed"], "when a run is replaced");
  fields.ours("suspend", [false], "that it is suspended");
  for (const name of ["backoffLimitPerIndex", "maxFailedIndexes", "podFailurePolicy", "successPolicy"])
    fields.unsaid(name, "which failures count", "attempts");
  const completions = fields.whole("completions") ?? 1;
  if (completions !== 1) owner.note("unsaid", "completions", `${completions} runs to one job`, "trigger");
  const job = {
    trigger,
    attempts: (fields.whole("backoffLimit") ?? DEFAULTS.backoffLimit) + 1,
    deadline: fields.whole("activeDeadlineSeconds") ?? null,
    maxParallel: fields.whole("parallelism") ?? 1,
  };
  return { pod, job, replicas: undefined, rolling: null };
}
