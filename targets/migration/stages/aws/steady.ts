/** Waits until a side is as it shall be: for its orchestrator, and for the load balancers that send it requests. */
import { StageError } from "../../stage.ts";
import type { AwsPorts, Report, StackOutputs, WorkloadState } from "./ports.ts";
import type { SideRoute } from "./routes.ts";

const LOOK_MILLISECONDS = 10_000;
/** A GPU node and the model on it are what takes longest. */
const LONGEST_MILLISECONDS = 20 * 60_000;

/** Targets that will be healthy, or must be replaced before it is steady; those that drain are on their way out. */
const UNSTEADY = ["initial", "unhealthy", "unavailable"] as const;

type Ports = Pick<AwsPorts, "orchestrators" | "balancers" | "clock">;

/** @throws StageError with what is not steady, when it takes too long; AbortError */
export async function untilSteady(
  { orchestrators, balancers, clock }: Ports,
  side: string,
  outputs: StackOutputs,
  routes: readonly SideRoute[],
  report: Report,
  signal: AbortSignal,
): Promise<readonly WorkloadState[]> {
  const until = clock.now() + LONGEST_MILLISECONDS;
  for (let said = ""; ;) {
    const states = await orchestrators.states(side, outputs);
    const lacking = [...states.flatMap(lackOf), ...(await lacksOfGroups(routes, balancers))];
    if (states.length > 0 && lacking.length === 0) {
      report(`${side} is steady: ${states.reduce((sum, { ready }) => sum + ready, 0)} replicas, targets healthy`);
      return states;
    }
    const now = lacking.length > 0 ? lacking.join(", ") : "nothing runs";
    if (clock.now() >= until)
      throw new StageError(`${side} is not steady after ${LONGEST_MILLISECONDS / 60_000} minutes: ${now}.`);
    if (now !== said) report(`${side}: ${now}`);
    said = now;
    await clock.sleep(LOOK_MILLISECONDS, signal);
  }
}

function lackOf({ name, desired, ready, settled }: WorkloadState): readonly string[] {
  if (ready < desired) return [`${name} ${ready} of ${desired} ready`];
  return settled ? [] : [`${name} is being replaced`];
}

async function lacksOfGroups(routes: readonly SideRoute[], balancers: Ports["balancers"]): Promise<readonly string[]> {
  const lacks: string[] = [];
  for (const { service, targetGroupArn } of routes) {
    const health = await balancers.health(targetGroupArn);
    const unsteady = UNSTEADY.flatMap((state) => (health[state] ? [`${health[state]} ${state}`] : []));
    if (unsteady.length > 0) lacks.push(`targets of ${service}: ${unsteady.join(", ")}`);
    else if (!health["healthy"]) lacks.push(`${service} has no healthy target`);
  }
  return lacks;
}
