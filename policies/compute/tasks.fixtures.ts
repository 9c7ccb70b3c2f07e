import type { FixturesOf } from "../fixtures.ts";
import { task } from "./fixtures.ts";
import type * as rules from "./tasks.ts";

const efs = { fileSystemId: "fs-1" };

export const fixtures: FixturesOf<typeof rules> = {
  taskNetwork: {
    compliant: task(),
    violating: [
      { given: task({ networkMode: "host" }), found: "host" },
      { given: task({ networkMode: "bridge" }), found: "bridge" },
    ],
    decides: "networkMode",
    absent: "broken",
  },
  taskProcesses: {
    compliant: task({ pidMode: "task" }),
    violating: [{ given: task({ pidMode: "host" }), found: "host" }],
    decides: "pidMode",
    absent: "kept",
  },
  taskMemorySharing: {
    compliant: task({ ipcMode: "none" }),
    violating: [{ given: task({ ipcMode: "host" }), found: "host" }],
    decides: "ipcMode",
    absent: "kept",
  },
  taskRole: {
    compliant: task(),
    violating: [{ given: task({ taskRoleArn: "" }), found: "taskRoleArn" }],
    decides: "taskRoleArn",
    absent: "broken",
  },
  taskFileSystems: {
    compliant: task({
      volumes: [{ name: "models", efsVolumeConfiguration: { ...efs, transitEncryption: "ENABLED" } }],
    }),
    violating: [
      {
        given: task({
          volumes: [{ name: "models", efsVolumeConfiguration: { ...efs, transitEncryption: "DISABLED" } }],
        }),
        found: "volumes.models.efsVolumeConfiguration.transitEncryption: found DISABLED",
      },
    ],
    decides: "volumes.0.efsVolumeConfiguration.transitEncryption",
    absent: "broken",
  },
  taskHostPaths: {
    compliant: task({ volumes: [{ name: "scratch" }] }),
    violating: [{ given: task({ volumes: [{ name: "docker", hostPath: "/var/run" }] }), found: "/var/run" }],
    decides: "volumes.0.hostPath",
    absent: "kept",
  },
  taskContainers: {
    compliant: task(),
    violating: [
      { given: task({ containerDefinitions: "[]" }), found: "no list of containers" },
      { given: task({ containerDefinitions: "{" }), found: "no list of containers" },
    ],
    decides: "containerDefinitions",
    absent: "broken",
  },
};
