import type { FixturesOf } from "../fixtures.ts";
import { deployment, inFirstContainer, inPod } from "./fixtures.ts";
import type * as rules from "./lifecycle.ts";

const TOO_SHORT = deployment({ lifecycle: { preStop: { exec: { command: ["sh", "-c", "sleep 55"] } } } });

export const fixtures: FixturesOf<typeof rules> = {
  podLiveness: {
    compliant: deployment(),
    violating: [
      { given: deployment({ livenessProbe: undefined }), found: "containers.api.livenessProbe: found nothing" },
    ],
    decides: inFirstContainer("livenessProbe"),
    absent: "broken",
  },
  podReadiness: {
    compliant: deployment(),
    violating: [{ given: deployment({ readinessProbe: undefined }), found: "readinessProbe: found nothing" }],
    decides: inFirstContainer("readinessProbe"),
    absent: "broken",
  },
  podFarewell: {
    compliant: deployment({}, { terminationGracePeriodSeconds: 30 }),
    violating: [
      { given: deployment({}, { terminationGracePeriodSeconds: 29 }), found: "found 29 s; allowed: at least 30 s" },
      { given: TOO_SHORT, found: "found 60 s; allowed: at least 65 s: 55 of preStop in api and 10 to stop" },
    ],
    decides: inPod("terminationGracePeriodSeconds"),
    absent: "kept",
    configured: [
      { config: { stopSeconds: 30 }, given: deployment(), then: "kept" },
      { config: { stopSeconds: 41 }, given: deployment(), then: "broken" },
      { config: { stopSeconds: 5 }, given: TOO_SHORT, then: "kept" },
    ],
  },
  jobDeadline: {
    compliant: { spec: { activeDeadlineSeconds: 600 } },
    violating: [
      { given: { spec: {} }, found: "activeDeadlineSeconds: found nothing" },
      { given: { spec: { jobTemplate: { spec: {} } } }, found: "activeDeadlineSeconds: found nothing" },
    ],
    decides: "spec.activeDeadlineSeconds",
    absent: "broken",
  },
};
