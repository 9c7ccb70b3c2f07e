import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./target-groups.ts";

const HEALTH = { path: "/health", interval: 10, timeout: 5 };

export const fixtures: FixturesOf<typeof rules> = {
  targetAddresses: {
    compliant: { targetType: "ip" },
    violating: [{ given: { targetType: "instance" }, found: "found instance" }],
    decides: "targetType",
    absent: "broken",
  },
  targetDrain: {
    compliant: { deregistrationDelay: 30 },
    violating: [
      { given: { deregistrationDelay: 0 }, found: "found 0 s" },
      { given: { deregistrationDelay: 3600 }, found: "found 3600 s" },
    ],
    decides: "deregistrationDelay",
    absent: "kept",
    configured: [
      { config: { leastSeconds: 0 }, given: { deregistrationDelay: 0 }, then: "kept" },
      { config: { mostSeconds: 120 }, given: { deregistrationDelay: 180 }, then: "broken" },
    ],
  },
  targetHealth: {
    compliant: { protocol: "HTTP", healthCheck: HEALTH },
    violating: [
      { given: { protocol: "HTTP", healthCheck: { ...HEALTH, path: "/" } }, found: "healthCheck.path: found /" },
      { given: { healthCheck: { ...HEALTH, timeout: 10 } }, found: "healthCheck.timeout: found 10 s" },
      { given: { healthCheck: { ...HEALTH, enabled: false } }, found: "healthCheck.enabled: found false" },
    ],
    decides: "healthCheck.path",
    absent: "broken",
  },
};
