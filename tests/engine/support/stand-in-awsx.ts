/**
 * The awsx provider without its plugin: what its VPC component makes, resource by resource, so that the real engine
 * sees the component's insides. @source pulumi-awsx, awsx/ec2/vpc.ts, 2026-11
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const TYPE = "awsx:ec2:Vpc";

interface Spec {
  readonly type: "Public" | "Private" | "Isolated";
  readonly name: string;
  readonly cidrBlocks: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** The part of awsx's arguments that the program uses. */
interface Arguments {
  readonly cidrBlock: string;
  readonly availabilityZoneNames: readonly string[];
  readonly natGateways: { readonly strategy: "Single" | "OnePerAz" };
  readonly subnetSpecs: readonly Spec[];
  readonly enableDnsHostnames: boolean;
  readonly enableDnsSupport: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

class Vpc extends pulumi.ComponentResource {
  readonly state: Readonly<Record<string, unknown>>;
  readonly #name: string;
  readonly #args: Arguments;

  constructor(name: string, args: Arguments, options: pulumi.ComponentResourceOptions) {
    super(TYPE, name, {}, options);
    this.#name = name;
    this.#args = args;
    const { cidrBlock, enableDnsHostnames, enableDnsSupport, tags } = args;
    const vpc = new aws.ec2.Vpc(name, { cidrBlock, enableDnsHostnames, enableDnsSupport, tags }, { parent: this });
    const gateway = new aws.ec2.InternetGateway(name, { vpcId: vpc.id, tags }, { parent: vpc });
    const nats: aws.ec2.NatGateway[] = [];
    const made = args.availabilityZoneNames.flatMap((zone, index) =>
      args.subnetSpecs.map((spec) => this.#subnet(spec, zone, index, vpc, gateway, nats)),
    );
    const idsOf = (type: Spec["type"]) => made.filter((each) => each.type === type).map(({ subnet }) => subnet.id);
    this.state = {
      vpcId: vpc.id,
      publicSubnetIds: idsOf("Public"),
      privateSubnetIds: idsOf("Private"),
      isolatedSubnetIds: idsOf("Isolated"),
      routeTables: made.map(({ table }) => table),
      internetGateway: gateway,
      natGateways: nats,
    };
    this.registerOutputs(this.state);
  }

  #subnet(
    { type, name: tier, cidrBlocks, tags }: Spec,
    availabilityZone: string,
    index: number,
    vpc: aws.ec2.Vpc,
    gateway: aws.ec2.InternetGateway,
    nats: aws.ec2.NatGateway[],
  ) {
    const name = `${this.#name}-${tier}-${index + 1}`;
    const cidrBlock = cidrBlocks[index];
    if (cidrBlock === undefined) throw new Error(`${name} has no CIDR.`);
    const subnet = new aws.ec2.Subnet(
      name,
      {
        vpcId: vpc.id,
        availabilityZone,
        cidrBlock,
        mapPublicIpOnLaunch: type === "Public",
        tags: { ...this.#args.tags, ...tags, Name: name, SubnetType: type },
      },
      { parent: vpc },
    );
    const table = new aws.ec2.RouteTable(name, { vpcId: vpc.id, tags: { Name: name } }, { parent: subnet });
    new aws.ec2.RouteTableAssociation(name, { routeTableId: table.id, subnetId: subnet.id }, { parent: table });
    const anywhere = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0" };
    if (type === "Public") {
      if (nats.length === 0 || this.#args.natGateways.strategy === "OnePerAz") nats.push(this.#nat(index, subnet));
      new aws.ec2.Route(name, { ...anywhere, gatewayId: gateway.id }, { parent: table });
    }
    const nat = nats[index] ?? nats[0];
    if (type === "Private" && nat) new aws.ec2.Route(name, { ...anywhere, natGatewayId: nat.id }, { parent: table });
    return { type, subnet, table };
  }

  #nat(index: number, subnet: aws.ec2.Subnet): aws.ec2.NatGateway {
    const name = `${this.#name}-${index + 1}`;
    const address = new aws.ec2.Eip(name, { domain: "vpc" }, { parent: subnet });
    return new aws.ec2.NatGateway(name, { subnetId: subnet.id, allocationId: address.id }, { parent: subnet });
  }
}

class StandIn implements pulumi.provider.Provider {
  readonly version = "0.0.0";

  construct = async (
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
  ): Promise<pulumi.provider.ConstructResult> => {
    if (type !== TYPE) throw new Error(`Nobody expects a component of type ${type} (${name}).`);
    // The program's arguments are plain, known before anything runs.
    const known = await new Promise<unknown>((resolve) => {
      pulumi.output(inputs).apply(resolve);
    });
    const { urn, state } = new Vpc(name, known as Arguments, options);
    return { urn, state };
  };
}

await pulumi.provider.main(new StandIn(), process.argv.slice(2));
