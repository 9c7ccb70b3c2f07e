/** What reading a foreign file brings up beside values: what makes it unreadable, and what our terms have no place for. */
import type { Problem } from "../../platform/model/types.ts";

/**
 * `unknown`: a field that we have never heard of. `unsaid`: known, and our terms have no word for it. `setAside`: known to
 * be no part of what was asked for, as a status is. `assumed`: the files leave it open and something had to stand there.
 */
export interface Note {
  readonly kind: "unknown" | "unsaid" | "setAside" | "assumed";
  /** File and object, `shop.yaml, Deployment api`. */
  readonly where: string;
  /** Dotted, from the object's root. */
  readonly field: string;
  readonly sentence: string;
  /** The workload's property in the model that it is about; absent: the whole workload. */
  readonly at?: string;
}

export interface Log {
  /** Any of these makes the file unreadable. */
  readonly problems: Problem[];
  readonly notes: Note[];
}

export function newLog(): Log {
  return { problems: [], notes: [] };
}
