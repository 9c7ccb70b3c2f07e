/**
 * The eks provider without its plugin: what its Cluster component makes with the arguments that the program gives, so
 * that the real engine sees the component's insides. @source pulumi-eks 4.3.0, nodejs/eks/cluster/cluster.ts, 2026-11
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const TYPE = "eks:index:Cluster";

interface AccessEntry {
  readonly principalArn: string;
  readonly accessPolicies: Readonly<
    Record<string, { readonly policyArn: string; readonly accessScope: { readonly type: string } }>
  >;
}

/** The part of the component's arguments that the program uses. What is no Input is known before anything runs. */
interface Arguments {
  readonly name: pulumi.Input<string>;
  readonly version: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly privateSubnetIds: pulumi.Input<string[]>;
  readonly endpointPrivateAccess: pulumi.Input<boolean>;
  readonly endpointPublicAccess: pulumi.Input<boolean>;
  readonly publicAccessCidrs?: pulumi.Input<string[]>;
  readonly serviceRole: pulumi.Input<aws.iam.Role>;
  readonly authenticationMode: pulumi.Input<string>;
  readonly accessEntries: Readonly<Record<string, AccessEntry>>;
  readonly encryptionConfigKeyArn: pulumi.Input<string>;
  readonly enabledClusterLogTypes: pulumi.Input<string[]>;
  readonly upgradePolicy: pulumi.Input<{ readonly supportType: string }>;
  readonly deletionProtection: pulumi.Input<boolean>;
  readonly kubeProxyAddonOptions: { readonly version: string };
  readonly vpcCniOptions: {
    readonly addonVersion: string;
    readonly enableNetworkPolicy: boolean;
    readonly configurationValues: Readonly<Record<string, unknown>>;
  };
  readonly tags: pulumi.Input<Record<string, string>>;
}

class Cluster extends pulumi.ComponentResource {
  readonly state: Readonly<Record<string, unknown>>;

  constructor(name: string, args: Arguments, options: pulumi.ComponentResourceOptions) {
    super(TYPE, name, {}, options);
    const cluster = this.#controlPlane(name, args);
    this.#addOn(`${name}-kube-proxy`, "kube-proxy", cluster, args.kubeProxyAddonOptions.version);
    const { addonVersion, enableNetworkPolicy, configurationValues } = args.vpcCniOptions;
    this.#addOn(`${name}-vpc-cni`, "vpc-cni", cluster, addonVersion, {
      ...configurationValues,
      enableNetworkPolicy: String(enableNetworkPolicy),
    });
    for (const [entry, { principalArn, accessPolicies }] of Object.entries(args.accessEntries)) {
      this.#admit(`${name}-${entry}`, cluster, principalArn, accessPolicies);
    }
    this.state = {
      eksCluster: cluster,
      clusterSecurityGroupId: cluster.vpcConfig.apply(({ clusterSecurityGroupId }) => clusterSecurityGroupId),
      kubeconfigJson: pulumi.jsonStringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "kubernetes", cluster: { server: cluster.endpoint } }],
      }),
    };
    this.registerOutputs(this.state);
  }

  #controlPlane(name: string, args: Arguments): aws.eks.Cluster {
    return new aws.eks.Cluster(
      `${name}-eksCluster`,
      {
        name: args.name,
        version: args.version,
        roleArn: pulumi.output(args.serviceRole).apply(({ arn }) => arn),
        vpcConfig: {
          subnetIds: args.privateSubnetIds,
          endpointPrivateAccess: args.endpointPrivateAccess,
          endpointPublicAccess: args.endpointPublicAccess,
          ...(args.publicAccessCidrs ? { publicAccessCidrs: args.publicAccessCidrs } : {}),
        },
        accessConfig: {
          authenticationMode: args.authenticationMode,
          bootstrapClusterCreatorAdminPermissions: true,
        },
        encryptionConfig: { provider: { keyArn: args.encryptionConfigKeyArn }, resources: ["secrets"] },
        enabledClusterLogTypes: args.enabledClusterLogTypes,
        upgradePolicy: args.upgradePolicy,
        deletionProtection: args.deletionProtection,
        tags: args.tags,
      },
      { parent: this },
    );
  }

  #addOn(
    name: string,
    addonName: string,
    cluster: aws.eks.Cluster,
    addonVersion: string,
    configuration?: Readonly<Record<string, unknown>>,
  ): void {
    new aws.eks.Addon(
      name,
      {
        clusterName: cluster.name,
        addonName,
        addonVersion,
        preserve: true,
        ...(configuration ? { configurationValues: JSON.stringify(configuration) } : {}),
      },
      { parent: this },
    );
  }

  #admit(name: string, cluster: aws.eks.Cluster, principalArn: string, policies: AccessEntry["accessPolicies"]): void {
    const entry = new aws.eks.AccessEntry(name, { clusterName: cluster.name, principalArn }, { parent: this });
    for (const [key, { policyArn, accessScope }] of Object.entries(policies)) {
      new aws.eks.AccessPolicyAssociation(
        `${name}-${key}`,
        { clusterName: cluster.name, principalArn, policyArn, accessScope },
        { parent: this, dependsOn: [entry] },
      );
    }
  }
}

class StandIn implements pulumi.provider.Provider {
  readonly version = "0.0.0";

  construct = (
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
  ): Promise<pulumi.provider.ConstructResult> => {
    if (type !== TYPE) throw new Error(`Nobody expects a component of type ${type} (${name}).`);
    const { urn, state } = new Cluster(name, inputs as Arguments, options);
    return Promise.resolve({ urn, state });
  };
}

await pulumi.provider.main(new StandIn(), process.argv.slice(2));
