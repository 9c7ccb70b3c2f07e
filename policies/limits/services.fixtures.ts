import type { FixturesOf } from "../fixtures.ts";
import { onEcs, onKubernetes } from "./fixtures.ts";
import type * as rules from "./services.ts";

export const fixtures: FixturesOf<typeof rules> = {
  replicaSize: {
    config: { every: { vcpu: 1 } },
    compliant: onEcs(6),
    violating: [
      { given: onEcs(6, 2, 2), found: "api.vcpu: found 2 vCPU; allowed: at most 1 vCPU" },
      { given: onKubernetes(6, 2, 2), found: "api.vcpu: found 2 vCPU; allowed: at most 1 vCPU" },
    ],
    decides: "api.cpu",
    absent: "kept",
    configured: [
      { config: {}, given: onEcs(6), then: "kept" },
      { config: { every: { memoryGiB: 2 } }, given: onKubernetes(6), then: "kept" },
      { config: { every: { memoryGiB: 1.9 } }, given: onKubernetes(6), then: "broken" },
      { config: { services: { api: { memoryGiB: 1 } } }, given: onEcs(6), then: "broken" },
      { config: { every: { vcpu: 0.5 }, services: { api: { vcpu: 1 } } }, given: onEcs(6), then: "kept" },
    ],
  },
  serviceDesired: {
    config: { every: { vcpu: 4 } },
    compliant: onEcs(6, 4),
    violating: [
      { given: onEcs(6, 5), found: "api.vcpu: found 5 vCPU (5 × 1); allowed: at most 4 vCPU" },
      { given: onKubernetes(6, 5), found: "api.vcpu: found 5 vCPU (5 × 1); allowed: at most 4 vCPU" },
    ],
    decides: "api.cpu",
    absent: "kept",
    configured: [
      { config: { every: { replicas: 2 } }, given: onEcs(6), then: "kept" },
      { config: { every: { replicas: 1 } }, given: onKubernetes(6), then: "broken" },
    ],
  },
  serviceWorstCase: {
    config: { every: { memoryGiB: 12 } },
    compliant: onKubernetes(6),
    violating: [
      { given: onKubernetes(7), found: "api.memoryGiB: found 14 GiB of memory (7 × 2); allowed: at most 12" },
      { given: onEcs(7), found: "api.memoryGiB: found 14 GiB of memory (7 × 2); allowed: at most 12" },
    ],
    decides: "api.spec.template.spec.containers.0.resources.limits.memory",
    absent: "broken",
    configured: [
      { config: { every: { replicas: 6 } }, given: onEcs(6), then: "kept" },
      { config: { every: { replicas: 6 } }, given: onEcs(7), then: "broken" },
      { config: { every: { replicas: 6 } }, given: onKubernetes(7), then: "broken" },
    ],
  },
};
