/**
 * The control plane, by Pulumi's own component. Its API answers inside the VPC; in dev also to the networks that the
 * stack names. Whoever runs the program for a cluster without them must be inside the VPC: a CI runner there, or a VPN.
 */
import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { trust } from "../../platform/foundation/index.ts";
import type { Settings } from "../../platform/settings.ts";
import { addOnVersion } from "./add-ons.ts";
import type { ClusterContext } from "./deploy-cluster-context.ts";
import { clusterVersion } from "./versions.ts";

/** All that there are. @source EKS user guide, "Send control plane logs to CloudWatch Logs", 2026-11 */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

/** The second is what gives pods network interfaces of their own. @source EKS user guide, "Security groups for Pods" */
const ROLE_POLICIES = ["AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"] as const;

const DELETION_WINDOW_DAYS = 30;

export function createControlPlane(context: ClusterContext): eks.Cluster {
  const { clusterName, foundation, shared, tags } = context;
  const { network, settings } = foundation;
  const logs = new aws.cloudwatch.LogGroup("cluster", {
    name: `/aws/eks/${clusterName}/cluster`,
    retentionInDays: settings.logRetentionDays,
    tags: tags("cluster"),
  });
  const key = createSecretsKey(context);
  return new eks.Cluster(
    "eks",
    {
      name: clusterName,
      version: clusterVersion(settings),
      // After its end of standard support a version would cost six times as much: rather it is upgraded.
      upgradePolicy: { supportType: "STANDARD" },
      deletionProtection: settings.profile === "prod",
      vpcId: network.vpcId,
      privateSubnetIds: network.privateSubnets.map(({ id }) => id),
      ...endpoint(settings),
      // EKS's own group for nodes and control plane, and no second one beside it.
      skipDefaultSecurityGroups: true,
      skipDefaultNodeGroup: true,
      createInstanceRole: false,
      serviceRole: createServiceRole(context),
      authenticationMode: "API",
      accessEntries: administrators(settings),
      encryptionConfigKeyArn: key.arn,
      // By way of its group, which EKS would make itself and keep for ever: it comes before the cluster and goes after it.
      enabledClusterLogTypes: logs.name.apply(() => [...LOG_TYPES]),
      // What runs in it from the start stands here and nowhere else.
      bootstrapSelfManagedAddons: false,
      kubeProxyAddonOptions: { version: addOnVersion("kube-proxy", settings) },
      vpcCniOptions: {
        addonVersion: addOnVersion("vpc-cni", settings),
        enableNetworkPolicy: true,
        logLevel: "INFO",
        configurationValues: { env: { ...shared.vpcCni } },
      },
      tags: tags("cluster"),
    },
    { dependsOn: [...foundation.ready] },
  );
}

/** A public endpoint with nobody's networks would be everybody's. */
function endpoint({ eks: { publicAccessCidrs }, profile }: Settings) {
  const open = profile !== "prod" && publicAccessCidrs.length > 0;
  return {
    endpointPrivateAccess: true,
    endpointPublicAccess: open,
    ...(open ? { publicAccessCidrs: [...publicAccessCidrs] } : {}),
  };
}

/**
 * Beside the role that makes the cluster, which the component lets in for good: without that, the run that makes it
 * could put nothing into it.
 */
function administrators({ eks: { administrators: roles } }: Settings) {
  return Object.fromEntries(
    roles.map((principalArn) => [
      principalArn.split("/").at(-1) ?? principalArn,
      {
        principalArn,
        accessPolicies: {
          administrator: {
            accessScope: { type: "cluster" },
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
          },
        },
      },
    ]),
  );
}

/** Of this cluster alone: it goes with it, as the Secrets do that it closes. They are copies of Secrets Manager's. */
function createSecretsKey({ clusterName, tags }: ClusterContext): aws.kms.Key {
  const key = new aws.kms.Key("cluster-secrets", {
    description: `Secrets in the cluster ${clusterName}`,
    enableKeyRotation: true,
    deletionWindowInDays: DELETION_WINDOW_DAYS,
    tags: tags("cluster"),
  });
  new aws.kms.Alias("cluster-secrets", { name: `alias/${clusterName}-cluster-secrets`, targetKeyId: key.id });
  return key;
}

/** Known when its policies are attached: the cluster needs them from its first moment to its last. */
function createServiceRole({ tags }: ClusterContext): pulumi.Output<aws.iam.Role> {
  const role = new aws.iam.Role("cluster", {
    assumeRolePolicy: trust("eks.amazonaws.com"),
    tags: tags("cluster"),
  });
  const attached = ROLE_POLICIES.map(
    (name) =>
      new aws.iam.RolePolicyAttachment(`cluster-${name}`, {
        role: role.name,
        policyArn: `arn:aws:iam::aws:policy/${name}`,
      }),
  );
  return pulumi.all(attached.map(({ id }) => id)).apply(() => role);
}
