/** What this machine lacks for a local run: the command line turns it into exit 2. */

export interface Prerequisite {
  /** Which thing: `Java`, `Kafka`, `DATABASE_URL`. */
  readonly what: string;
  /** Why it does not do: one clause, no full stop, never a secret. */
  readonly why: string;
  /** What to do about it: a sentence. */
  readonly remedy: string;
  /** The last log lines of a component that did not start. */
  readonly lines?: readonly string[];
}

export class PrerequisiteError extends Error {
  override readonly name = "PrerequisiteError";
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
  readonly lines: readonly string[];

  constructor({ what, why, remedy, lines = [] }: Prerequisite) {
    super([`${what}: ${why}. ${remedy}`, ...lines.map((line) => `  ${what}> ${line}`)].join("\n"));
    this.what = what;
    this.why = why;
    this.remedy = remedy;
    this.lines = lines;
  }
}

/** One sentence of whatever was thrown, without a stack trace. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
}

/** The `code` of a system error (`ECONNREFUSED`), or an empty text. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
}
