/**
 * The node groups that the EKS target plans, at their largest, under the real scheduler: they hold the whole platform at
 * its most replicas, beside the operators, every pod with its own network interface.
 */
import { expect } from "chai";
import { cryptotracker } from "../../platform/cryptotracker.ts";
import { nodeGroups } from "../../targets/eks/node-groups.ts";
import { OPERATOR_PODS } from "../../targets/eks/system-pods.ts";
import { dev, prod } from "../support/stacks.ts";
import type { ControlPlane } from "./support/control-plane.ts";
import { Deployed } from "./support/deployed.ts";
import { manifestsOf } from "./support/forms.ts";
import { BRANCH_INTERFACE, plannedNodes } from "./support/node-plans.ts";
import { misplaced, replicasOf, zonesOf } from "./support/placement.ts";
import { useControlPlane } from "./support/plane-hooks.ts";
import { asking, withTemplate } from "./support/pods.ts";

const TEST_MILLISECONDS = 180_000;

for (const settings of [dev, prod]) {
  const model = cryptotracker(settings);

  describe(`${settings.stack}, the eks form, on its planned node groups`, function () {
    this.timeout(TEST_MILLISECONDS);
    // What the VPC resource controller's webhook asks for on behalf of each pod that a SecurityGroupPolicy selects.
    const manifests = manifestsOf("eks", settings).map((each) => withTemplate(each, asking(BRANCH_INTERFACE)));
    const replicas = replicasOf(manifests, model, "max");
    const groups = nodeGroups(model, settings);
    const nodes = groups.flatMap((group) => plannedNodes(group, settings));
    let deployed: Deployed;

    const { plane, say } = useControlPlane(async (opened) => {
      opened.kubelet.fateOf = () => "ready";
      await opened.nodes.join(nodes);
      await startOperators(opened);
      deployed = await Deployed.apply(opened, manifests);
      for (const each of manifests) {
        if (each.kind === "Deployment") await deployed.scale(each, replicas[each.metadata?.name ?? ""] ?? 0);
        if (each.kind === "CronJob") await deployed.startByHand(each);
      }
    });

    it("holds every workload at its most replicas, each pod where it belongs", async () => {
      await deployed.settled(replicas);
      await plane().until("no pod waits", () =>
        plane()
          .kubelet.pods()
          .every(({ node }) => node !== undefined),
      );
      expect(misplaced(deployed.pods(), nodes, model)).to.deep.equal([]);
      expect(plane().kubelet.pods()).to.have.length(deployed.pods().length + operators());
      const sizes = groups.map(({ name, max }) => `${name} ${max}`).join(", ");
      say(`${settings.stack}, eks: ${deployed.pods().length} pods and ${operators()} of operators on ${sizes}`);
    });

    it("starts a pod of every job, too", () => {
      const jobs = model.workloads.filter(({ kind }) => kind === "job").map(({ name }) => name);
      expect(deployed.pods().map(({ workload }) => workload)).to.include.members(jobs);
    });

    it("spreads replicas over the zones", () => {
      for (const workload of model.workloads) {
        const count = replicas[workload.name] ?? 0;
        if (count < 2 || workload.zones === "together") continue;
        const zones = zonesOf(deployed.pods(workload.name), nodes);
        expect(Object.keys(zones), `${workload.name}: ${JSON.stringify(zones)}`).to.have.length(Math.min(3, count));
      }
    });
  });
}

function operators(): number {
  return OPERATOR_PODS.reduce((sum, { count }) => sum + count, 0);
}

async function startOperators({ cluster }: ControlPlane): Promise<void> {
  const path = "/api/v1/namespaces/kube-system/pods";
  for (const [batch, { need, count }] of OPERATOR_PODS.entries()) {
    for (let replica = 0; replica < count; replica += 1) {
      const requests = { cpu: `${need.milliCpu}m`, memory: `${need.memory}Mi` };
      await cluster.api.must("POST", path, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `operator-${batch}-${replica}` },
        spec: {
          automountServiceAccountToken: false,
          containers: [{ name: "operator", image: "simulated", resources: { requests } }],
        },
      });
    }
  }
}
