/**
 * Evictions by the API that drains use, against the real disruption controller: one at a time, none that breaks the
 * minimum, and never in the way of a pod that is broken anyway.
 */
import { expect } from "chai";
import { cryptotracker } from "../../platform/cryptotracker.ts";
import { dev } from "../support/stacks.ts";
import { messageOf, type Answer } from "./support/api.ts";
import { Deployed } from "./support/deployed.ts";
import { manifestsOf } from "./support/forms.ts";
import { plainNodes } from "./support/node-plans.ts";
import { replicasOf } from "./support/placement.ts";
import { useControlPlane } from "./support/plane-hooks.ts";
import { Recording } from "./support/record.ts";
import { isActive, podPath, type SeenPod } from "./support/seen-pod.ts";

const TEST_MILLISECONDS = 240_000;
const REFUSED = 429;
const WORKLOAD = "api-service";

describe("an eviction, judged by the real disruption controller", function () {
  this.timeout(TEST_MILLISECONDS);
  const model = cryptotracker(dev);
  const manifests = manifestsOf("kubernetes", dev);
  const replicas = replicasOf(manifests, model, "desired");
  const nodes = [...plainNodes("general", 4, dev), ...plainNodes("gpu", 2, dev)];
  let deployed: Deployed;

  const { plane, say } = useControlPlane(async (opened) => {
    await opened.nodes.join(nodes);
    deployed = await Deployed.apply(opened, manifests);
    for (const each of manifests) {
      if (each.kind === "Deployment") await deployed.scale(each, replicas[each.metadata?.name ?? ""] ?? 0);
    }
    await deployed.settled(replicas);
  });

  function evict(pod: SeenPod): Promise<Answer> {
    const { namespace, name } = pod;
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
    return plane().cluster.api.send("POST", `${podPath(pod)}/eviction`, eviction);
  }

  /** As soon as the disruption controller has counted. */
  async function evicted(pod: SeenPod): Promise<void> {
    let last = "not tried";
    await plane().until(
      `${pod.name} may go`,
      async () => {
        const answer = await evict(pod);
        last = messageOf(answer);
        if (![201, 404, REFUSED].includes(answer.status)) throw new Error(`${pod.name}: ${last}`);
        return answer.status !== REFUSED;
      },
      () => last,
    );
  }

  const ready = () => deployed.ready(WORKLOAD);
  const unready = () => deployed.pods(WORKLOAD).filter((pod) => isActive(pod) && !pod.ready && pod.phase === "Running");

  function first(pods: readonly SeenPod[]): SeenPod {
    const [pod] = pods;
    if (!pod) throw new Error(`${WORKLOAD} has no such pod`);
    return pod;
  }

  it("lets one pod go, and no second one before its successor is ready", async () => {
    const count = replicas[WORKLOAD] ?? 0;
    plane().kubelet.fateOf = ({ restarts }) => (restarts ? "neverReady" : "succeeded");
    await evicted(first(ready()));
    await plane().until("its successor has started", () => unready().length === 1 && ready().length === count - 1);
    const second = await evict(first(ready()));
    expect(second.status).to.equal(REFUSED);
    expect(messageOf(second)).to.match(/violate the pod's disruption budget/);
    expect(ready()).to.have.length(count - 1);

    await plane().kubelet.setReady(first(unready()), true);
    await deployed.settled({ [WORKLOAD]: count });
    await evicted(first(ready()));
    await plane().until("its successor has started", () => unready().length === 1);
  });

  it("lets a broken pod go even below the minimum, and a sound one not", async () => {
    // One is still on its way from the test before; with a second one there are fewer than the budget wants.
    await plane().kubelet.setReady(first(ready()), false);
    await plane().until("two are not ready", () => unready().length === 2);
    const [broken] = unready();
    if (!broken) throw new Error("no pod is broken");
    expect((await evict(first(ready()))).status).to.equal(REFUSED);
    expect((await evict(broken)).status).to.equal(201);
    plane().kubelet.fateOf = ({ restarts }) => (restarts ? "ready" : "succeeded");
    for (const pod of unready()) await plane().kubelet.setReady(pod, true);
    await deployed.settled(replicas);
  });

  it("drains a node while every workload keeps all replicas but one", async () => {
    const onIt = (node: string) => deployed.pods().filter((pod) => pod.node === node && isActive(pod));
    const fullest = nodes.map(({ name }) => name).sort((a, b) => onIt(b).length - onIt(a).length)[0] ?? "";
    const drained = onIt(fullest);
    expect(drained).not.to.be.empty;
    const recording = new Recording(deployed, Object.keys(replicas));
    await plane().nodes.cordon(fullest);
    for (const pod of drained) await evicted(pod);
    await plane().until(
      "the node is empty",
      () => onIt(fullest).length === 0,
      () => onIt(fullest),
    );
    await deployed.settled(replicas);
    recording.stop();
    for (const [name, count] of Object.entries(replicas)) {
      expect(recording.of(name).fewestReady, name).to.be.at.least(count - 1);
    }
    say(`${drained.length} pods drained from ${fullest}, no workload short of more than one`);
  });
});
