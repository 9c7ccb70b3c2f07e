/** The Kubernetes form with what AWS binds to it. Pure: the same input gives the same bytes. */
import { check } from "../../platform/check.ts";
import type { Model, Result, Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { targetGroup } from "../aws/target-group.ts";
import { manifests as plainManifests } from "../kubernetes/compile.ts";
import type { Manifest } from "../kubernetes/forms.ts";
import { vpc } from "../kubernetes/place.ts";
import type { Compiled } from "../target.ts";
import { accessProblems } from "./access.ts";
import { addOnProblems } from "./add-ons.ts";
import { addressProblems } from "./addresses.ts";
import { capacityProblems } from "./capacity.ts";
import { externalSecrets } from "./external-secret.ts";
import type { EksManifest, EksShared, EksUnit } from "./forms.ts";
import { podIdentity, secretsRole } from "./identity.ts";
import { scaledJob, scaledObject, scalesOnBacklog } from "./keda.ts";
import { eksLimits } from "./limits.ts";
import { withPodIdentityAgent } from "./network-policy.ts";
import { cronJobOnEks, jobOnEks, onEks } from "./pod.ts";
import { securityGroup, securityGroupPolicy } from "./security-group.ts";
import { shared } from "./shared.ts";
import { targetGroupBinding } from "./target-group-binding.ts";
import { versionProblems } from "./versions.ts";

export function compile(model: Model, settings: Settings): Result<Compiled<EksUnit, EksShared>> {
  const problems = [
    ...check(model, settings),
    ...versionProblems(settings),
    ...accessProblems(settings),
    ...addOnProblems(settings),
    ...model.workloads.flatMap((workload) => eksLimits(workload, model)),
    ...capacityProblems(model, settings),
    ...addressProblems(model, settings),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const sorted = [...model.workloads].sort((a, b) => (a.name < b.name ? -1 : 1));
  const units = Object.fromEntries(sorted.map((workload) => [workload.name, unit(workload, model, settings)]));
  return { ok: true, value: { units, shared: shared(model, settings) } };
}

function unit(workload: Workload, model: Model, settings: Settings): EksUnit {
  const identity = podIdentity(workload, model, settings);
  const secrets = secretsRole(workload);
  return {
    manifests: [
      // Before the pods that they are for.
      ...externalSecrets(workload, model, settings),
      securityGroupPolicy(workload, model, settings),
      ...plainManifests(workload, model, settings, vpc(settings)).map((each) =>
        adapted(each, workload, model, settings),
      ),
    ],
    ...(identity ? { podIdentity: identity } : {}),
    ...(secrets ? { secretsRole: secrets } : {}),
    securityGroup: securityGroup(workload, model),
    ...(workload.kind === "service" && workload.route
      ? { targetGroup: targetGroup("eks", workload, workload.route.paths, model) }
      : {}),
  };
}

/** Each manifest of the plain form as EKS has it; what is not named here stays as it is. */
function adapted(manifest: Manifest, workload: Workload, model: Model, settings: Settings): EksManifest {
  if (manifest.kind === "NetworkPolicy")
    return podIdentity(workload, model, settings) ? withPodIdentityAgent(manifest) : manifest;
  if (manifest.kind === "Deployment") return onEks(manifest, workload, model);
  if (manifest.kind === "CronJob") return cronJobOnEks(manifest, workload, model);
  if (manifest.kind === "Job")
    return workload.kind === "job" && "queue" in workload.trigger
      ? scaledJob(workload, workload.trigger, model, settings)
      : jobOnEks(manifest, workload, model);
  if (manifest.kind === "Ingress" && workload.kind === "service") return targetGroupBinding(workload, model, settings);
  if (manifest.kind === "HorizontalPodAutoscaler" && workload.kind !== "job" && "on" in workload.scaling)
    return scalesOnBacklog(workload.scaling) ? scaledObject(workload, workload.scaling, model, settings) : manifest;
  return manifest;
}
