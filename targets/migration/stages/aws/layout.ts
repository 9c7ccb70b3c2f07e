/** Which stack is which in a migration, told from what runs now. Pure. @see docs/decisions/0021-stack-roles.md */
import type { Problem, Result } from "../../../../platform/model/types.ts";

export interface SideStack {
  readonly side: string;
  readonly stack: string;
  /** It lives in the stack with the foundation, and owns the default routes; the other one is attached. */
  readonly own: boolean;
}

export interface Layout {
  readonly foundation: string;
  readonly from: SideStack;
  readonly to: SideStack;
  readonly traffic: string;
}

/** What a layout is told from. */
export interface Found {
  /** The `target` of the foundation's last update: a side, `none`, or null where it never was up. */
  readonly target: string | null;
  /** Sides that run in an attached stack. */
  readonly attached: readonly string[];
}

/** The longest that an attached stack may be called. @source docs/decisions/0021-stack-roles.md */
const LONGEST = "cryptotracker".length;

export const attachedStack = (foundation: string, side: string): string => `${foundation}-${side}`;

/**
 * The side that the foundation's stack runs stays in it, the other one is attached. Where it runs none, it takes the new
 * side; but one that is attached already stays so: then the old side was in it, and has just gone.
 */
export function layoutOf(foundation: string, from: string, to: string, { target, attached }: Found): Result<Layout> {
  if (target === null)
    return refuse("stack-not-up", foundation, "nothing that runs", "a stack that is up: pulumi up first");
  const known = [from, to, "none"];
  if (!known.includes(target)) return refuse("stack-other-side", foundation, target, `one of ${known.join(", ")}`);
  const own = target === "none" ? (attached.includes(to) ? from : to) : target;
  const stackOf = (side: string): SideStack =>
    side === own
      ? { side, stack: foundation, own: true }
      : { side, stack: attachedStack(foundation, side), own: false };
  const sides = { from: stackOf(from), to: stackOf(to) };
  const tooLong = [sides.from, sides.to].find(({ own: mine, stack }) => !mine && stack.length > LONGEST);
  if (tooLong)
    return refuse("stack-name", "--stack", tooLong.stack, `an attached stack's name of ${LONGEST} characters at most`);
  return { ok: true, value: { foundation, ...sides, traffic: `${foundation}-traffic` } };
}

function refuse(code: string, path: string, found: string, allowed: string): Result<never> {
  return { ok: false, problems: [{ code, path, found, allowed } satisfies Problem] };
}
