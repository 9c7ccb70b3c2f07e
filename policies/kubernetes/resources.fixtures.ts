import type { FixturesOf } from "../fixtures.ts";
import { deployment, inFirstContainer, inPod } from "./fixtures.ts";
import type * as rules from "./resources.ts";

const GPU = "nvidia.com/gpu";
const amounts = (requests: Record<string, string>, limits: Record<string, string>) => ({
  resources: { requests, limits },
});
const tolerating = { tolerations: [{ key: GPU, operator: "Exists" }] };

export const fixtures: FixturesOf<typeof rules> = {
  podCpu: {
    compliant: deployment(amounts({}, { cpu: "1" })),
    violating: [{ given: deployment(amounts({ memory: "1Gi" }, {})), found: "resources.requests.cpu: found nothing" }],
    decides: inFirstContainer("resources.limits.cpu"),
    absent: "broken",
  },
  podMemory: {
    compliant: deployment(),
    violating: [
      {
        given: deployment(amounts({ memory: "512Mi" }, { memory: "1Gi" })),
        found: "found 512Mi; allowed: the limit, 1Gi",
      },
      { given: deployment(amounts({ memory: "512Mi" }, {})), found: "resources.limits.memory: found nothing" },
    ],
    decides: inFirstContainer("resources.limits.memory"),
    absent: "broken",
  },
  podDisk: {
    compliant: deployment(),
    violating: [{ given: deployment(amounts({}, { memory: "1Gi" })), found: "ephemeral-storage: found nothing" }],
    decides: inFirstContainer("resources.limits"),
    absent: "broken",
  },
  podGpu: {
    compliant: deployment(amounts({ [GPU]: "1" }, { [GPU]: "1" }), tolerating),
    violating: [
      { given: deployment(amounts({}, { [GPU]: "1" })), found: "tolerations: found nothing" },
      {
        given: deployment(amounts({ [GPU]: "1" }, { [GPU]: "2" }), tolerating),
        found: "found 2; allowed: the request, 1",
      },
      { given: deployment(amounts({ [GPU]: "1" }, {}), tolerating), found: "found nothing; allowed: the request, 1" },
    ],
    decides: inPod("tolerations"),
    absent: "broken",
  },
  podGpuNodes: {
    compliant: deployment(amounts({}, { [GPU]: "1" }), tolerating),
    violating: [
      { given: deployment({}, tolerating), found: `tolerations: found ${GPU}` },
      { given: deployment({}, { tolerations: [{ operator: "Exists" }] }), found: "tolerations: found every taint" },
    ],
    decides: inPod("tolerations"),
    absent: "kept",
  },
};
