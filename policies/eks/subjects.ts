/** What the EKS rules are about: a control plane, whether the component asks for it or it stands alone. */
import type { Subject } from "../framework/given.ts";

interface VpcConfig {
  readonly endpointPublicAccess?: boolean;
  readonly publicAccessCidrs?: readonly string[];
}

/** Both forms: the component's properties, and those of the cluster that it makes. */
export interface ClusterProps extends VpcConfig {
  readonly version?: string;
  readonly enabledClusterLogTypes?: readonly string[];
  readonly deletionProtection?: boolean;
  readonly vpcConfig?: VpcConfig;
  readonly encryptionConfigKeyArn?: string;
  readonly encryptionConfig?: { readonly provider?: { readonly keyArn?: string } };
  readonly authenticationMode?: string;
  readonly accessConfig?: { readonly authenticationMode?: string };
}

export interface ControlPlane {
  readonly version: string | undefined;
  readonly logs: readonly string[];
  readonly protects: boolean;
  readonly open: boolean;
  readonly ranges: readonly string[];
  readonly key: string | undefined;
  readonly authenticates: string | undefined;
}

/** Read when it is asked for, so that one unknown value does not hide the others. */
export function readControlPlane(props: ClusterProps): ControlPlane {
  const network = () => props.vpcConfig ?? props;
  return {
    get version() {
      return props.version;
    },
    get logs() {
      return props.enabledClusterLogTypes ?? [];
    },
    get protects() {
      return props.deletionProtection ?? false;
    },
    // AWS opens it unless it is told not to.
    get open() {
      return network().endpointPublicAccess ?? true;
    },
    get ranges() {
      return network().publicAccessCidrs ?? ["0.0.0.0/0"];
    },
    get key() {
      return props.encryptionConfigKeyArn ?? props.encryptionConfig?.provider?.keyArn;
    },
    get authenticates() {
      return props.authenticationMode ?? props.accessConfig?.authenticationMode;
    },
  };
}

export const controlPlanes: Subject<ClusterProps, ControlPlane> = {
  types: ["eks:index:Cluster", "aws:eks/cluster:Cluster"],
  view: readControlPlane,
};
