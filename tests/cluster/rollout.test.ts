/**
 * Rolling updates by the real Deployment controller, watched change by change: never fewer ready pods and never more
 * pods than the model's rollout says; a version that does not become ready stops, and the old one goes on serving.
 */
import { expect } from "chai";
import { cryptotracker } from "../../platform/cryptotracker.ts";
import { dev, workload } from "../support/stacks.ts";
import { Deployed } from "./support/deployed.ts";
import { manifestsOf } from "./support/forms.ts";
import { plainNodes } from "./support/node-plans.ts";
import { replicasOf } from "./support/placement.ts";
import { useControlPlane } from "./support/plane-hooks.ts";
import { running, withTemplate, type AnyManifest } from "./support/pods.ts";
import { Recording } from "./support/record.ts";

const TEST_MILLISECONDS = 240_000;
const NEXT = "registry.example.internal/next:2";
const BROKEN = "registry.example.internal/broken:3";

const model = cryptotracker(dev);
const GPU_SERVICE = "ml-inference-service";
const gpuService = workload(GPU_SERVICE, "service");
/** As many as there are GPU nodes: none is free for a second one. */
const GPU_NODES = 2;

describe("a rollout by the real Deployment controller", function () {
  this.timeout(TEST_MILLISECONDS);
  const manifests = manifestsOf("kubernetes", dev);
  const deployments = manifests.filter(({ kind }) => kind === "Deployment");
  const counts = {
    ...replicasOf(deployments, model, "desired"),
    // An odd number, where shares round.
    "websocket-service": 5,
    [GPU_SERVICE]: GPU_NODES,
  };
  let deployed: Deployed;

  const { plane, say } = useControlPlane(async (opened) => {
    opened.kubelet.fateOf = ({ restarts, image }) =>
      image === BROKEN ? "neverReady" : restarts ? "ready" : "succeeded";
    await opened.nodes.join([...plainNodes("general", 6, dev), ...plainNodes("gpu", GPU_NODES, dev)]);
    deployed = await Deployed.apply(
      opened,
      manifests.filter(({ kind }) => kind !== "StatefulSet"),
    );
    for (const each of deployments) await deployed.scale(each, countOf(each));
    await deployed.settled(counts);
  });

  function countOf({ metadata }: AnyManifest): number {
    return counts[(metadata?.name ?? "") as keyof typeof counts];
  }

  function deploymentOf(name: string): AnyManifest {
    const found = deployments.find(({ metadata }) => metadata?.name === name);
    if (!found) throw new Error(`${name} has no Deployment`);
    return found;
  }

  const runs = (name: string, image: string) => deployed.pods(name).every((pod) => pod.image === image);

  it("keeps between the model's least and most, workload by workload, to the end", async () => {
    const names = Object.keys(counts);
    const recording = new Recording(deployed, names);
    for (const each of deployments) await deployed.put(withTemplate(each, running(NEXT)));
    await plane().until("every pod runs the next version", () => names.every((name) => runs(name, NEXT)));
    await deployed.settled(counts);
    recording.stop();
    for (const each of model.workloads) {
      if (each.kind === "job" || each.rollout.strategy !== "surge") continue;
      const count = countOf(deploymentOf(each.name));
      const { fewestReady, mostPods } = recording.of(each.name);
      const atLeast = Math.ceil((count * each.rollout.minHealthy) / 100);
      const atMost = Math.floor((count * each.rollout.max) / 100);
      expect(fewestReady, `${each.name}: fewest ready of ${count}`).to.be.at.least(atLeast);
      expect(mostPods, `${each.name}: most pods of ${count}`).to.be.within(count + 1, atMost);
      say(`${each.name}: ${count} replaced, ${fewestReady} ready at least, ${mostPods} pods at most`);
    }
    expect(gpuService.rollout).to.deep.equal({ strategy: "replaceOneByOne" });
    const { fewestReady, mostPods } = recording.of(GPU_SERVICE);
    expect(mostPods).to.equal(GPU_NODES);
    say(`${GPU_SERVICE}: ${GPU_NODES} replaced on ${GPU_NODES} GPU nodes, ${fewestReady} ready at least`);
  });

  it("would never end on full GPU nodes with a second set beside the first", async () => {
    const beside = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
    const recording = new Recording(deployed, [GPU_SERVICE]);
    await deployed.put(withTemplate(changed(deploymentOf(GPU_SERVICE), { strategy: beside }), running(BROKEN)));
    const waiting = () => deployed.pods(GPU_SERVICE).flatMap(({ unschedulable }) => unschedulable ?? []);
    await plane().until("the successor waits", () => waiting().length > 0, waiting);
    expect(waiting()[0]).to.match(/Insufficient nvidia\.com\/gpu/);
    await deployed.put(withTemplate(deploymentOf(GPU_SERVICE), running(NEXT)));
    await deployed.settled({ [GPU_SERVICE]: GPU_NODES });
    recording.stop();
    expect(recording.of(GPU_SERVICE).fewestReady).to.equal(GPU_NODES);
  });

  it("stops at a version that never becomes ready, and the old one goes on serving", async () => {
    const { rollout } = workload("api-service", "service");
    if (rollout.strategy !== "surge") throw new Error("api-service is not rolled out by surge");
    const api = deploymentOf("api-service");
    const count = countOf(api);
    const recording = new Recording(deployed, ["api-service"]);
    // Ten minutes in the manifest itself, which is as long as nobody wants to wait here.
    await deployed.put(withTemplate(changed(api, { progressDeadlineSeconds: 5 }), running(BROKEN)));
    const progressing = () => deployed.condition(api, "Progressing");
    await plane().until(
      "the controller gives up",
      async () => (await progressing()) === "False ProgressDeadlineExceeded",
      progressing,
    );
    expect(deployed.pods("api-service").some((pod) => pod.image === BROKEN)).to.equal(true);
    expect(deployed.ready("api-service").map(({ image }) => image)).to.deep.equal(Array<string>(count).fill(NEXT));

    // Back to the version before: the broken pods go, and nothing that serves does.
    await deployed.put(withTemplate(api, running(NEXT)));
    await deployed.settled({ "api-service": count });
    recording.stop();
    expect(runs("api-service", NEXT)).to.equal(true);
    expect(recording.of("api-service").fewestReady).to.be.at.least(Math.ceil((count * rollout.minHealthy) / 100));
    expect(recording.of("api-service").mostPods).to.be.at.most(Math.floor((count * rollout.max) / 100));
  });
});

function changed(manifest: AnyManifest, spec: Readonly<Record<string, unknown>>): AnyManifest {
  return manifest.kind === "Deployment" && manifest.spec
    ? { ...manifest, spec: { ...manifest.spec, ...spec } }
    : manifest;
}
