import { expect } from "chai";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import type { Model, Workload } from "../../../platform/model/types.ts";
import { parseSettings, type Settings } from "../../../platform/settings.ts";
import { addressesOfNode, addressProblems } from "../../../targets/eks/addresses.ts";
import { capacityProblems } from "../../../targets/eks/capacity.ts";
import { compile } from "../../../targets/eks/compile.ts";
import { nodeGroups } from "../../../targets/eks/node-groups.ts";
import { dev, devModel, problemsOf, prod, withWorkload, workload } from "../../support/stacks.ts";

type Nodes = Settings["eks"]["nodes"];

const inference = workload("ml-inference-service", "service");
const withNodes = (nodes: Nodes, stack: Settings = dev): Settings => ({ ...stack, eks: { ...stack.eks, nodes } });
const withPrivate = (...cidrs: readonly string[]): Settings => ({
  ...dev,
  network: { ...dev.network, private: cidrs },
});
const inGeneral = (general: Nodes[string]): Settings => withNodes({ general });
const codes = (model: Model, settings: Settings): string[] =>
  capacityProblems(model, settings).map(({ code, path }) => `${path} ${code}`);

describe("capacity of node groups", () => {
  it("is enough for the repository's stacks", () => {
    for (const stack of [dev, prod, { ...dev, ml: false }, { ...dev, gpu: "a100" } as const]) {
      expect(capacityProblems(cryptotracker(stack), stack)).to.deep.equal([]);
      expect(addressProblems(cryptotracker(stack), stack)).to.deep.equal([]);
    }
  });

  it("is refused with every problem of a stack at once", () => {
    const settings: Settings = {
      ...withPrivate("10.20.32.0/24", "10.20.64.0/19", "10.20.96.0/19"),
      eks: {
        ...dev.eks,
        version: "1.20",
        publicAccessCidrs: ["0.0.0.0/0"],
        nodes: { general: { min: 1, max: 3 }, gpus: { min: 1 } },
      },
    };
    expect(problemsOf(compile(devModel, settings)).map(({ code }) => code)).to.deep.equal([
      "cluster-version",
      "cluster-open",
      "unknown-node-group",
      "node-group-min",
      "node-group-max",
      "subnet-addresses",
    ]);
  });

  it("knows no group that nothing stands in, and says which there are", () => {
    expect(capacityProblems(devModel, withNodes({ "gpu-a100": {} }))).to.deep.equal([
      {
        code: "unknown-node-group",
        path: "settings.eks.nodes.gpu-a100",
        found: '"gpu-a100"',
        allowed: "one of general, gpu-a10g, gpu-a10g-spot",
      },
    ]);
  });

  it("takes machines of the group's own hardware only", () => {
    const given = withNodes({ "gpu-a10g": { instanceTypes: ["g5.2xlarge", "p4d.24xlarge", "g9.giant"] } });
    expect(capacityProblems(devModel, given)).to.deep.equal(
      ["p4d.24xlarge", "g9.giant"].map((name, index) => ({
        code: "node-group-instance-type",
        path: `settings.eks.nodes.gpu-a10g.instanceTypes.${index + 1}`,
        found: JSON.stringify(name),
        allowed: "one of g5.xlarge, g5.2xlarge, g5.4xlarge",
      })),
    );
  });

  it("has no place for four CPUs on a machine with four", () => {
    // 4000m less 80m for the kubelet and 480m for the daemons; 15155 MiB less 1465, 100 and 273.
    expect(capacityProblems(devModel, inGeneral({ instanceTypes: ["m7i.2xlarge", "m7i.xlarge"] }))).to.deep.equal([
      {
        code: "node-too-small",
        path: "settings.eks.nodes.general.instanceTypes",
        found: "sentiment-processor: 4000m CPU, 8192 MiB",
        allowed: "what a m7i.xlarge offers beside the system and the agents: 3440m CPU, 13317 MiB",
      },
    ]);
  });

  it("says of a pod that no node holds nothing about how many nodes would", () => {
    expect(codes(devModel, inGeneral({ instanceTypes: ["m7i.xlarge"], max: 5 }))).to.deep.equal([
      "settings.eks.nodes.general.instanceTypes node-too-small",
    ]);
  });

  it("has no place for a pod that only the machine's nominal memory would hold", () => {
    const large: Workload = { ...inference, compute: { ...inference.compute, memory: 14_000 } };
    expect(capacityProblems(withWorkload(large), dev)).to.deep.equal([
      {
        code: "node-too-small",
        path: "services.ml-inference-service.compute",
        found: "ml-inference-service: 3000m CPU, 14000 MiB, 1 GPUs",
        allowed: "what a g5.xlarge offers beside the system and the agents: 3165m CPU, 13125 MiB, 1 GPUs",
      },
    ]);
    const two: Workload = {
      ...inference,
      compute: { ...inference.compute, on: { pool: "gpu", gpus: 2, gpu: "a10g" } },
    };
    expect(codes(withWorkload(two), dev)).to.deep.equal(["services.ml-inference-service.compute node-too-small"]);
  });

  it("needs machines that give pods interfaces of their own", () => {
    const problems = capacityProblems(devModel, inGeneral({ instanceTypes: ["t3.2xlarge"] }));
    const general = devModel.workloads.filter(({ compute }) => compute.on.pool === "general");
    expect(problems.map(({ code }) => code)).to.deep.equal(general.map(() => "branch-interfaces"));
    expect(problems[0]).to.deep.include({
      path: "settings.eks.nodes.general.instanceTypes",
      found: `${general[0]?.name} on a t3.2xlarge, which has 0 branch interfaces`,
    });
  });

  it("is not cut below what everything at its maximum needs", () => {
    // 92000m of workloads and 1495m of operators on 7430m a node: 12.6.
    expect(capacityProblems(devModel, inGeneral({ max: 13 }))).to.deep.equal([]);
    const [problem, ...others] = capacityProblems(devModel, inGeneral({ max: 12 }));
    expect(others).to.deep.equal([]);
    expect(problem).to.include({ code: "node-group-max", path: "settings.eks.nodes.general.max", found: "12 nodes" });
    expect(problem?.allowed).to.include("at least 13").and.include("93495m CPU").and.include("7430m CPU");
    expect(codes(devModel, withNodes({ "gpu-a10g": { max: 2 } }))).to.deep.equal([
      "settings.eks.nodes.gpu-a10g.max node-group-max",
    ]);
  });

  it("keeps enough general nodes to outlive one, and a minimum below the maximum", () => {
    const [problem] = capacityProblems(devModel, inGeneral({ min: 1 }));
    expect(problem).to.include({ code: "node-group-min", path: "settings.eks.nodes.general.min", found: "1 nodes" });
    expect(capacityProblems(cryptotracker(prod), withNodes({ general: { min: 2 } }, prod))[0]?.allowed).to.include(
      "3 in prod",
    );
    expect(codes(devModel, inGeneral({ min: 30, max: 20 }))).to.deep.equal([
      "settings.eks.nodes.general.max node-group-max",
    ]);
  });

  it("has no ARM machines with the GPUs and disks that the model knows", () => {
    const arm: Workload = { ...inference, compute: { ...inference.compute, architecture: "arm64" } };
    expect(codes(withWorkload(arm), dev)).to.deep.equal([
      "services.ml-inference-service.compute.architecture node-group-architecture",
    ]);
  });

  it("refuses members that do not agree on their zones", () => {
    const alert = workload("alert-service", "worker");
    const odd: Workload = { ...alert, compute: { ...inference.compute } };
    expect(codes(withWorkload(odd), dev)).to.deep.equal(["services.alert-service.zones node-group-zones"]);
  });
});

