import type { FixturesOf, Made } from "../fixtures.ts";
import { onEcs, onKubernetes, pool } from "./fixtures.ts";
import type * as rules from "./machines.ts";

const nodes = (maxSize: number): Made => ({
  type: "aws:eks/nodeGroup:NodeGroup",
  name: "nodes",
  props: { instanceTypes: ["m7i.xlarge"], scalingConfig: { desiredSize: 1, minSize: 1, maxSize } },
});

export const fixtures: FixturesOf<typeof rules> = {
  machinesWorstCase: {
    config: { vcpu: 16 },
    compliant: [nodes(4)],
    violating: [
      { given: [nodes(5)], found: "machines.vcpu: found 20 vCPU (5 × nodes); allowed: at most 16 vCPU" },
      { given: pool("g5.xlarge", 5), found: "machines.vcpu: found 20 vCPU (5 × gpu-group)" },
    ],
    decides: "nodes.scalingConfig.maxSize",
    absent: "kept",
    configured: [
      { config: { gpus: 8 }, given: pool("p4d.24xlarge", 1), then: "kept" },
      { config: { gpus: 8 }, given: pool("p4d.24xlarge", 2), then: "broken" },
      { config: { replicas: 1 }, given: [nodes(2)], then: "broken" },
    ],
  },
  machinesHold: {
    compliant: [...onEcs(4), ...pool("g5.xlarge", 1)],
    violating: [
      {
        given: [...onEcs(5), ...pool("g5.xlarge", 1)],
        found: "gpu.vcpu: found 5 vCPU asked for at most; allowed: the 4 of 1 × gpu-group",
      },
      {
        given: [...onKubernetes(5), nodes(1)],
        found: "nodes.vcpu: found 5 vCPU asked for at most; allowed: the 4 of 1 × nodes",
      },
    ],
    decides: "api.cpu",
    absent: "kept",
  },
};
