/** VPC over three zones. CIDRs come from the settings, because compiled NetworkPolicies name them too. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "./context.ts";
import type { Zones } from "./zones.ts";

export interface Network {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnets: readonly aws.ec2.Subnet[];
  readonly privateSubnets: readonly aws.ec2.Subnet[];
  readonly isolatedSubnets: readonly aws.ec2.Subnet[];
  readonly routeTables: readonly aws.ec2.RouteTable[];
  /** Routes to the internet: what needs a way out comes after them. */
  readonly ways: readonly aws.ec2.Route[];
}

export function createNetwork(context: Context, zones: Zones): Network {
  const { settings, tags } = context;
  const vpc = new aws.ec2.Vpc("main", {
    cidrBlock: settings.network.vpc,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    tags: tags("main"),
  });
  // Nobody may lean on the default group: it lets its members talk to each other (EC2.2).
  new aws.ec2.DefaultSecurityGroup("default", { vpcId: vpc.id, ingress: [], egress: [], tags: tags("default-closed") });
  const tier = (name: "public" | "private" | "isolated") =>
    zones.map(
      (availabilityZone, zone) =>
        new aws.ec2.Subnet(`${name}-${zone}`, {
          vpcId: vpc.id,
          cidrBlock: settings.network[name][zone],
          availabilityZone,
          mapPublicIpOnLaunch: false,
          tags: { ...tags(`${name}-${zone}`), tier: name },
        }),
    );
  const publicSubnets = tier("public");
  const privateSubnets = tier("private");
  const isolatedSubnets = tier("isolated");
  const outward = publicRoutes(context, vpc, publicSubnets);
  const inner = privateRoutes(context, vpc, privateSubnets, publicSubnets, outward.ways);
  const closed = isolatedRoutes(context, vpc, isolatedSubnets);
  isolate(context, vpc, isolatedSubnets);
  return {
    vpcId: vpc.id,
    publicSubnets,
    privateSubnets,
    isolatedSubnets,
    routeTables: [...outward.tables, ...inner.tables, ...closed],
    ways: [...outward.ways, ...inner.ways],
  };
}

interface Routes {
  readonly tables: readonly aws.ec2.RouteTable[];
  readonly ways: readonly aws.ec2.Route[];
}

function publicRoutes({ tags }: Context, vpc: aws.ec2.Vpc, subnets: readonly aws.ec2.Subnet[]): Routes {
  const gateway = new aws.ec2.InternetGateway("main", { vpcId: vpc.id, tags: tags("main") });
  const table = new aws.ec2.RouteTable("public", { vpcId: vpc.id, tags: tags("public") });
  const way = new aws.ec2.Route("public-internet", {
    routeTableId: table.id,
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway.id,
  });
  associate("public", subnets, [table]);
  return { tables: [table], ways: [way] };
}

/** A table a zone, each with its own NAT gateway or all with the one. */
function privateRoutes(
  { sizes, tags }: Context,
  vpc: aws.ec2.Vpc,
  subnets: readonly aws.ec2.Subnet[],
  publicSubnets: readonly aws.ec2.Subnet[],
  outward: readonly aws.ec2.Route[],
): Routes {
  const dependsOn = [...outward];
  const gateways = publicSubnets
    .slice(0, sizes.natGateways === "one" ? 1 : publicSubnets.length)
    .map((subnet, zone) => {
      const name = `nat-${zone}`;
      // Refused before the VPC has an internet gateway.
      const address = new aws.ec2.Eip(name, { domain: "vpc", tags: tags(name) }, { dependsOn });
      const gateway = { allocationId: address.id, subnetId: subnet.id, tags: tags(name) };
      return new aws.ec2.NatGateway(name, gateway, { dependsOn });
    });
  const tables = subnets.map(
    (_subnet, zone) => new aws.ec2.RouteTable(`private-${zone}`, { vpcId: vpc.id, tags: tags(`private-${zone}`) }),
  );
  const ways = tables.flatMap((table, zone) => {
    const gateway = gateways[zone] ?? gateways[0];
    if (!gateway) return [];
    const way = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.id };
    return [new aws.ec2.Route(`private-${zone}-internet`, way)];
  });
  associate("private", subnets, tables);
  return { tables, ways };
}

/** No way out at all: stores answer, they never call. */
function isolatedRoutes({ tags }: Context, vpc: aws.ec2.Vpc, subnets: readonly aws.ec2.Subnet[]): aws.ec2.RouteTable[] {
  const table = new aws.ec2.RouteTable("isolated", { vpcId: vpc.id, tags: tags("isolated") });
  associate("isolated", subnets, [table]);
  return [table];
}

function associate(tier: string, subnets: readonly aws.ec2.Subnet[], tables: readonly aws.ec2.RouteTable[]): void {
  for (const [zone, subnet] of subnets.entries()) {
    const table = tables[zone] ?? tables[0];
    if (table) new aws.ec2.RouteTableAssociation(`${tier}-${zone}`, { subnetId: subnet.id, routeTableId: table.id });
  }
}

/** A second fence around the stores: their subnets exchange packets with this VPC and nobody else. */
function isolate({ settings, tags }: Context, vpc: aws.ec2.Vpc, subnets: readonly aws.ec2.Subnet[]): void {
  const inside = { protocol: "-1", ruleNo: 100, action: "allow", fromPort: 0, toPort: 0 };
  new aws.ec2.NetworkAcl("isolated", {
    vpcId: vpc.id,
    subnetIds: subnets.map(({ id }) => id),
    ingress: [{ ...inside, cidrBlock: settings.network.vpc }],
    egress: [{ ...inside, cidrBlock: settings.network.vpc }],
    tags: tags("isolated"),
  });
}
