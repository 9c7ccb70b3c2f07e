import type { FixturesOf } from "../fixtures.ts";
import { deployment, inFirstContainer, inPod } from "./fixtures.ts";
import type * as rules from "./pod-security.ts";

export const fixtures: FixturesOf<typeof rules> = {
  podNamespaces: {
    compliant: deployment({}, { hostNetwork: false }),
    violating: [
      { given: deployment({}, { hostNetwork: true }), found: "hostNetwork: found true" },
      { given: deployment({}, { hostPID: true }), found: "hostPID: found true" },
      { given: deployment({}, { hostIPC: true }), found: "hostIPC: found true" },
    ],
    decides: inPod("hostNetwork"),
    absent: "kept",
  },
  podVolumes: {
    compliant: deployment({}, { volumes: [{ name: "tmp", emptyDir: {} }] }),
    violating: [
      {
        given: deployment({}, { volumes: [{ name: "run", hostPath: { path: "/run" } }] }),
        found: "volumes.run: found hostPath",
      },
    ],
    decides: inPod("volumes"),
    absent: "kept",
  },
  podPorts: {
    compliant: deployment(),
    violating: [{ given: deployment({ ports: [{ containerPort: 3001, hostPort: 80 }] }), found: "hostPort: found 80" }],
    decides: inFirstContainer("ports.0.hostPort"),
    absent: "kept",
  },
  podToken: {
    compliant: deployment(),
    violating: [{ given: deployment({}, { automountServiceAccountToken: true }), found: "found true" }],
    decides: inPod("automountServiceAccountToken"),
    absent: "broken",
  },
};
