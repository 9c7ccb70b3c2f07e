/**
 * The real scheduler over simulated nodes: GPU pods get GPU nodes and nothing else does, spot gets spot, replicas spread
 * over zones, and what fits nowhere waits with the scheduler's own reason.
 */
import { expect } from "chai";
import { cryptotracker } from "../../platform/cryptotracker.ts";
import { dev, prod } from "../support/stacks.ts";
import { messageOf } from "./support/api.ts";
import { Deployed } from "./support/deployed.ts";
import { manifestsOf } from "./support/forms.ts";
import { plainNodes } from "./support/node-plans.ts";
import type { SimulatedNode } from "./support/nodes.ts";
import { misplaced, replicasOf, zonesOf } from "./support/placement.ts";
import { useControlPlane } from "./support/plane-hooks.ts";
import { podAsking, podsOf, type Pod } from "./support/pods.ts";

const TEST_MILLISECONDS = 180_000;
const NO_SUCH_NODE = /didn't match Pod's node affinity\/selector/;

for (const settings of [dev, prod]) {
  const model = cryptotracker(settings);
  const { namespace } = settings;

  describe(`${settings.stack}, the kubernetes form, scheduled`, function () {
    this.timeout(TEST_MILLISECONDS);
    const manifests = manifestsOf("kubernetes", settings);
    const replicas = replicasOf(manifests, model, "desired");
    const gpuServices = model.workloads.filter(({ kind, compute }) => kind !== "job" && compute.on.pool === "gpu");
    const spotJobs = model.workloads.filter(({ kind, compute }) => kind === "job" && compute.purchase === "spot");
    const nodes: SimulatedNode[] = [];
    let deployed: Deployed;

    const { plane } = useControlPlane(async ({ kubelet }) => {
      // Jobs go on for as long as we look at them.
      kubelet.fateOf = () => "ready";
      await join(...plainNodes("general", 6, settings), ...plainNodes("memory", 3, settings));
      await join(...plainNodes("iops", 3, settings));
      deployed = await Deployed.apply(plane(), manifests);
      for (const each of manifests) {
        if (each.kind === "Deployment") await deployed.scale(each, replicas[each.metadata?.name ?? ""] ?? 0);
        if (each.kind === "CronJob") await deployed.startByHand(each);
      }
    });

    async function join(...more: readonly SimulatedNode[]): Promise<void> {
      await plane().nodes.join(more);
      nodes.push(...more);
    }

    const waiting = (workload: string) => deployed.pods(workload).map(({ unschedulable }) => unschedulable);

    it("lets a GPU pod wait where there is no GPU node, and says why", async () => {
      expect(gpuServices).not.to.be.empty;
      for (const { name } of [...gpuServices, ...spotJobs]) {
        await plane().until(
          `${name} waits`,
          () => waiting(name).some((each) => each !== undefined),
          () => waiting(name),
        );
        for (const reason of waiting(name)) expect(reason).to.match(NO_SUCH_NODE);
      }
    });

    it("puts it there as soon as there is one, and the spot job only on spot", async () => {
      await join(...plainNodes("gpu", 2, settings));
      for (const { name } of gpuServices) await deployed.settled({ [name]: replicas[name] ?? 0 });
      for (const { name } of spotJobs) expect(waiting(name)[0]).to.match(NO_SUCH_NODE);
      await join(...plainNodes("gpu-spot", 1, settings));
      await deployed.settled(Object.fromEntries(spotJobs.map(({ name }) => [name, 1])));
    });

    it("finds a node for every pod, GPU nodes for GPU pods alone", async () => {
      await deployed.settled(replicas);
      await plane().until("no pod waits", () => deployed.pods().every(({ node }) => node !== undefined));
      expect(misplaced(deployed.pods(), nodes, model)).to.deep.equal([]);
    });

    it("spreads replicas over the zones", () => {
      for (const workload of model.workloads) {
        const count = replicas[workload.name] ?? 0;
        if (count < 2 || workload.zones === "together") continue;
        const zones = zonesOf(deployed.pods(workload.name), nodes);
        expect(Object.keys(zones), `${workload.name}: ${JSON.stringify(zones)}`).to.have.length(Math.min(3, count));
      }
    });

    it("keeps off a GPU node even who asks for it, unless it tolerates the taint", async () => {
      const intruder = pinned(podAsking(anyPod(), "intruder", {}), plainNodes("gpu", 1, settings)[0]?.labels ?? {});
      expect(await waitsWith(intruder)).to.match(/had untolerated taint\(?s?\)? ?\{?nvidia\.com\/gpu/);
    });

    it("lets a pod wait that is larger than every node", async () => {
      expect(await waitsWith(podAsking(anyPod(), "too-large", { cpu: "32" }))).to.match(/Insufficient cpu/);
    });

    it("counts what is used, and refuses the pod that goes beyond the quota", async () => {
      const quota = manifests.find((each) => each.kind === "ResourceQuota");
      if (quota?.kind !== "ResourceQuota") throw new Error("no ResourceQuota");
      const inNamespace = () => deployed.pods().filter((pod) => pod.namespace === namespace).length;
      await plane().until(
        "the quota has counted every pod",
        async () => (await deployed.quotaUsed(quota))?.["pods"] === String(inNamespace()),
        inNamespace,
      );
      const { api } = plane().cluster;
      const hard = quota.spec?.hard?.["requests.cpu"] ?? "";
      const beyond = await api.tryCreate(podAsking(anyPod(), "beyond", { cpu: hard }));
      expect(beyond.status).to.equal(403);
      expect(messageOf(beyond)).to.match(/exceeded quota: stack-limits, requested: .*requests\.cpu=/);
      expect((await api.tryCreate(podAsking(anyPod(), "within", {}))).status).to.equal(201);
    });

    /** One of a workload that runs anywhere. */
    function anyPod(): Pod {
      const [pod] = manifests.filter(({ metadata }) => metadata?.name === "api-service").flatMap(podsOf);
      if (!pod) throw new Error("api-service has no pod");
      return pod;
    }

    /** Creates it, returns why it waits, and removes it. */
    async function waitsWith(pod: Pod): Promise<string> {
      const { api } = plane().cluster;
      await api.must("POST", `/api/v1/namespaces/${namespace}/pods`, pod);
      const found = () => deployed.pods().find(({ name }) => name === pod.metadata?.name);
      await plane().until("the scheduler has tried", () => found()?.unschedulable !== undefined, found);
      const reason = found()?.unschedulable ?? "";
      await api.must("DELETE", await api.pathOf(pod));
      await plane().until("it is gone", () => found() === undefined);
      return reason;
    }
  });
}

function pinned(pod: Pod, nodeSelector: Readonly<Record<string, string>>): Pod {
  return pod.spec ? { ...pod, spec: { ...pod.spec, nodeSelector } } : pod;
}
