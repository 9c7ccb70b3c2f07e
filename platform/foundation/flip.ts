/**
 * What a stack may become, seen from what its last run left behind. A foundation stays one for ever, and a target flips
 * in place only where nobody is hurt: in production users move by the rehearsed way, and weights know one way only.
 */
import * as aws from "@pulumi/aws";
import type { Problem, Result } from "../model/types.ts";
import type { Role } from "../roles.ts";
import type { Settings, StackSettings } from "../settings.ts";
import { isProduction } from "./sizes.ts";
import { readOutputs } from "./stack-outputs.ts";

/** The stacks that a rule's weights name, with spaces between: a tag takes no comma. */
export const SIDES_TAG = "sides";

/** By which rules that carry weights are found. */
export function weightsTags(foundation: string) {
  return { role: "traffic", foundation };
}

/** The settings back, unless the stack may not go from what it is to what they say. */
export async function changeable(next: StackSettings): Promise<Result<StackSettings>> {
  const { role = "full", target, foundation } = await readOutputs(next.stack, next, ["role", "target", "foundation"]);
  const isNew = target === undefined && role === "full";
  const problems = isNew ? [] : roleChange(next, role, foundation);
  if (problems.length === 0 && next.role !== "traffic" && typeof target === "string" && target !== next.target) {
    problems.push(...(await flip(next, target)));
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: next };
}

/** Full and foundation are one home: its foundation has the same URNs in both. */
function homeOf(role: unknown): unknown {
  return role === "foundation" ? "full" : role;
}

function roleChange(next: StackSettings, before: unknown, foundation: unknown): Problem[] {
  const now: Role = next.role;
  const path = now === "traffic" || before === "traffic" ? "settings.traffic" : "settings.foundation";
  if (homeOf(now) !== homeOf(before)) {
    const allowed = `${String(before)}, for anything else would delete what the stack holds; or a stack of its own`;
    return [{ code: "role-change", path, found: `${now} while ${next.stack} is ${String(before)}`, allowed }];
  }
  if (typeof foundation !== "string" || foundation === next.foundation) return [];
  const found = `${String(next.foundation)} while ${next.stack} hangs on ${foundation}`;
  return [{ code: "role-change", path: "settings.foundation", found, allowed: `${foundation}; or a stack of its own` }];
}

/** Of the same home: what runs, or whether anything does. */
async function flip(next: Settings, running: string): Promise<readonly Problem[]> {
  const { stack, target, role } = next;
  const refuse = (allowed: string): readonly Problem[] => [
    { code: "target-flip", path: "settings.target", found: `${target} while ${stack} runs on ${running}`, allowed },
  ];
  const rehearsal = `npm run rehearse -- --stack ${stack} --from ${running} --to ${target}`;
  // The stores are others there, so what is in them would stay behind.
  if ((running === "kubernetes") !== (target === "kubernetes")) {
    const own = `bring up a stack of its own for ${target}, move the data, and rehearse the way`;
    return refuse(`${running}, for its stores do not come along: ${own}: ${rehearsal}`);
  }
  if (role === "attached") return refuse(`${running}; ${target} is for a stack of its own`);
  if (running === "none") return [];
  const weighted = await weightedStacks(next);
  if (target === "none") {
    if (weighted.includes(stack)) return refuse(`none once the weights name the other side alone, not ${stack}`);
    const nobody = weighted.length === 0 && isProduction(next);
    return nobody ? refuse(`none once weights name another side alone: without them everybody gets a 404`) : [];
  }
  if (isProduction(next)) return refuse(`${running}. Move it in steps instead: ${rehearsal}`);
  if (weighted.length === 0) return [];
  return refuse(`${running} while there are weights over ${weighted.join(" and ")}. Move it in steps: ${rehearsal}`);
}

/** Stacks that weights on this foundation's listeners name, sorted: AWS knows, whatever the weights' own stack is called. */
async function weightedStacks({ project, stack }: Settings): Promise<readonly string[]> {
  const { resourceTagMappingLists } = await aws.resourcegroupstaggingapi.getResources({
    tagFilters: Object.entries({ project, ...weightsTags(stack) }).map(([key, value]) => ({ key, values: [value] })),
  });
  return [...new Set(resourceTagMappingLists.flatMap(({ tags }) => (tags[SIDES_TAG] ?? "").split(" ")))].sort();
}
