/** Jobs by the real controllers: a run from its schedule's template, and as many attempts as the model gives it. */
import { expect } from "chai";
import { cryptotracker } from "../../platform/cryptotracker.ts";
import { dev } from "../support/stacks.ts";
import { Deployed } from "./support/deployed.ts";
import { manifestsOf } from "./support/forms.ts";
import { plainNodes } from "./support/node-plans.ts";
import { useControlPlane } from "./support/plane-hooks.ts";

const TEST_MILLISECONDS = 180_000;

describe("a job, run by the real controllers", function () {
  this.timeout(TEST_MILLISECONDS);
  const model = cryptotracker(dev);
  const manifests = manifestsOf("kubernetes", dev).filter(
    ({ kind }) => !["Deployment", "Job", "StatefulSet"].includes(kind),
  );
  let deployed: Deployed;

  const { plane, say } = useControlPlane(async (opened) => {
    await opened.nodes.join([...plainNodes("general", 1, dev), ...plainNodes("gpu-spot", 1, dev)]);
    deployed = await Deployed.apply(opened, manifests);
  });

  it("completes, each of those that a schedule starts", async () => {
    const scheduled = manifests.filter((each) => each.kind === "CronJob");
    expect(scheduled.map(({ metadata }) => metadata?.name)).to.deep.equal(
      model.workloads.flatMap((each) => (each.kind === "job" && "schedule" in each.trigger ? [each.name] : [])),
    );
    for (const cronJob of scheduled) {
      const job = await deployed.startByHand(cronJob);
      const complete = () => deployed.condition(job, "Complete");
      await plane().until("the job is complete", async () => (await complete())?.startsWith("True") === true, complete);
      const name = cronJob.metadata?.name ?? "";
      expect(deployed.pods(name).map(({ phase }) => phase)).to.deep.equal(["Succeeded"]);
    }
  });

  it("is tried as often as the model says, and not once more", async () => {
    plane().kubelet.fateOf = () => "failed";
    const job = model.workloads.find((each) => each.kind === "job" && "before" in each.trigger);
    if (job?.kind !== "job") throw new Error("no job runs before the rollout");
    const { name, attempts } = job;
    const before = manifestsOf("kubernetes", dev).find((each) => each.kind === "Job" && each.metadata?.name === name);
    if (!before) throw new Error(`${name} has no Job`);
    await deployed.put(before);
    const failed = () => deployed.condition(before, "Failed");
    await plane().until("the job has failed", async () => (await failed())?.startsWith("True") === true, failed);
    expect(await failed()).to.equal("True BackoffLimitExceeded");
    // The controller makes its pods one after the other, and keeps those that have failed.
    expect(deployed.pods(name)).to.have.length(attempts);
    say(`${name}: failed after ${deployed.pods(name).length} attempts`);
  });
});
