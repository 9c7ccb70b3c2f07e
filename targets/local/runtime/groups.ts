/** A workload's target group, as its form has it. */
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import type { GroupSpec } from "../router/index.ts";
import { SideError } from "./errors.ts";

/** Checks readiness, which is what "no traffic" hangs on in the form. @throws SideError when it has no probe at all */
export function groupSpec(name: string, behaviour: Behaviour): GroupSpec {
  const check = behaviour.readiness ?? behaviour.liveness;
  if (!check)
    throw new SideError(behaviour.name, "it has no probe, so no load balancer could tell whether it is healthy");
  return { name, check, deregistrationDelay: behaviour.drain };
}
