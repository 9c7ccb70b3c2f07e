/** What a model that was made of files does not say, or says because something had to stand there. */
import type { Reading, Told } from "../seen.ts";

export interface Remark {
  /** The workload's property that it stands at; null: the whole workload. */
  readonly at: string | null;
  readonly sentence: string;
}

export class Remarks {
  readonly list: Remark[] = [];

  add(at: string | null, sentence: string): void {
    if (!this.list.some((each) => each.at === at && each.sentence === sentence)) this.list.push({ at, sentence });
  }

  /** The value, or `otherwise` with a remark that says why. */
  or<T, U>(at: string, seen: Told<T>, otherwise: U, meaning: string): T | U {
    if ("value" in seen) return seen.value;
    this.add(at, `${meaning}; ${seen.untold}`);
    return otherwise;
  }
}

/** What reading brought up and our terms have no word for. */
export function addNotes({ notes }: Reading, remarks: Remarks): void {
  for (const { kind, field, sentence, at } of notes) {
    if (kind === "setAside") continue;
    const what = kind === "unknown" ? "not understood" : "not said here";
    remarks.add(at ?? null, `${what}: ${sentence}${field === "" ? "" : ` (${field})`}`);
  }
}
