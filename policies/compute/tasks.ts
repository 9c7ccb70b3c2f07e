/** An ECS task as a whole: whose network, whose processes, whose permissions it has, and which file systems. */
import { resourceRule } from "../framework/rule.ts";
import { taskDefinitions, tasks } from "./subjects.ts";

export const taskNetwork = resourceRule({
  name: "ecs-task-network",
  description: "A task has a network interface of its own, never the host's network.",
  controls: ["ECS.1", "ECS.17"],
  severity: "high",
  remedy: "Set networkMode to awsvpc.",
  on: taskDefinitions,
  *check({ networkMode }) {
    if (networkMode !== "awsvpc") yield { at: "networkMode", found: networkMode, allowed: "awsvpc" };
  },
});

export const taskProcesses = resourceRule({
  name: "ecs-task-processes",
  description: "A task does not see the host's processes.",
  controls: ["ECS.3"],
  severity: "high",
  remedy: "Leave pidMode out, or set it to task.",
  on: taskDefinitions,
  *check({ pidMode }) {
    if (pidMode === "host") yield { at: "pidMode", found: pidMode, allowed: "task, or nothing" };
  },
});

export const taskMemorySharing = resourceRule({
  name: "ecs-task-ipc",
  description: "A task does not share the host's inter-process memory.",
  controls: ["ECS.3"],
  severity: "high",
  remedy: "Leave ipcMode out, or set it to task or none.",
  on: taskDefinitions,
  *check({ ipcMode }) {
    if (ipcMode === "host") yield { at: "ipcMode", found: ipcMode, allowed: "task, none, or nothing" };
  },
});

export const taskRole = resourceRule({
  name: "ecs-task-role",
  description: "A task has a role of its own; without one it would have none, or on EC2 the instance's.",
  controls: ["ECS.1"],
  severity: "medium",
  remedy: "Give taskRoleArn a role for this workload alone.",
  on: taskDefinitions,
  *check({ taskRoleArn }) {
    if (taskRoleArn === undefined || taskRoleArn === "") {
      yield { at: "taskRoleArn", found: taskRoleArn, allowed: "a role's ARN" };
    }
  },
});

export const taskFileSystems = resourceRule({
  name: "ecs-efs-encrypted",
  description: "What a task reads from and writes to EFS is encrypted on its way.",
  controls: ["ECS.18"],
  severity: "medium",
  remedy: "Set transitEncryption to ENABLED in the volume's efsVolumeConfiguration.",
  on: taskDefinitions,
  *check({ volumes = [] }) {
    for (const { name = "?", efsVolumeConfiguration: efs } of volumes) {
      if (efs && efs.transitEncryption !== "ENABLED") {
        const at = `volumes.${name}.efsVolumeConfiguration.transitEncryption`;
        yield { at, found: efs.transitEncryption, allowed: "ENABLED" };
      }
    }
  },
  mend: ({ volumes = [] }) => ({
    volumes: volumes.map((volume) =>
      volume.efsVolumeConfiguration
        ? { ...volume, efsVolumeConfiguration: { ...volume.efsVolumeConfiguration, transitEncryption: "ENABLED" } }
        : volume,
    ),
  }),
});

export const taskHostPaths = resourceRule({
  name: "ecs-host-paths",
  description: "A task mounts no folder of the machine that it runs on.",
  controls: ["ECS.1"],
  severity: "high",
  remedy: "Use EFS, a managed EBS volume or a volume without hostPath.",
  on: taskDefinitions,
  *check({ volumes = [] }) {
    for (const { name = "?", hostPath } of volumes) {
      if (hostPath !== undefined) yield { at: `volumes.${name}.hostPath`, found: hostPath, allowed: "nothing" };
    }
  },
});

export const taskContainers = resourceRule({
  name: "ecs-container-definitions",
  description: "A task definition has containers, in JSON that can be read.",
  controls: ["ECS.9"],
  severity: "high",
  remedy: "Write containerDefinitions with pulumi.jsonStringify.",
  on: tasks,
  *check({ definition, containers }) {
    if (containers.length === 0) {
      const found = definition.containerDefinitions === undefined ? undefined : "no list of containers";
      yield { at: "containerDefinitions", found, allowed: "a JSON list of at least one container" };
    }
  },
});
