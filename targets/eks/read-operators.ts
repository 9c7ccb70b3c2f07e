/**
 * What the operators of a cluster make of their resources: KEDA an autoscaler or jobs, External Secrets a Secret. After
 * it the unit is plain Kubernetes.
 */
import type { SecretBehaviour } from "../../platform/model/behaviour.ts";
import type { Manifest } from "../kubernetes/forms.ts";
import type { EksKind, EksManifest, EksUnit, ScaledJob, ScaledObject, SecretStore, Trigger } from "./forms.ts";

type Autoscaler = Extract<Manifest, { kind: "HorizontalPodAutoscaler" }>;
type AutoscalerMetric = NonNullable<NonNullable<Autoscaler["spec"]>["metrics"]>[number];

/** What is no plain Kubernetes, and what is no workload's. */
const NOT_PLAIN = [
  "ExternalSecret",
  "ScaledJob",
  "ScaledObject",
  "SecretStore",
  "SecurityGroupPolicy",
  "StorageClass",
  "TargetGroupBinding",
  "TriggerAuthentication",
] as const satisfies readonly EksKind[];

/** Beside an autoscaler of the same Deployment KEDA's webhook refuses a ScaledObject. */
export function plainManifests({ manifests }: EksUnit): readonly Manifest[] {
  const scaled = manifests.some(({ kind }) => kind === "HorizontalPodAutoscaler");
  return manifests.flatMap((manifest): readonly Manifest[] => {
    if (isPlain(manifest)) return [manifest];
    if (manifest.kind === "ScaledObject" && !scaled) return [autoscalerOf(manifest)];
    return manifest.kind === "ScaledJob" ? [jobOf(manifest)] : [];
  });
}

function isPlain(manifest: EksManifest): manifest is Manifest {
  return !NOT_PLAIN.some((kind) => kind === manifest.kind);
}

function jobOf({ metadata, spec }: ScaledJob): Manifest {
  return { apiVersion: "batch/v1", kind: "Job", metadata, spec: spec.jobTargetRef };
}

function autoscalerOf({ metadata, spec }: ScaledObject): Autoscaler {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata,
    spec: {
      scaleTargetRef: spec.scaleTargetRef,
      minReplicas: spec.minReplicaCount,
      maxReplicas: spec.maxReplicaCount,
      metrics: spec.triggers.map(metricOf),
      behavior: spec.advanced.horizontalPodAutoscalerConfig.behavior,
    },
  };
}

function metricOf(trigger: Trigger): AutoscalerMetric {
  const { type, metadata } = trigger;
  if (type === "cpu" || type === "memory") {
    const target = { type: "Utilization", averageUtilization: Number(metadata["value"]) };
    return { type: "Resource", resource: { name: type, target } };
  }
  const averageValue = metadata[type === "kafka" ? "lagThreshold" : "queueLength"] ?? DEFAULT_BACKLOG[type];
  return {
    type: "External",
    external: { metric: { name: backlogOf(trigger) }, target: { type: "AverageValue", averageValue } },
  };
}

/** @source KEDA 2, "Apache Kafka" and "AWS SQS Queue" */
const DEFAULT_BACKLOG = { kafka: "10", "aws-sqs-queue": "5" } as const;

/** The backlog in the model's words; one that KEDA may not read, or counts otherwise, says so. */
function backlogOf({ type, metadata, authenticationRef }: Trigger): string {
  const { bootstrapServers, consumerGroup, queueURL, sasl, saslTokenProvider, scaleOnInFlight, tls, topic } = metadata;
  if (type === "kafka") {
    const signed = sasl === "oauthbearer" && saslTokenProvider === "aws_msk_iam" && tls === "enable";
    const admitted = signed ? authenticationRef !== undefined : (sasl ?? "none") === "none";
    return `${bootstrapServers && admitted ? "" : "unreadable "}lag:${topic}:${consumerGroup}`;
  }
  const queue = /^\$\{queue\.([^}]+)\.url\}$/.exec(queueURL ?? "")?.[1] ?? queueURL;
  const counted = scaleOnInFlight === "false" ? "depth" : "depth and in flight";
  return `${authenticationRef ? "" : "unreadable "}${counted}:${queue}`;
}

/** Which queue starts a job, and how many may run at once. @source KEDA 2, "ScaledJob specification": 100 by default */
export function readScaledJob({
  manifests,
}: EksUnit): { readonly trigger: string; readonly maxParallel: number } | null {
  const scaled = manifests.find((each): each is ScaledJob => each.kind === "ScaledJob");
  const [trigger] = scaled?.spec.triggers ?? [];
  if (!scaled || !trigger) return null;
  const [counted, queue = ""] = backlogOf(trigger).split(/:(.*)/s);
  return {
    trigger: `${counted === "depth" ? "queue" : (counted ?? "")}:${queue}`,
    maxParallel: scaled.spec.maxReplicaCount,
  };
}

/** A Secret of the cluster is a copy; whose, its ExternalSecret says. Without one the pod waits for ever. */
export function originOf({ manifests, secretsRole }: EksUnit, copy: SecretBehaviour): SecretBehaviour {
  for (const manifest of manifests) {
    if (manifest.kind !== "ExternalSecret" || manifest.spec.target.name !== copy.secret) continue;
    const { secretStoreRef, data } = manifest.spec;
    const store = storeOf(manifests, secretStoreRef.name);
    const remote = data.find(({ secretKey }) => secretKey === copy.key)?.remoteRef;
    if (!store || !remote) continue;
    const readable =
      store.spec.provider.aws.role === secretsRole?.roleArn &&
      secretsRole.statements.some(
        ({ actions, resources }) => actions.includes("secretsmanager:GetSecretValue") && resources.includes(remote.key),
      );
    const secret = /^\$\{secret\.([^}]+)\.arn\}$/.exec(remote.key)?.[1] ?? remote.key;
    return { secret: readable ? secret : `unreadable ${secret}`, key: remote.property };
  }
  return { secret: `missing ${copy.secret}`, key: copy.key };
}

function storeOf(manifests: readonly EksManifest[], name: string): SecretStore | undefined {
  return manifests.find((each): each is SecretStore => each.kind === "SecretStore" && each.metadata.name === name);
}
