import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./fargate.ts";
import { task } from "./fixtures.ts";

const gpu = { resourceRequirements: [{ type: "GPU" as const, value: "1" }] };

export const fixtures: FixturesOf<typeof rules> = {
  fargateSize: {
    compliant: task({ cpu: "1 vCPU", memory: "2 GB" }),
    violating: [
      { given: task({ cpu: "1024", memory: "1024" }), found: "memory: found 1024; allowed: 2048 to 8192 MiB" },
      { given: task({ cpu: "256", memory: "1536" }), found: "memory: found 1536" },
      { given: task({ cpu: "8192", memory: "18432" }), found: "steps of 4096" },
      { given: task({ cpu: "32768", memory: "131072" }), found: "cpu: found 32768" },
    ],
    decides: "memory",
    absent: "broken",
  },
  gpuOnInstances: {
    compliant: task({ requiresCompatibilities: ["EC2"] }, gpu),
    violating: [{ given: task({}, gpu), found: "1 GPU" }],
    decides: "requiresCompatibilities",
    absent: "kept",
  },
  fargateDisk: {
    compliant: task({ ephemeralStorage: { sizeInGib: 200 } }),
    violating: [{ given: task({ ephemeralStorage: { sizeInGib: 201 } }), found: "found 201" }],
    decides: "ephemeralStorage.sizeInGib",
    absent: "kept",
  },
  fargateStop: {
    compliant: task({}, { stopTimeout: 120 }),
    violating: [{ given: task({}, { stopTimeout: 121 }), found: "found 121 s" }],
    decides: "containerDefinitions.0.stopTimeout",
    absent: "kept",
  },
};