describe("addresses of private subnets", () => {
  it("of a node are its prefixes, its pods' own interfaces and the interfaces' own", () => {
    // m7i.2xlarge: 110 pods need 7 prefixes, one more is kept warm: 8 × 16; 38 branch interfaces; one interface for the
    // prefixes and the trunk. g5.xlarge: 4 branch interfaces. g5.4xlarge, the largest of spot: 34.
    expect(nodeGroups(devModel, dev).map(addressesOfNode)).to.deep.equal([128 + 38 + 2, 128 + 4 + 2, 128 + 34 + 2]);
    // p4d: 250 pods need 16 prefixes and one is warm: 17 × 16; 62 branch interfaces; 2, and EFA's three more cards.
    expect(nodeGroups(cryptotracker(prod), prod).map(addressesOfNode).slice(1)).to.deep.equal([339, 336]);
  });

  it("are counted with a zone down, an update on the way and the other side at its largest", () => {
    // Nodes: general (26 + 2 × 3) / 2 = 16 of 168; spot (2 + 6) / 2 = 4 of 164; in the first subnet, where they stand
    // together, 4 + 2 of 134. Tasks: 68 replicas doubled, 23 of 15 WebSocket ones, a migration, a training and its
    // instance, by 2 zones; inference's 3 and their instances in the first. 16 for the control plane, 32 for the foundation.
    const [first, second, ...others] = addressProblems(
      devModel,
      withPrivate("10.0.0.0/20", "10.0.16.0/21", "10.0.32.0/19"),
    );
    const nodes = 16 * 168 + 4 * 164;
    const tasks = (2 * 68 + 23 + 1 + 2) / 2;
    expect(others).to.deep.equal([]);
    expect(first).to.deep.include({ path: "settings.network.private.0", found: "10.0.0.0/20: 4091 addresses" });
    expect(first?.allowed).to.include(`${nodes + 6 * 134 + tasks + 6 + 48}: ${nodes + 6 * 134} for nodes`);
    expect(second).to.deep.include({ path: "settings.network.private.1", found: "10.0.16.0/21: 2043 addresses" });
    expect(second?.allowed)
      .to.include(`${nodes + tasks + 48}: ${nodes} for nodes`)
      .and.include(`${tasks} for the ECS side`);
  });
});

describe("settings of node groups", () => {
  const eks = (value: unknown) =>
    problemsOf(parseSettings("x", { "cryptotracker:eks": value })).flatMap(({ path }) =>
      path.startsWith("settings.eks") ? [path] : [],
    );

  it("are strict about names, counts and ranges", () => {
    expect(eks({ nodes: { general: { min: 0, max: 5, instanceTypes: ["m7i.2xlarge"] } } })).to.deep.equal([]);
    expect(eks({ nodes: { general: { desired: 3 } } })).to.deep.equal(["settings.eks.nodes.general.desired"]);
    expect(eks({ nodes: { general: { max: 0 } } })).to.deep.equal(["settings.eks.nodes.general.max"]);
    expect(eks({ nodes: { general: { instanceTypes: [] } } })).to.deep.equal([
      "settings.eks.nodes.general.instanceTypes",
    ]);
    expect(eks({ publicAccessCidrs: ["home"] })).to.deep.equal(["settings.eks.publicAccessCidrs.0"]);
    expect(eks({ versoin: "1.36" })).to.deep.equal(["settings.eks.versoin"]);
  });
});
