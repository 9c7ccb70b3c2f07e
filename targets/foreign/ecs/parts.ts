/** What is known of one workload of ECS before it is put into our terms; and which of its containers is which. */
import type { ScalingBehaviour } from "../../../platform/model/behaviour.ts";
import type { Log } from "../log.ts";
import type { Companion } from "../seen.ts";
import type { Beside } from "./beside.ts";
import type { EcsContainer } from "./container.ts";
import type { EcsService } from "./service.ts";
import type { EcsTask } from "./task.ts";

/** One workload's parts, read and not yet put together. */
export interface Parts {
  readonly where: string;
  readonly task: EcsTask;
  readonly service: EcsService | null;
  readonly beside: Beside;
  /** null: no autoscaling; undefined: no file speaks of any. */
  readonly scaling: ScalingBehaviour | null | undefined;
  readonly log: Log;
}

/** The one that a load balancer asks; else the first that lives as long as the task and is addressed, else lives. */
export function mainOf({ containers }: EcsTask, service: EcsService | null): EcsContainer {
  const essential = containers.filter((each) => each.essential);
  const found =
    containers.find(({ name }) => name === service?.balanced?.container) ??
    essential.find(({ ports }) => ports.length > 0) ??
    essential[0] ??
    containers[0];
  if (!found) throw new TypeError("A task definition without containers is refused before");
  return found;
}

export function roleOf({ name, essential }: EcsContainer, { containers }: EcsTask): Companion["role"] {
  if (essential) return "sidecar";
  const awaited = containers.some(({ waitsFor }) =>
    waitsFor.some(({ container, condition }) => container === name && ["SUCCESS", "COMPLETE"].includes(condition)),
  );
  return awaited ? "init" : "helper";
}
