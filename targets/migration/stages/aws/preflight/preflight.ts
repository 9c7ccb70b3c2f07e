/** Everything that can be known before a migration on AWS begins, with figures; nothing is changed. */
import type { Problem } from "../../../../../platform/model/types.ts";
import { parityProblems } from "../../../parity.ts";
import { StageError } from "../../../stage.ts";
import { type CompiledStack, parityOf } from "../../../../stack.ts";
import { sharedGroups } from "../../lag.ts";
import { findStacks } from "../stacks.ts";
import type { AwsPorts, Report } from "../ports.ts";
import { connectionProblems } from "./database.ts";
import { costText, hourlyCost } from "./cost.ts";
import { imageProblems } from "./images.ts";
import { quotaProblems } from "./quotas.ts";

export interface PreflightOptions {
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  /** Both sides: what their compilers refuse (addresses, pods of a node, sizes) was said before it came here. */
  readonly compiled: CompiledStack;
  /** The policy pack's verdict on the new side. */
  readonly policies: () => Promise<readonly Problem[]>;
}

type Ports = Pick<AwsPorts, "engine" | "quotas" | "images" | "brokers">;

/** Every problem at once. */
export async function runPreflight(
  { stack, from, to, compiled, policies }: PreflightOptions,
  ports: Ports,
  report: Report,
): Promise<readonly Problem[]> {
  const { model, settings } = compiled;
  const cost = hourlyCost(compiled, from, to);
  if (cost) report(costText(cost));
  const form = compiled.forms.find(({ target }) => target === to);
  return [
    ...parityProblems(parityOf(compiled)),
    ...connectionProblems(model, settings, report),
    ...(await reachProblems(stack, from, to, compiled, ports)),
    ...(await quotaProblems(to, model, settings, ports.quotas, report)),
    ...(form ? await imageProblems(form, ports.images, report) : []),
    ...(await policies()),
  ];
}

/** The stacks fit, and the brokers answer: without their offsets no gate could ever pass. */
async function reachProblems(
  stack: string,
  from: string,
  to: string,
  { model }: CompiledStack,
  { engine, brokers }: Ports,
): Promise<readonly Problem[]> {
  const found = await findStacks(engine, stack, from, to).catch((error: unknown) => {
    if (error instanceof StageError) return error;
    throw error;
  });
  if (found instanceof StageError) return [stacksProblem("--stack", found.message)];
  const { layout } = found;
  if ((await found.outputs(layout.from))["target"] !== from) {
    return [stacksProblem("--from", `${layout.from.stack} does not run ${from}`)];
  }
  const outputs = await found.foundation();
  const [group] = sharedGroups(model.workloads);
  if (!group) return [];
  const connected = await brokers(outputs).catch(() => null);
  try {
    if (connected && (await connected.lag(group.group, group.topic)) !== null) return [];
  } finally {
    await connected?.close();
  }
  return [
    {
      code: "brokers-unreachable",
      path: "kafka",
      found: `no offsets of ${group.group}`,
      allowed:
        "a machine inside the VPC, with credentials that may describe the cluster and its groups: see docs/migration.md",
    },
  ];
}

const stacksProblem = (path: string, found: string): Problem => ({
  ...{ code: "stacks", path, found },
  allowed: "a foundation and the old side that are up, see docs/migration.md",
});
