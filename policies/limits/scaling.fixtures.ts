import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./scaling.ts";

export const fixtures: FixturesOf<typeof rules> = {
  scalingHasAnEnd: {
    compliant: { spec: { maxReplicaCount: 10 } },
    violating: [{ given: { spec: {} }, found: "spec.maxReplicaCount: found nothing" }],
    decides: "spec.maxReplicaCount",
    absent: "broken",
  },
};
