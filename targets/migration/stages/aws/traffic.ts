/** Weights as the listeners have them, and the values that try a side: read from AWS, never from what was asked for. */
import { StageError, type Weights } from "../../stage.ts";
import type { AwsPorts, ListenerRule } from "./ports.ts";
import { sameWeights } from "../../run-outcome.ts";
import { type SideRoute, trialValue, weightsOf } from "./routes.ts";

const LOOK_MILLISECONDS = 2_000;
/** A listener's API answers with what was there before for a while. @source argo-rollouts#3926 */
const LONGEST_MILLISECONDS = 60_000;

type Ports = Pick<AwsPorts, "balancers" | "clock">;

/** @throws StageError when the listeners disagree, or say what is no side's */
export async function readWeights({ balancers }: Ports, routes: readonly SideRoute[]): Promise<Weights> {
  return weightsOf(routes, await rulesOf(balancers, routes));
}

/** Reads until the weights are those that were set, or for a minute: then as they are. */
export async function readWeightsOnce(
  ports: Ports,
  routes: readonly SideRoute[],
  set: Weights,
  signal: AbortSignal,
): Promise<Weights> {
  for (const until = ports.clock.now() + LONGEST_MILLISECONDS; ;) {
    const read = await readWeights(ports, routes).catch((error: unknown) => {
      // Some paths have their new rule and others not yet.
      if (error instanceof StageError && ports.clock.now() < until) return null;
      throw error;
    });
    if (read && (sameWeights(read, set) || ports.clock.now() >= until)) return read;
    await ports.clock.sleep(LOOK_MILLISECONDS, signal);
  }
}

/** @throws StageError when no rule tries the side */
export async function readTrialValue(
  { balancers }: Ports,
  side: string,
  routes: readonly SideRoute[],
): Promise<string> {
  return trialValue(side, [...(await rulesOf(balancers, routes)).values()].flat());
}

async function rulesOf(
  balancers: Ports["balancers"],
  routes: readonly SideRoute[],
): Promise<ReadonlyMap<string, readonly ListenerRule[]>> {
  const listeners = [...new Set(routes.map(({ listenerArn }) => listenerArn))];
  return new Map(await Promise.all(listeners.map(async (arn) => [arn, await balancers.rules(arn)] as const)));
}
