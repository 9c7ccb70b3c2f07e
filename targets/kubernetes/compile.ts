/** The model as manifests that any conformant cluster takes. Pure: the same input gives the same bytes. */
import { check } from "../../platform/check.ts";
import type { Model, Result, Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Compiled } from "../target.ts";
import { autoscaler } from "./autoscaler.ts";
import { deployment, disruptionBudget, ingress, service } from "./deployment.ts";
import type { KubernetesShared, KubernetesUnit, Manifest } from "./forms.ts";
import { cronJob, jobBeforeRollout } from "./job.ts";
import { kubernetesLimits } from "./limits.ts";
import { metadata } from "./names.ts";
import { networkPolicy } from "./network-policy.ts";
import { shared } from "./shared.ts";

export function compile(model: Model, settings: Settings): Result<Compiled<KubernetesUnit, KubernetesShared>> {
  const problems = [...check(model, settings), ...model.workloads.flatMap(kubernetesLimits)];
  if (problems.length > 0) return { ok: false, problems };
  const sorted = [...model.workloads].sort((a, b) => (a.name < b.name ? -1 : 1));
  const units = Object.fromEntries(
    sorted.map((workload) => [workload.name, { manifests: manifests(workload, model, settings) }]),
  );
  return { ok: true, value: { units, shared: shared(model, settings) } };
}

/** In the order in which they are applied. */
export function manifests(workload: Workload, model: Model, settings: Settings): readonly Manifest[] {
  const before: readonly Manifest[] = [
    serviceAccount(workload, model, settings),
    networkPolicy(workload, model, settings),
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
      ? [ingress(workload, workload.route.paths, model, settings)]
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
