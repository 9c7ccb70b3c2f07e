/**
 * The journal of a migration: what was begun and what came of it, an entry a line, each on the disk before the next thing
 * happens. A second start learns from it where the first one was. Pure; journal-file.ts writes it.
 *
 * A step's `started` goes before the step and its `ended` after it, so a step with the one and without the other may have
 * happened, in part or in whole. Stages can be told the same thing twice (stage.ts), so such a step is simply done again.
 */
import { z } from "zod";
import type { Plan } from "./plan.ts";
import type { Ending, Failure, StepRecord, WayBack } from "./run-outcome.ts";
import type { SideSamples, Weights } from "./stage.ts";

export interface Starter {
  readonly pid: number;
  readonly host: string;
}

/** What the way back, and whoever goes on, must know of what has happened. */
export interface Snapshot {
  readonly opened: boolean;
  readonly deployed: boolean;
  readonly shifted: boolean;
  readonly workersMoved: boolean;
  readonly committed: boolean;
  readonly weights: Weights | null;
  readonly baseline: SideSamples | null;
  readonly waysBack: readonly WayBack[];
}

/** `at` is Unix time in milliseconds. */
export type JournalEntry = { readonly at: number } & (
  | {
      readonly type: "begun";
      /** Names this migration wherever it leaves something, such as its lock. */
      readonly run: string;
      readonly by: Starter;
      readonly stage: string;
      readonly stack: string;
      readonly plan: Plan;
    }
  | { readonly type: "resumed"; readonly by: Starter; readonly mode: "resume" | "rollBack" }
  | { readonly type: "started"; readonly step: string; readonly progress: Snapshot }
  | { readonly type: "ended"; readonly record: StepRecord; readonly progress: Snapshot }
  /** The way back is decided on. From here on there is no other. */
  | { readonly type: "back"; readonly failure: Failure }
  | { readonly type: "finished"; readonly ending: Ending }
);

export interface Journal {
  /** The entry is on the disk when it returns. @throws Error when it could not be written */
  append(entry: JournalEntry): void;
}

/** A journal that cannot be read: somebody else wrote it, or it is damaged. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const plan = z.custom<Plan>((value) => isRecord(value) && Array.isArray(value["steps"]), "a plan");
const progress = z.custom<Snapshot>((value) => isRecord(value) && typeof value["shifted"] === "boolean", "progress");
const record = z.custom<StepRecord>((value) => isRecord(value) && typeof value["id"] === "string", "a step's record");
const failure = z.custom<Failure>((value) => isRecord(value) && typeof value["sentence"] === "string", "a failure");
const by = z.object({ pid: z.int(), host: z.string() });
const at = z.number();

const entry: z.ZodType<JournalEntry> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("begun"), at, run: z.string(), by, stage: z.string(), stack: z.string(), plan }),
  z.object({ type: z.literal("resumed"), at, by, mode: z.enum(["resume", "rollBack"]) }),
  z.object({ type: z.literal("started"), at, step: z.string(), progress }),
  z.object({ type: z.literal("ended"), at, record, progress }),
  z.object({ type: z.literal("back"), at, failure }),
  z.object({
    type: z.literal("finished"),
    at,
    ending: z.enum(["settled", "rolledBack", "refused", "failed", "interrupted", "held"]),
  }),
]);

export interface ParsedJournal {
  readonly entries: readonly JournalEntry[];
  /** Bytes of the whole lines; what is behind them was torn off in the middle and never happened. */
  readonly whole: number;
}

/**
 * Reads a journal's text. A last line that a crash tore is left out: its step had not begun, or had not been known to end.
 * @throws JournalError for a bad line that is not the last
 */
export function parseJournal(text: string): ParsedJournal {
  const lines = text.split("\n");
  const entries: JournalEntry[] = [];
  let whole = 0;
  for (const [index, line] of lines.entries()) {
    const torn = index >= lines.length - 2 && lines.slice(index + 1).every((rest) => rest === "");
    // Without its line break a line may lack more than that.
    const ended = index < lines.length - 1;
    const read = ended ? entryOf(line) : null;
    if (read === null) {
      if (torn) break;
      throw new JournalError(`Line ${index + 1} of the journal is damaged: ${JSON.stringify(line.slice(0, 60))}.`);
    }
    entries.push(read);
    whole += Buffer.byteLength(line) + 1;
  }
  return { entries, whole };
}

function entryOf(line: string): JournalEntry | null {
  try {
    const parsed = entry.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
