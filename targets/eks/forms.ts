/** The EKS form: the Kubernetes form's manifests, those of the operators beside them, and what AWS binds to them. */
import type { StorageClass as AnyStorageClass } from "kubernetes-types/storage/v1.d.ts";
import type { StatementBehaviour } from "../../platform/model/behaviour.ts";
import type { SecurityGroup, TargetGroup } from "../aws/forms.ts";
import type { Manifest } from "../kubernetes/forms.ts";
import type { CustomResource } from "./custom-resources.ts";

export type {
  CustomResource,
  ExternalSecret,
  ScaledJob,
  ScaledObject,
  SecretStore,
  SecurityGroupPolicy,
  TargetGroupBinding,
  Trigger,
  TriggerAuthentication,
} from "./custom-resources.ts";

export type StorageClass = AnyStorageClass & { readonly apiVersion: string; readonly kind: "StorageClass" };
export type EksManifest = Manifest | CustomResource | StorageClass;
export type EksKind = EksManifest["kind"];

/** Who may assume a role, and by which actions. */
export interface Trust {
  readonly principal: { readonly service: string } | { readonly aws: string };
  readonly actions: readonly string[];
}

/** An EKS Pod Identity association with the role that it gives. @source EKS API reference, CreatePodIdentityAssociation */
export interface PodIdentity {
  readonly association: {
    readonly clusterName: string;
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly roleArn: string;
  };
  readonly trust: Trust;
  readonly statements: readonly StatementBehaviour[];
}

/** The role as which External Secrets reads for one workload, and for no other. */
export interface SecretsRole {
  readonly roleArn: string;
  readonly trust: Trust;
  readonly statements: readonly StatementBehaviour[];
}

export interface EksUnit {
  readonly manifests: readonly EksManifest[];
  /** None where no binding needs AWS: such a pod gets no credentials at all. */
  readonly podIdentity?: PodIdentity;
  readonly secretsRole?: SecretsRole;
  readonly securityGroup: SecurityGroup;
  readonly targetGroup?: TargetGroup;
}

export interface EksShared {
  readonly manifests: readonly EksManifest[];
  /** Of the operators that act for all workloads, by name. */
  readonly operators: { readonly "external-secrets": PodIdentity; readonly keda: PodIdentity };
  /** Settings of the vpc-cni add-on on which the workloads' fences rely. */
  readonly vpcCni: Readonly<Record<string, string>>;
  /** Fluent Bit's record accessor for the group that a pod's log goes to. */
  readonly logGroupTemplate: string;
}
