/** What a run of the pack says: what was looked at, not only what was wrong. Plain data, which every format is made from. */

/** The engine's own: `remediate` mends where the engine runs and counts as mandatory where nothing is mended. */
export type Level = "advisory" | "mandatory" | "remediate" | "disabled";

export interface Violation {
  readonly rule: string;
  /** `*` for the stack as a whole. */
  readonly resource: string;
  readonly type: string;
  readonly urn: string;
  readonly at: string;
  readonly found: string;
  readonly allowed: string;
  readonly remedy: string;
  readonly message: string;
  readonly level: Level;
}

export interface Exempted extends Violation {
  readonly reason: string;
  readonly until: string;
}

export interface Checked {
  readonly rule: string;
  readonly group: string;
  readonly description: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly level: Level;
  /** Resources that were judged, one by one or together. */
  readonly checked: number;
  readonly unknown: readonly string[];
  readonly violations: readonly Violation[];
  readonly exempt: readonly Exempted[];
}

export interface Report {
  readonly stack: string;
  readonly target: string;
  readonly resources: number;
  readonly milliseconds: { readonly graph: number; readonly rules: number };
  readonly rules: readonly Checked[];
}

export function blocks({ level }: { readonly level: Level }): boolean {
  return level === "mandatory" || level === "remediate";
}

export function violationsOf(report: Report): readonly Violation[] {
  return report.rules.flatMap(({ violations }) => violations);
}

/** What ends a run with 1. */
export function blocking(reports: readonly Report[]): readonly Violation[] {
  return reports.flatMap((report) => violationsOf(report).filter(blocks));
}
