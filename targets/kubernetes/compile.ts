/** The model as manifests that any conformant cluster takes. Pure: the same input gives the same bytes. */
import { check } from "../../platform/check.ts";
import type { Model, Result, Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Compiled } from "../target.ts";
import { autoscaler } from "./autoscaler.ts";
import { deployment, disruptionBudget, service } from "./deployment.ts";
import type { KubernetesShared, KubernetesUnit, Manifest } from "./forms.ts";
import { ingress } from "./ingress.ts";
import { cronJob, jobBeforeRollout } from "./job.ts";
import { kubernetesLimits } from "./limits.ts";
import { metadata } from "./names.ts";
import { networkPolicy } from "./network-policy.ts";
import { cluster, type Place } from "./place.ts";
import { shared } from "./shared.ts";
import { site } from "./site.ts";
import { stackLimits } from "./stack-limits.ts";
import { withStandIns } from "./stand-ins.ts";
import { stores } from "./stores/index.ts";
import { withoutCloudExporters } from "./telemetry.ts";

export function compile(model: Model, settings: Settings): Result<Compiled<KubernetesUnit, KubernetesShared>> {
  const problems = [
    ...check(model, settings),
    ...stackLimits(model, settings),
    ...model.workloads.flatMap(kubernetesLimits),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const sorted = [...model.workloads].sort((a, b) => (a.name < b.name ? -1 : 1));
  const units = Object.fromEntries(sorted.map((workload) => [workload.name, unit(workload, model, settings)]));
  const everything = [
    ...shared(model, settings).manifests,
    ...stores(model, settings),
    ...model.sites.flatMap((each) => site(each, model, settings)),
  ];
  return { ok: true, value: { units, shared: { manifests: everything } } };
}

/** A cluster that nobody stands behind: its own stores, no cloud's APIs. */
function unit(workload: Workload, model: Model, settings: Settings): KubernetesUnit {
  const alone = withoutCloudExporters(workload, settings);
  return {
    manifests: manifests(alone, model, settings, cluster(settings)).map((each) =>
      withStandIns(each, workload, settings),
    ),
  };
}

/**
 * In the order in which they are applied.
 * @param place where the peers are that are no workloads
 */
export function manifests(workload: Workload, model: Model, settings: Settings, place: Place): readonly Manifest[] {
  const before: readonly Manifest[] = [
    serviceAccount(workload, model, settings),
    networkPolicy(workload, model, settings, place),
  ];
  if (workload.kind === "job") {
    const job =
      "schedule" in workload.trigger
        ? cronJob(workload, workload.trigger.schedule, model, settings)
        : jobBeforeRollout(workload, model, settings);
    return [...before, job];
  }
  return [
    ...before,
    deployment(workload, model, settings),
    ...(workload.kind === "service" ? [service(workload, model, settings)] : []),
    ...(workload.kind === "service" && workload.route
      ? [ingress(metadata(workload, model, settings), workload.route.paths, workload.port.protocol, settings)]
      : []),
    ...("singleton" in workload.scaling ? [] : [autoscaler(workload, workload.scaling, model, settings)]),
    disruptionBudget(workload, model, settings),
  ];
}

/** An identity of its own, without a token for the API server: none of ours talks to it. */
function serviceAccount(workload: Workload, model: Model, settings: Settings): Manifest {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadata(workload, model, settings),
    automountServiceAccountToken: false,
  };
}
