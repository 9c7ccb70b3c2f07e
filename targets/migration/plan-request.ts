/** What a plan may be asked for: every problem at once. */
import type { Percent, Problem, Seconds } from "../../platform/model/types.ts";

/** Least time that a side stays up without weight. @source argo-rollouts#4433, #4595: 503s when it goes sooner */
export const SHORTEST_HOLD: Seconds = 120;

interface Request {
  readonly from: string;
  readonly to: string;
  readonly sides: readonly string[];
  readonly shares: readonly number[];
  readonly bake: Seconds;
  readonly minSamples: number;
  readonly patience: Seconds;
  readonly hold: Seconds;
  readonly pauseAt?: Percent | null;
}

export function checkRequest(request: Request): Problem[] {
  const { from, to, sides, shares, pauseAt } = request;
  const known = [...sides].sort().join(", ");
  return [
    ...(["from", "to"] as const)
      .filter((end) => !sides.includes(request[end]))
      .map((end) => problem("plan-side", `plan.${end}`, request[end], `one of ${known}`)),
    ...(from === to ? [problem("plan-same-side", "plan.to", to, `another side than ${from}`)] : []),
    ...checkShares(shares),
    ...(typeof pauseAt === "number" && !shares.includes(pauseAt)
      ? [problem("plan-pause", "--hold", String(pauseAt), `one of the shares ${shares.join(", ")}`)]
      : []),
    ...number("bake", request.bake, "a positive number of seconds", (value) => value > 0),
    ...number("minSamples", request.minSamples, "a whole number from 1 on", (n) => Number.isInteger(n) && n >= 1),
    ...number("patience", request.patience, "a number of seconds, 0 or more", (value) => value >= 0),
    ...number("hold", request.hold, `at least ${SHORTEST_HOLD} seconds`, (value) => value >= SHORTEST_HOLD),
  ];
}

function checkShares(shares: readonly number[]): Problem[] {
  const problems = shares.flatMap((share, index) => {
    const path = `plan.shares.${index}`;
    if (!Number.isInteger(share) || share < 1 || share > 100) {
      return [problem("plan-share", path, String(share), "a whole number, 1 to 100")];
    }
    const before = shares[index - 1];
    return before !== undefined && share <= before
      ? [problem("plan-shares-order", path, String(share), `more than ${before}, the share before it`)]
      : [];
  });
  const last = shares.at(-1);
  return last === 100
    ? problems
    : [...problems, problem("plan-shares-end", "plan.shares", `[${shares.join(", ")}]`, "shares that end at 100")];
}

function number(field: string, value: number, allowed: string, holds: (value: number) => boolean): Problem[] {
  return Number.isFinite(value) && holds(value)
    ? []
    : [problem("plan-number", `plan.${field}`, String(value), allowed)];
}

const problem = (code: string, path: string, found: string, allowed: string): Problem => ({
  code,
  path,
  found,
  allowed,
});
