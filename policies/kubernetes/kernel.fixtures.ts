import type { FixturesOf } from "../fixtures.ts";
import { deployment, inFirstContainer, inPod } from "./fixtures.ts";
import type * as rules from "./kernel.ts";

const SYSCTLS = "securityContext.sysctls";
const sysctl = (name: string) => ({ securityContext: { sysctls: [{ name, value: "1" }] } });

export const fixtures: FixturesOf<typeof rules> = {
  podSeccomp: {
    compliant: deployment(),
    violating: [
      {
        given: deployment({}, { securityContext: { seccompProfile: { type: "Unconfined" } } }),
        found: "found Unconfined",
      },
      { given: deployment({ securityContext: { seccompProfile: { type: "Unconfined" } } }), found: "found Unconfined" },
    ],
    decides: inPod("securityContext.seccompProfile.type"),
    absent: "broken",
  },
  podSelinux: {
    compliant: deployment({}, { securityContext: { seLinuxOptions: { type: "container_t" } } }),
    violating: [
      { given: deployment({}, { securityContext: { seLinuxOptions: { type: "spc_t" } } }), found: "type: found spc_t" },
      {
        given: deployment({ securityContext: { seLinuxOptions: { type: "", user: "system_u" } } }),
        found: "containers.api.securityContext.seLinuxOptions: found system_u",
      },
    ],
    decides: inPod("securityContext.seLinuxOptions.type"),
    absent: "kept",
  },
  podProc: {
    compliant: deployment(),
    violating: [
      { given: deployment({ securityContext: { procMount: "Unmasked" } }), found: "procMount: found Unmasked" },
    ],
    decides: inFirstContainer("securityContext.procMount"),
    absent: "kept",
  },
  podSysctls: {
    compliant: deployment({}, sysctl("net.ipv4.tcp_syncookies")),
    violating: [{ given: deployment({}, sysctl("kernel.msgmax")), found: `${SYSCTLS}: found kernel.msgmax` }],
    decides: inPod(`${SYSCTLS}.0.name`),
    absent: "kept",
  },
};
