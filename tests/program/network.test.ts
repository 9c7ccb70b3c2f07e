/** The VPC: what is asked of awsx, and what is closed around it. */
import { expect } from "chai";
import { ofType, one, runProgram } from "./support/run.ts";
import type { Registered, Run } from "./support/types.ts";

const EDGE = { domain: "cryptotracker.example.org", hostedZoneId: "Z0123456789EXAMPLE" };

function vpc({ resources }: Run): Registered {
  const [found, ...more] = resources.filter(({ type }) => type === "awsx:ec2:Vpc");
  if (!found || more.length > 0) throw new Error("There is to be one VPC.");
  return found;
}

describe("the program's network", () => {
  let dev: Run;
  let prod: Run;
  before(async () => {
    [dev, prod] = await Promise.all([runProgram("dev"), runProgram("prod")]);
  });

  it("is awsx's VPC over three named zones, with the settings' CIDRs in three tiers", () => {
    const { inputs } = vpc(dev);
    expect(inputs).to.deep.include({
      cidrBlock: "10.20.0.0/16",
      availabilityZoneNames: ["us-east-1a", "us-east-1b", "us-east-1c"],
      enableDnsHostnames: true,
      subnetStrategy: "Auto",
    });
    expect(inputs["subnetSpecs"]).to.deep.equal([
      spec("Public", "public", ["10.20.0.0/22", "10.20.4.0/22", "10.20.8.0/22"]),
      spec("Private", "private", ["10.20.32.0/19", "10.20.64.0/19", "10.20.96.0/19"]),
      spec("Isolated", "isolated", ["10.20.16.0/24", "10.20.17.0/24", "10.20.18.0/24"]),
    ]);
  });

  it("has one NAT gateway in dev and one a zone in prod", () => {
    expect(vpc(dev).inputs["natGateways"]).to.deep.equal({ strategy: "Single" });
    expect(vpc(prod).inputs["natGateways"]).to.deep.equal({ strategy: "OnePerAz" });
  });

  it("makes nothing of the VPC's insides beside awsx", () => {
    for (const type of ["vpc:Vpc", "subnet:Subnet", "natGateway:NatGateway", "routeTable:RouteTable", "route:Route"]) {
      expect(ofType(dev, `ec2/${type}`), type).to.deep.equal([]);
    }
  });

  it("EC2.2: the default security group is closed", () => {
    expect(one(dev, "ec2/defaultSecurityGroup:DefaultSecurityGroup", "default").inputs).to.deep.include({
      ingress: [],
      egress: [],
    });
  });

  it("fences the isolated subnets in: packets of this VPC and of nobody else", () => {
    const { inputs } = one(dev, "ec2/networkAcl:NetworkAcl", "isolated");
    expect(inputs["subnetIds"]).to.deep.equal(["isolated-0-id", "isolated-1-id", "isolated-2-id"]);
    for (const way of ["ingress", "egress"]) {
      expect(inputs[way]).to.have.length(1);
      expect(JSON.stringify(inputs[way])).to.contain('"cidrBlock":"10.20.0.0/16"').and.not.contain("0.0.0.0/0");
    }
  });

  it("sends S3 through the gateway endpoint from every tier, and records flows", () => {
    expect(one(dev, "ec2/vpcEndpoint:VpcEndpoint", "s3").inputs["routeTableIds"]).to.have.length(9);
    expect(ofType(dev, "ec2/flowLog:FlowLog")).to.have.length(1);
  });

  it("is whole before anything that needs a way out", () => {
    const { urn } = vpc(dev);
    expect(one(dev, "lb/loadBalancer:LoadBalancer", "edge").dependsOn).to.include(urn);
    expect(one(dev, "ecs/service:Service", "api-service").dependsOn).to.include(urn);
    expect(one(dev, "lambda/function:Function", "database-rotation").dependsOn).to.include(urn);
  });

  it("puts stores where no way leads out, self-hosted ones where they can fetch their images", async () => {
    const isolated = ["isolated-0-id", "isolated-1-id", "isolated-2-id"];
    expect(one(dev, "rds/subnetGroup:SubnetGroup", "database").inputs["subnetIds"]).to.deep.equal(isolated);
    expect(one(dev, "elasticache/subnetGroup:SubnetGroup", "redis").inputs["subnetIds"]).to.deep.equal(isolated);
    const config = { "cryptotracker:stores": "selfHosted", "cryptotracker:edge": EDGE };
    const { inputs } = one(await runProgram("dev", { config }), "ec2/instance:Instance", "store-database");
    expect(inputs).to.include({ subnetId: "private-0-id", associatePublicIpAddress: false });
  });
});

function spec(type: string, tier: string, cidrBlocks: readonly string[]): object {
  return { type, name: tier, cidrBlocks, tags: { tier } };
}
