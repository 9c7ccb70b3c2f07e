/**
 * What EKS will do with a unit: a plain cluster's behaviour, once the operators have made plain resources of theirs, and
 * what AWS adds to it. Shares no code with the compiler.
 */
import type { Behaviour, StatementBehaviour } from "../../platform/model/behaviour.ts";
import type { Manifest, PodSpec } from "../kubernetes/forms.ts";
import { readReach as readPolicy } from "../kubernetes/read-network.ts";
import { read as readPlain } from "../kubernetes/read.ts";
import type { Surroundings } from "../target.ts";
import type { EksUnit } from "./forms.ts";
import { reachesAgent, readReach } from "./read-network.ts";
import { originOf, plainManifests, readScaledJob } from "./read-operators.ts";

export function read(unit: EksUnit, surroundings: Surroundings): Behaviour {
  const manifests = plainManifests(unit);
  const plain = readPlain({ manifests }, surroundings);
  const scaledJob = readScaledJob(unit);
  return {
    ...plain,
    secrets: Object.fromEntries(
      Object.entries(plain.secrets).map(([name, copy]) => [name, originOf(unit, copy)] as const),
    ),
    job: plain.job && scaledJob ? { ...plain.job, ...scaledJob } : plain.job,
    identity: readIdentity(unit, manifests, surroundings),
    ...readReach(unit, manifests, surroundings),
    routes: readRoutes(unit),
    logs: readLogs(manifests),
  };
}

/** Credentials come of an association with the pod's account, a role that Pod Identity may assume, and a way to its agent. */
function readIdentity(
  { podIdentity }: EksUnit,
  manifests: readonly Manifest[],
  surroundings: Surroundings,
): readonly StatementBehaviour[] {
  const template = templateOf(manifests);
  if (!podIdentity || !template) return [];
  const { association, trust, statements } = podIdentity;
  const mine =
    association.namespace === surroundings.namespace &&
    association.serviceAccount === (template.spec?.serviceAccountName ?? "default");
  const assumed =
    "service" in trust.principal &&
    trust.principal.service === "pods.eks.amazonaws.com" &&
    ["sts:AssumeRole", "sts:TagSession"].every((action) => trust.actions.includes(action));
  const within = reachesAgent(readPolicy({ manifests }, surroundings).reaches);
  return mine && assumed && within ? statements : [];
}

/** Paths of the target group that the unit's Service is bound to, once its pods are the targets. */
function readRoutes({ manifests, targetGroup }: EksUnit): readonly string[] {
  const binding = manifests.find((manifest) => manifest.kind === "TargetGroupBinding");
  const service = manifests.find((manifest) => manifest.kind === "Service");
  if (binding?.kind !== "TargetGroupBinding" || service?.kind !== "Service" || !targetGroup) return [];
  const { serviceRef, targetGroupARN, targetType } = binding.spec;
  const name = service.metadata?.name ?? "";
  const ports = (service.spec?.ports ?? []).flatMap((port) => [port.name, String(port.port)]);
  const bound =
    serviceRef.name === name && ports.includes(serviceRef.port) && targetGroupARN === `\${targetGroup.${name}.arn}`;
  return bound && targetType === targetGroup.targetType ? targetGroup.pathPatterns : [];
}

/** The agent of each node reads the group's name off the pod. */
function readLogs(manifests: readonly Manifest[]): string | null {
  const annotations = Object.entries(templateOf(manifests)?.metadata?.annotations ?? {});
  return annotations.find(([key]) => key.endsWith("/log-group"))?.[1] ?? null;
}

interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: PodSpec;
}

function templateOf(manifests: readonly Manifest[]): Template | undefined {
  for (const manifest of manifests) {
    if (manifest.kind === "Deployment" || manifest.kind === "Job") return manifest.spec?.template;
    if (manifest.kind === "CronJob") return manifest.spec?.jobTemplate.spec?.template;
  }
  return undefined;
}
