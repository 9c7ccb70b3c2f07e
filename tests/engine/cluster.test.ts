/** A stack on a plain cluster, on the real engine: no cloud beside it, its secrets encrypted, its stores kept. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { CLUSTER_SECRETS } from "../program/support/cluster-secrets.ts";
import { unmarked } from "../program/support/marks.ts";
import { SECRET_MARKER } from "../program/support/types.ts";
import { Cloud, type Thing } from "./support/cloud.ts";
import type { Outcome } from "./support/project.ts";
import { engineStack } from "./support/stack.ts";

const MINUTE = 60_000;
const UP = ["up", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs"];
/** All but one, which is set later. */
const FIRST = Object.fromEntries(
  Object.entries(CLUSTER_SECRETS).flatMap(([name, value]) => (name === "redis" ? [] : [[`secrets.${name}`, value]])),
);
const SET_REDIS = ["config", "set", "--stack", "dev", "--secret", "--path", "cryptotracker:secrets.redis"];

describe("a stack on a plain cluster, on the real engine", function () {
  this.timeout(5 * MINUTE);
  const { project } = engineStack("dev", { target: "kubernetes" }, FIRST);

  const things = (provider: string): readonly Thing[] => new Cloud(`${project().cloudFile}.${provider}`).all();
  const ofKind = (kind: string) => things("kubernetes").filter(({ type }) => type.endsWith(`:${kind}`));
  const redisUrl = (): unknown => {
    const secret = ofKind("Secret").find(({ id }) => id.startsWith("redis-url-"));
    return unmarked(secret?.properties["stringData"]);
  };

  it("says which secret is missing and how to set it, before anything is made", async () => {
    const { code, output } = await project().pulumi(UP);
    expect(code).not.to.equal(0);
    expect(output).to.contain(SET_REDIS.join(" ").replace("config", "pulumi config")).and.not.contain(SECRET_MARKER);
    expect(things("kubernetes")).to.deep.equal([]);
  });

  it("comes up whole once it is set, with nothing of AWS", async () => {
    succeeds(await project().pulumi([...SET_REDIS, CLUSTER_SECRETS["redis"] ?? ""]));
    succeeds(await project().pulumi(UP));
    expect(ofKind("StatefulSet")).to.have.length(5);
    // Ten workloads that run for good, and the site.
    expect(ofKind("Deployment")).to.have.length(11);
    expect(things("aws")).to.deep.equal([]);
  });

  it("changes nothing when it runs again", async () => {
    succeeds(await project().pulumi([...UP, "--expect-no-changes"]));
  });

  it("keeps every secret encrypted in its configuration and in its state", () => {
    const state = readFileSync(join(project().folder, "backend/.pulumi/stacks/cryptotracker/dev.json"), "utf8");
    expect(state).to.contain("kubernetes:core/v1:Secret");
    expect(state).not.to.contain(SECRET_MARKER);
    const config = readFileSync(join(project().folder, "Pulumi.dev.yaml"), "utf8");
    expect(config).to.contain("secure:").and.not.contain(SECRET_MARKER);
  });

  it("takes a new password to the store and to its clients alike", async () => {
    const before = redisUrl();
    succeeds(await project().pulumi([...SET_REDIS, `${SECRET_MARKER}Other`]));
    succeeds(await project().pulumi(UP));
    expect(redisUrl()).not.to.deep.equal(before);
    const store = ofKind("Secret").find(({ id }) => id.startsWith("data-redis-credentials-"));
    expect(unmarked(store?.properties["stringData"])).to.deep.equal({ password: `${SECRET_MARKER}Other` });
  });

  it("is not destroyed while its stores are protected, and whole when they no longer are", async () => {
    const destroy = ["destroy", "--stack", "dev", "--yes", "--skip-preview"];
    const refused = await project().pulumi(destroy);
    expect(refused.code).not.to.equal(0);
    expect(refused.output).to.contain("protected");
    expect(ofKind("StatefulSet")).to.have.length(5);
    succeeds(await project().pulumi(["state", "unprotect", "--all", "--stack", "dev", "--yes"]));
    succeeds(await project().pulumi(destroy));
    expect(things("kubernetes")).to.deep.equal([]);
  });
});

/** What it said is the best account of why it failed. */
function succeeds(outcome: Outcome): Outcome {
  expect(outcome.code, outcome.output.slice(-4000)).to.equal(0);
  return outcome;
}
