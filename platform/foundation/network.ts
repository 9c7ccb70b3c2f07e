/**
 * VPC over three zones, by awsx as Pulumi's users know it. CIDRs come from the settings, because compiled
 * NetworkPolicies name them too. What awsx leaves open is closed here: addresses, the default group, the stores' ACL.
 */
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { Context } from "./context.ts";
import type { Zones } from "./zones.ts";

export interface Subnet {
  readonly id: pulumi.Output<string>;
  readonly zone: string;
}

export interface Network {
  readonly vpcId: pulumi.Output<string>;
  /** Of each tier one a zone, in the order of the zones. */
  readonly publicSubnets: readonly Subnet[];
  readonly privateSubnets: readonly Subnet[];
  readonly isolatedSubnets: readonly Subnet[];
  readonly routeTableIds: pulumi.Output<string[]>;
  /** Routes to the internet, and all else inside the VPC: what needs a way out comes after them and goes before. */
  readonly ways: readonly pulumi.Resource[];
}

const TIERS = { public: "Public", private: "Private", isolated: "Isolated" } as const;

export function createNetwork(context: Context, zones: Zones): Network {
  const { settings, sizes, tags } = context;
  const vpc = new awsx.ec2.Vpc(
    "main",
    {
      cidrBlock: settings.network.vpc,
      availabilityZoneNames: [...zones],
      enableDnsHostnames: true,
      enableDnsSupport: true,
      natGateways: { strategy: sizes.natGateways === "one" ? "Single" : "OnePerAz" },
      // The order of the specs is the order of the ranges; all of them are explicit, so nothing is divided by awsx.
      subnetStrategy: "Auto",
      subnetSpecs: (["public", "private", "isolated"] as const).map((tier) => ({
        type: TIERS[tier],
        name: tier,
        cidrBlocks: [...settings.network[tier]],
        tags: { tier },
      })),
      tags: tags("main"),
    },
    { transforms: [withoutPublicAddresses] },
  );
  // Nobody may lean on the default group: it lets its members talk to each other (EC2.2).
  new aws.ec2.DefaultSecurityGroup("default", {
    vpcId: vpc.vpcId,
    ingress: [],
    egress: [],
    tags: tags("default-closed"),
  });
  isolate(context, vpc);
  const byZone = (ids: pulumi.Output<string[]>): readonly Subnet[] =>
    zones.map((zone, index) => ({ id: ids.apply((all) => inZone(all, index, zone)), zone }));
  return {
    vpcId: vpc.vpcId,
    publicSubnets: byZone(vpc.publicSubnetIds),
    privateSubnets: byZone(vpc.privateSubnetIds),
    isolatedSubnets: byZone(vpc.isolatedSubnetIds),
    routeTableIds: vpc.routeTables.apply((tables) => pulumi.all(tables.map(({ id }) => id))),
    ways: [vpc],
  };
}

/** awsx gives whatever starts in a public subnet a public address; only the load balancer is to have one (EC2.15). */
const withoutPublicAddresses: pulumi.ResourceTransform = ({ type, props, opts }) =>
  type === "aws:ec2/subnet:Subnet" ? { props: { ...props, mapPublicIpOnLaunch: false }, opts } : undefined;

/** @throws Error where awsx made fewer subnets than there are zones */
function inZone(ids: readonly string[], index: number, zone: string): string {
  const id = ids[index];
  if (id === undefined) throw new Error(`The VPC has no subnet in ${zone}.`);
  return id;
}

/** A second fence around the stores: their subnets exchange packets with this VPC and nobody else. */
function isolate({ settings, tags }: Context, vpc: awsx.ec2.Vpc): void {
  const inside = { protocol: "-1", ruleNo: 100, action: "allow", fromPort: 0, toPort: 0 };
  new aws.ec2.NetworkAcl("isolated", {
    vpcId: vpc.vpcId,
    subnetIds: vpc.isolatedSubnetIds,
    ingress: [{ ...inside, cidrBlock: settings.network.vpc }],
    egress: [{ ...inside, cidrBlock: settings.network.vpc }],
    tags: tags("isolated"),
  });
}
