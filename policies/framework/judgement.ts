/** Runs a check so that a value nobody knows yet neither crashes it nor counts against anybody. */
import type { Resource } from "./given.ts";
import type { Finding } from "./finding.ts";

export interface Judgement {
  readonly findings: readonly Finding[];
  /** What a preview does not know yet; the rule decides when the stack is brought up. */
  readonly unknown: readonly string[];
  /** What was looked at. */
  readonly over: readonly Resource[];
}

/** What was found before an unknown value ended the check stays found. */
export function judged(
  check: (undecided: (what: string) => void) => Iterable<Finding>,
  over: readonly Resource[],
): Judgement {
  const findings: Finding[] = [];
  const unknown: string[] = [];
  try {
    for (const finding of check((what) => unknown.push(what))) findings.push(finding);
  } catch (error) {
    if (!isUnknown(error)) throw error;
    unknown.push(error.message);
  }
  return { findings, unknown, over };
}

/** The value, or undefined where a preview does not know it: `tell` hears of that. */
export function known<T>(read: () => T, tell: (what: string) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isUnknown(error)) throw error;
    tell(error.message);
    return undefined;
  }
}

/** The SDK's error for the reading of an unknown value, which it exports without a type. */
function isUnknown(error: unknown): error is Error {
  return error instanceof Error && "unknownTypeSentinel" in error;
}
