/** A container of a task → what it will get and do, in our terms. */
import { told, untold, type Container, type ContainerBehaviour, type Seen } from "../seen.ts";
import type { EcsContainer } from "./container.ts";
import { mainOf, type Parts } from "./parts.ts";
import type { EcsTask } from "./task.ts";

export const TARGET_GROUP = "its load balancer's target group is in no file of ECS'";

export function containerOf(
  container: EcsContainer,
  { task, service, beside }: Parts,
  neutral: (value: string) => string,
): Container {
  const { health } = container;
  const balanced = service?.balanced?.container === container.name ? service : null;
  const target = balanced ? beside.target : null;
  const seen: Seen<ContainerBehaviour> = {
    image: told(container.image),
    entryPoint: told(container.entryPoint),
    command: told(container.command),
    ...sizeOf(container, task, container === mainOf(task, service)),
    sharedMemory: told(container.security.sharedMemory),
    gpus: told(container.gpus),
    ports: told(container.ports.map(({ number }) => number)),
    env: told(Object.fromEntries([...container.env].map(([name, value]) => [name, neutral(value)]))),
    secrets: told(Object.fromEntries(container.secrets)),
    liveness: health.probe,
    readiness: target ? told(target.probe) : balanced ? untold(TARGET_GROUP) : health.probe,
    startGrace: told(balanced ? Math.min(health.startPeriod, balanced.grace) : health.startPeriod),
    drain: target ? told(target.drain) : balanced ? untold(TARGET_GROUP) : told(0),
    stopTimeout: told(container.stopTimeout),
    user: container.user,
    readOnlyRoot: told(container.security.readOnlyRoot),
    privileged: told(container.security.privileged),
    capabilities: told(container.security.capabilities),
    writablePaths: told(container.security.writablePaths),
    logs: container.logs,
  };
  return { name: container.name, seen, elsewhere: new Map(), moreEnv: container.moreEnv };
}

/** A container's own figures; what the main one has none of is what the task has and its neighbours leave. */
function sizeOf(
  container: EcsContainer,
  task: EcsTask,
  isMain: boolean,
): Seen<Pick<ContainerBehaviour, "cpu" | "cpuCap" | "memoryGuaranteed" | "memoryLimit">> {
  const others = task.containers.filter((each) => each !== container);
  const alone = others.length === 0;
  const taken = (of: (each: EcsContainer) => number): number => others.reduce((sum, each) => sum + of(each), 0);
  const leftCpu =
    !isMain || task.cpuUnits === undefined ? 0 : Math.max(0, task.cpuUnits - taken((each) => each.cpuUnits));
  const leftMemory =
    !isMain || task.memory === undefined
      ? 0
      : Math.max(0, task.memory - taken((each) => each.reservation ?? each.memory ?? 0));
  const units = container.cpuUnits > 0 && !(alone && task.cpuUnits !== undefined) ? container.cpuUnits : leftCpu;
  const limit = container.memory ?? task.memory ?? Infinity;
  return {
    cpu: told(units / 1024),
    cpuCap: told(task.cpuUnits === undefined ? null : task.cpuUnits / 1024),
    memoryGuaranteed: told(Math.min(limit, container.reservation ?? container.memory ?? leftMemory)),
    memoryLimit: told(limit),
  };
}
