import type { FixturesOf } from "../fixtures.ts";
import { onEcs, onKubernetes } from "./fixtures.ts";
import type * as rules from "./stack.ts";

export const fixtures: FixturesOf<typeof rules> = {
  stackDesired: {
    config: { vcpu: 2, memoryGiB: 4 },
    compliant: onEcs(6),
    violating: [
      { given: onEcs(6, 3), found: "stack.vcpu: found 3 vCPU (api 3); allowed: at most 2 vCPU" },
      { given: onKubernetes(6, 3), found: "stack.vcpu: found 3 vCPU (api 3); allowed: at most 2 vCPU" },
    ],
    decides: "api.cpu",
    absent: "kept",
    configured: [
      { config: {}, given: onEcs(600), then: "kept" },
      { config: { replicas: 1 }, given: onKubernetes(6), then: "broken" },
    ],
  },
  stackWorstCase: {
    config: { vcpu: 6 },
    compliant: onKubernetes(6),
    violating: [
      { given: onEcs(7), found: "stack.vcpu: found 7 vCPU (api 7); allowed: at most 6 vCPU" },
      { given: onKubernetes(7), found: "stack.vcpu: found 7 vCPU (api 7); allowed: at most 6 vCPU" },
    ],
    decides: "api.cpu",
    absent: "kept",
    configured: [
      { config: { memoryGiB: 12, replicas: 6 }, given: onEcs(6), then: "kept" },
      { config: { memoryGiB: 11 }, given: onEcs(6), then: "broken" },
      { config: { vcpu: 11 }, given: [...onEcs(6), ...onKubernetes(6)], then: "broken" },
    ],
  },
};
