/** Stores of our own hosting on the real engine: they come up, a second run finds nothing to do, their volumes stay. */
import { expect } from "chai";
import { Cloud } from "./support/cloud.ts";
import { engineStack } from "./support/stack.ts";

const MINUTE = 60_000;
const UP = ["up", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs"];
const CONFIG = {
  stores: "selfHosted",
  "edge.domain": "cryptotracker.example.org",
  "edge.hostedZoneId": "Z0123456789EXAMPLE",
};

describe("self-hosted stores on the real engine", function () {
  this.timeout(5 * MINUTE);
  const { project } = engineStack("dev", CONFIG);

  it("come up, and a second run changes nothing", async () => {
    const first = await project().pulumi(UP);
    expect(first.code, first.output.slice(-4000)).to.equal(0);
    const second = await project().pulumi([...UP, "--expect-no-changes"]);
    expect(second.code, second.output.slice(-4000)).to.equal(0);
    const types = new Cloud(`${project().cloudFile}.aws`).all().map(({ type }) => type);
    expect(types).not.to.include("aws:rds/instance:Instance");
    expect(types.filter((type) => type === "aws:ec2/volumeAttachment:VolumeAttachment")).to.have.length(3);
  });

  it("stand in a VPC whose subnets give no public addresses, whatever awsx would do (EC2.15)", () => {
    const subnets = new Cloud(`${project().cloudFile}.aws`)
      .all()
      .filter(({ type }) => type === "aws:ec2/subnet:Subnet");
    expect(subnets).to.have.length(9);
    for (const { properties } of subnets) expect(properties["mapPublicIpOnLaunch"]).to.equal(false);
  });
});
