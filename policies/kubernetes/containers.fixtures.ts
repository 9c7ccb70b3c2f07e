import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./containers.ts";
import { deployment, inFirstContainer, inPod } from "./fixtures.ts";

const secure = (field: object) => ({ securityContext: { allowPrivilegeEscalation: false, ...field } });

export const fixtures: FixturesOf<typeof rules> = {
  podPrivileged: {
    compliant: deployment(),
    violating: [
      {
        given: deployment(secure({ privileged: true })),
        found: "containers.api.securityContext.privileged: found true",
      },
      {
        given: deployment({}, { initContainers: [{ name: "prepare", ...secure({ privileged: true }) }] }),
        found: "prepare",
      },
    ],
    decides: inFirstContainer("securityContext.privileged"),
    absent: "kept",
  },
  podEscalation: {
    compliant: deployment(),
    violating: [{ given: deployment({ securityContext: { allowPrivilegeEscalation: true } }), found: "found true" }],
    decides: inFirstContainer("securityContext.allowPrivilegeEscalation"),
    absent: "broken",
  },
  podUser: {
    compliant: deployment(),
    violating: [
      { given: deployment({}, { securityContext: { runAsNonRoot: false } }), found: "runAsNonRoot: found false" },
      { given: deployment(secure({ runAsUser: 0 })), found: "runAsUser: found 0" },
    ],
    decides: inPod("securityContext.runAsNonRoot"),
    absent: "broken",
  },
  podCapabilities: {
    compliant: deployment(secure({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } })),
    violating: [
      { given: deployment(secure({ capabilities: { drop: ["MKNOD"] } })), found: "found drop MKNOD" },
      {
        given: deployment(secure({ capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } })),
        found: "found add SYS_ADMIN",
      },
    ],
    decides: inFirstContainer("securityContext.capabilities.drop"),
    absent: "broken",
  },
  podRoot: {
    compliant: deployment(),
    violating: [{ given: deployment(secure({ readOnlyRootFilesystem: false })), found: "found false" }],
    decides: inFirstContainer("securityContext.readOnlyRootFilesystem"),
    absent: "broken",
  },
  podImage: {
    compliant: deployment(),
    violating: [
      { given: deployment({ image: "api:latest" }), found: "image: found api:latest" },
      { given: deployment({ image: "api:1.2.3" }), found: "image: found api:1.2.3" },
    ],
    decides: inFirstContainer("image"),
    absent: "broken",
    configured: [
      { config: { digest: false }, given: deployment({ image: "api:1.2.3" }), then: "kept" },
      { config: { digest: false }, given: deployment({ image: "api" }), then: "broken" },
      { config: { digest: false, latest: true }, given: deployment({ image: "api:latest" }), then: "kept" },
    ],
  },
  podCredentials: {
    compliant: deployment(),
    violating: [
      {
        given: deployment({ env: [{ name: "API_KEY", value: "correct horse" }] }),
        found: "API_KEY with a plain value",
      },
    ],
    decides: inFirstContainer("env"),
    absent: "kept",
  },
};
