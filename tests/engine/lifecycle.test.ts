/**
 * A stack's life on the real engine, in one order: a first run that fails half-way, the second try, a run that finds
 * nothing to do, a flip that is refused, the end. The clouds are stand-ins that refuse what real ones refuse.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { CLUSTER_SECRETS } from "../program/support/cluster-secrets.ts";
import { SECRET_MARKER } from "../program/support/types.ts";
import { Cloud } from "./support/cloud.ts";
import type { Outcome } from "./support/project.ts";
import { engineStack } from "./support/stack.ts";

const MINUTE = 60_000;
const SERVICE = "aws:ecs/service:Service";
const UP = ["up", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs"];

describe("a stack on the real engine", function () {
  this.timeout(5 * MINUTE);
  const { project } = engineStack("dev");

  const existing = (provider: string, type: string) =>
    new Cloud(`${project().cloudFile}.${provider}`).all().filter((thing) => thing.type === type);

  it("fails in the middle with what failed, and routes nobody to a side that is not steady", async () => {
    const { code, output } = await project().pulumi(UP, { STAND_IN_FAIL: `${SERVICE} api-service` });
    expect(code).not.to.equal(0);
    expect(output).to.contain("api-service fails because the test says so");
    const rules = existing("aws", "aws:lb/listenerRule:ListenerRule").map(({ id }) => id);
    expect(rules.filter((id) => id.startsWith("trial-"))).to.have.length.greaterThan(0);
    expect(rules.filter((id) => id.startsWith("default-"))).to.deep.equal([]);
  });

  it("comes up whole at the second try", async () => {
    succeeds(await project().pulumi(UP));
    expect(existing("aws", SERVICE)).to.have.length(10);
    const rules = existing("aws", "aws:lb/listenerRule:ListenerRule").map(({ id }) => id);
    expect(rules.filter((id) => id.startsWith("default-")).length).to.be.greaterThan(0);
  });

  it("changes nothing when it runs again", async () => {
    succeeds(await project().pulumi([...UP, "--expect-no-changes"]));
  });

  it("keeps every generated secret encrypted in its state", () => {
    const state = readFileSync(join(project().folder, "backend/.pulumi/stacks/cryptotracker/dev.json"), "utf8");
    expect(state).to.contain("aws:rds/instance:Instance");
    expect(state).not.to.contain(SECRET_MARKER);
  });

  it("refuses to leave its stores behind for a plain cluster, and leaves everything as it was", async () => {
    const before = new Cloud(`${project().cloudFile}.aws`).all();
    const secrets = Object.entries(CLUSTER_SECRETS).flatMap(([name, value]) => [
      "--config",
      `cryptotracker:secrets.${name}=${value}`,
    ]);
    const flip = ["--config-path", "--config", "cryptotracker:target=kubernetes", ...secrets];
    const { code, output } = await project().pulumi([...UP, ...flip]);
    expect(code).not.to.equal(0);
    expect(output).to.contain("target-flip").and.contain("its stores do not come along");
    expect(new Cloud(`${project().cloudFile}.aws`).all()).to.deep.equal(before);
    expect(existing("kubernetes", "kubernetes:apps/v1:Deployment")).to.deep.equal([]);
  });

  it("is not destroyed while its stores are protected, and whole when they no longer are", async () => {
    const refused = await project().pulumi(["destroy", "--stack", "dev", "--yes", "--skip-preview"]);
    expect(refused.code).not.to.equal(0);
    expect(refused.output).to.contain("protected");
    succeeds(await project().pulumi(["state", "unprotect", "--all", "--stack", "dev", "--yes"]));
    succeeds(await project().pulumi(["destroy", "--stack", "dev", "--yes", "--skip-preview"]));
    for (const provider of ["aws", "kubernetes"]) {
      expect(new Cloud(`${project().cloudFile}.${provider}`).all()).to.deep.equal([]);
    }
  });
});

/** What it said is the best account of why it failed. */
function succeeds(outcome: Outcome): Outcome {
  expect(outcome.code, outcome.output.slice(-4000)).to.equal(0);
  return outcome;
}
