import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./containers.ts";
import { task } from "./fixtures.ts";

const CAPABILITIES = "linuxParameters.capabilities";

export const fixtures: FixturesOf<typeof rules> = {
  containerPrivileged: {
    compliant: task(),
    violating: [{ given: task({}, { privileged: true }), found: "containerDefinitions.api.privileged: found true" }],
    decides: "containerDefinitions.0.privileged",
    absent: "kept",
  },
  containerRoot: {
    compliant: task(),
    violating: [{ given: task({}, { readonlyRootFilesystem: false }), found: "readonlyRootFilesystem: found false" }],
    decides: "containerDefinitions.0.readonlyRootFilesystem",
    absent: "broken",
  },
  containerUser: {
    compliant: task(),
    violating: [
      { given: task({}, { user: "0" }), found: "user: found 0" },
      { given: task({}, { user: "root" }), found: "user: found root" },
      { given: task({}, { user: "0:10001" }), found: "user: found 0:10001" },
    ],
    decides: "containerDefinitions.0.user",
    absent: "broken",
  },
  containerCapabilities: {
    compliant: task(),
    violating: [
      {
        given: task({}, { linuxParameters: { capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } } }),
        found: `${CAPABILITIES}: found add NET_ADMIN`,
      },
      {
        given: task({}, { linuxParameters: { capabilities: { drop: ["MKNOD"] } } }),
        found: `${CAPABILITIES}: found drop MKNOD`,
      },
    ],
    decides: `containerDefinitions.0.${CAPABILITIES}.drop`,
    absent: "broken",
    configured: [
      {
        config: { allowed: ["SYS_PTRACE"] },
        given: task({}, { linuxParameters: { capabilities: { drop: ["ALL"], add: ["SYS_PTRACE"] } } }),
        then: "kept",
      },
    ],
  },
  containerLogs: {
    compliant: task(),
    violating: [
      { given: task({}, { logConfiguration: undefined }), found: "logConfiguration.logDriver: found nothing" },
    ],
    decides: "containerDefinitions.0.logConfiguration",
    absent: "broken",
  },
  containerCredentials: {
    compliant: task(),
    violating: [
      {
        given: task({}, { environment: [{ name: "DATABASE_PASSWORD", value: "correct horse" }] }),
        found: "DATABASE_PASSWORD with a plain value",
      },
      {
        given: task({}, { environment: [{ name: "DATABASE", value: "postgres://app:correct-horse@db/app" }] }),
        found: "DATABASE with a plain value",
      },
    ],
    decides: "containerDefinitions.0.environment",
    absent: "kept",
  },
  containerImage: {
    compliant: task(),
    violating: [
      { given: task({}, { image: "api:1.2.3" }), found: "image: found api:1.2.3" },
      { given: task({}, { image: "registry.internal:5000/api" }), found: "registry.internal:5000/api" },
    ],
    decides: "containerDefinitions.0.image",
    absent: "broken",
    configured: [
      { config: { digest: false }, given: task({}, { image: "api:1.2.3" }), then: "kept" },
      { config: { digest: false }, given: task({}, { image: "api:latest" }), then: "broken" },
      { config: { digest: false }, given: task({}, { image: "registry.internal:5000/api" }), then: "broken" },
      { config: { digest: false, latest: true }, given: task({}, { image: "api:latest" }), then: "kept" },
    ],
  },
  containerMemory: {
    compliant: task({ requiresCompatibilities: ["EC2"], memory: undefined }, { memory: 512 }),
    violating: [
      {
        given: task({ requiresCompatibilities: ["EC2"], memory: undefined }),
        found: "containerDefinitions.api.memory: found nothing",
      },
    ],
    decides: "containerDefinitions.0.memory",
    absent: "broken",
  },
};
