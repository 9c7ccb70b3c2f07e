/** What Fargate sells and what it has not got. */
import { resourceRule } from "../framework/rule.ts";
import { cpuUnits, memoryMiB } from "./sizes.ts";
import { forFargate, inContainer, taskDefinitions, tasks } from "./subjects.ts";

/**
 * CPU units → the memory that they are sold with, in MiB: from, to, step.
 * @source ECS developer guide, "Task CPU and memory" for Fargate, 2026-11
 */
const SOLD: Readonly<Record<number, { readonly from: number; readonly to: number; readonly step: number }>> = {
  256: { from: 512, to: 2048, step: 512 },
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16384, step: 1024 },
  4096: { from: 8192, to: 30720, step: 1024 },
  8192: { from: 16384, to: 61440, step: 4096 },
  16384: { from: 32768, to: 122880, step: 8192 },
};
/** 0.25 vCPU is sold with 0.5, 1 and 2 GB: not with 1.5. */
const NOT_SOLD = { cpu: 256, memory: 1536 };
/** @source ECS developer guide, "Fargate task ephemeral storage", 2026-11 */
const MOST_DISK_GIB = 200;
/** @source ECS API reference, ContainerDefinition.stopTimeout, 2026-11 */
const MOST_STOP_SECONDS = 120;

export const fargateSize = resourceRule({
  name: "ecs-fargate-size",
  description: "A Fargate task asks for a pair of CPU and memory that is sold, at most 16 vCPU and 120 GB.",
  controls: ["Limits ECS"],
  severity: "high",
  remedy: "Take the next larger pair, or an EC2 capacity provider for what is larger than any.",
  on: taskDefinitions,
  *check(task) {
    if (!forFargate(task)) return;
    const cpu = cpuUnits(task.cpu);
    const memory = memoryMiB(task.memory);
    const sold = SOLD[cpu];
    if (!sold) {
      yield { at: "cpu", found: task.cpu, allowed: `${Object.keys(SOLD).join(", ")} units` };
    } else if (
      memory < sold.from ||
      memory > sold.to ||
      (memory - sold.from) % sold.step !== 0 ||
      (cpu === NOT_SOLD.cpu && memory === NOT_SOLD.memory)
    ) {
      const allowed = `${sold.from} to ${sold.to} MiB in steps of ${sold.step} with ${cpu} CPU units`;
      yield { at: "memory", found: task.memory, allowed };
    }
  },
});

export const gpuOnInstances = resourceRule({
  name: "ecs-gpu-on-instances",
  description: "A task with a GPU runs on EC2 capacity: Fargate has none.",
  controls: ["Limits ECS"],
  severity: "high",
  remedy: "Set requiresCompatibilities to EC2 and use a capacity provider of GPU instances.",
  on: tasks,
  *check({ definition, containers }) {
    if (!forFargate(definition)) return;
    for (const container of containers) {
      const gpu = container.resourceRequirements?.find(({ type }) => type === "GPU");
      if (gpu)
        yield {
          at: inContainer(container, "resourceRequirements"),
          found: `${gpu.value ?? "?"} GPU`,
          allowed: "none on Fargate",
        };
    }
  },
});

export const fargateDisk = resourceRule({
  name: "ecs-fargate-disk",
  description: "A Fargate task's disk is no larger than Fargate gives.",
  controls: ["Limits ECS"],
  severity: "medium",
  remedy: "Keep large data in S3 or on EFS, or use EC2 capacity.",
  on: taskDefinitions,
  *check(task) {
    const size = task.ephemeralStorage?.sizeInGib ?? 0;
    if (forFargate(task) && size > MOST_DISK_GIB) {
      yield { at: "ephemeralStorage.sizeInGib", found: size, allowed: `at most ${MOST_DISK_GIB} GiB` };
    }
  },
});

export const fargateStop = resourceRule({
  name: "ecs-fargate-stop-timeout",
  description: "A Fargate task asks for no longer a farewell than Fargate grants before it kills.",
  controls: ["Limits ECS"],
  severity: "medium",
  remedy: "Drain within two minutes, or run on EC2 capacity.",
  on: tasks,
  *check({ definition, containers }) {
    if (!forFargate(definition)) return;
    for (const container of containers) {
      const { stopTimeout = 0 } = container;
      if (stopTimeout > MOST_STOP_SECONDS) {
        yield {
          at: inContainer(container, "stopTimeout"),
          found: `${stopTimeout} s`,
          allowed: `at most ${MOST_STOP_SECONDS} s`,
        };
      }
    }
  },
});
