/** Resources that operators in the cluster bring with them, as far as we use them. Field names are the CRDs' own. */
import type { DaemonSet } from "kubernetes-types/apps/v1.d.ts";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.d.ts";
import type { Job } from "kubernetes-types/batch/v1.d.ts";

type Metadata = NonNullable<DaemonSet["metadata"]>;

interface Custom<Version extends string, Kind extends string, Spec> {
  readonly apiVersion: Version;
  readonly kind: Kind;
  readonly metadata: Metadata;
  readonly spec: Spec;
}

/** @source External Secrets Operator, API reference, SecretStore and ExternalSecret v1 */
export type SecretStore = Custom<
  "external-secrets.io/v1",
  "SecretStore",
  {
    readonly provider: {
      readonly aws: { readonly service: "SecretsManager"; readonly region: string; readonly role: string };
    };
  }
>;

export type ExternalSecret = Custom<
  "external-secrets.io/v1",
  "ExternalSecret",
  {
    readonly refreshInterval: string;
    readonly secretStoreRef: { readonly kind: "SecretStore"; readonly name: string };
    readonly target: { readonly name: string; readonly creationPolicy: "Owner" };
    readonly data: readonly {
      readonly secretKey: string;
      readonly remoteRef: { readonly key: string; readonly property: string };
    }[];
  }
>;

/** @source AWS Load Balancer Controller, "TargetGroupBinding" v1beta1 */
export type TargetGroupBinding = Custom<
  "elbv2.k8s.aws/v1beta1",
  "TargetGroupBinding",
  {
    readonly serviceRef: { readonly name: string; readonly port: string };
    readonly targetGroupARN: string;
    readonly targetType: "instance" | "ip";
  }
>;

/** @source EKS user guide, "Security groups for pods"; amazon-vpc-resource-controller-k8s, SecurityGroupPolicy v1beta1 */
export type SecurityGroupPolicy = Custom<
  "vpcresources.k8s.aws/v1beta1",
  "SecurityGroupPolicy",
  {
    readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly securityGroups: { readonly groupIds: readonly string[] };
  }
>;

/** All metadata values are text. @source KEDA 2, "Scalers" */
export interface Trigger {
  readonly type: "cpu" | "memory" | "kafka" | "aws-sqs-queue";
  readonly metricType: "Utilization" | "AverageValue";
  readonly metadata: Readonly<Record<string, string>>;
  readonly authenticationRef?: { readonly name: string };
}

/** @source KEDA 2, "ScaledObject specification" */
export type ScaledObject = Custom<
  "keda.sh/v1alpha1",
  "ScaledObject",
  {
    readonly scaleTargetRef: { readonly apiVersion: "apps/v1"; readonly kind: "Deployment"; readonly name: string };
    readonly pollingInterval: number;
    readonly cooldownPeriod: number;
    readonly minReplicaCount: number;
    readonly maxReplicaCount: number;
    readonly advanced: {
      readonly horizontalPodAutoscalerConfig: {
        readonly behavior: NonNullable<NonNullable<HorizontalPodAutoscaler["spec"]>["behavior"]>;
      };
    };
    readonly triggers: readonly Trigger[];
  }
>;

/** @source KEDA 2, "ScaledJob specification" */
export type ScaledJob = Custom<
  "keda.sh/v1alpha1",
  "ScaledJob",
  {
    readonly jobTargetRef: NonNullable<Job["spec"]>;
    readonly pollingInterval: number;
    readonly maxReplicaCount: number;
    readonly successfulJobsHistoryLimit: number;
    readonly failedJobsHistoryLimit: number;
    readonly rollout: { readonly strategy: "gradual" };
    readonly scalingStrategy: { readonly strategy: "accurate" };
    readonly triggers: readonly Trigger[];
  }
>;

/** @source KEDA 2, "Authentication", AWS */
export type TriggerAuthentication = Custom<
  "keda.sh/v1alpha1",
  "TriggerAuthentication",
  { readonly podIdentity: { readonly provider: "aws" } }
>;

export type CustomResource =
  | ExternalSecret
  | ScaledJob
  | ScaledObject
  | SecretStore
  | SecurityGroupPolicy
  | TargetGroupBinding
  | TriggerAuthentication;
