/**
 * Shows a run while it goes on, on stderr and nowhere else: on a terminal a list that updates itself, elsewhere one
 * line an event. It only listens: nothing that it does, or fails to do, reaches the run.
 */
import type { Plan } from "./plan.ts";
import { createTerminal } from "./progress-terminal.ts";
import type { RunEvent } from "./run.ts";

export interface Progress {
  readonly observe: (event: RunEvent) => void;
  /** Shows a line that stays: on a terminal, beside the phase that is under way. */
  readonly note: (line: string) => void;
  /** Resolves when everything is shown; the last event must have been observed. */
  readonly done: () => Promise<void>;
}

/** For a terminal or a log, whichever `stream` is. */
export function createProgress(plan: Plan, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? createTerminal(plan, stream) : createLines((line) => stream.write(`${line}\n`));
}

/** One line an event, with the time since the first one. */
export function createLines(write: (line: string) => void): Progress {
  let start: number | null = null;
  let lastLook = "";
  return {
    observe(event) {
      start ??= event.at;
      const text = lineOf(event);
      if (text === null) return;
      // A gate says the same for many looks; once is enough.
      if (event.type === "gateLooked" && text === lastLook) return;
      lastLook = event.type === "gateLooked" ? text : "";
      write(`[${((event.at - start) / 1000).toFixed(1).padStart(6)} s] ${text}`);
    },
    note: (line) => write(line),
    done: () => Promise.resolve(),
  };
}

function lineOf(event: RunEvent): string | null {
  switch (event.type) {
    case "stepStarted":
      return `▸ ${event.step.title}`;
    case "stepReported":
      return `  ${event.line}`;
    case "gateLooked":
      return event.look.verdict.state === "wait" ? `  ${event.look.verdict.sentence}` : null;
    case "stepEnded": {
      const { state, failure, startedAt, endedAt } = event.record;
      const took = `${((endedAt - startedAt) / 1000).toFixed(1)} s`;
      if (state === "skipped") return null;
      return state === "done"
        ? `✓ ${event.step.title} (${took})`
        : `✗ ${event.step.title} (${took}): ${failure ?? state}`;
    }
    case "rollbackStarted":
      return `↩ Rolling back: ${event.failure.title} failed.`;
    case "ended": {
      const { ending, accounts } = event.outcome;
      const sum = (of: "lost" | "doubled"): number => accounts.reduce((total, account) => total + account[of], 0);
      const tally = accounts.length > 0 ? `lost: ${sum("lost")}, doubled: ${sum("doubled")}` : "nothing accounted for";
      return `■ ${ENDINGS[ending]}; ${tally}.`;
    }
  }
}

const ENDINGS = {
  settled: "Settled as planned",
  rolledBack: "Rolled back",
  refused: "Refused before anything was started",
  failed: "Failed",
  interrupted: "Interrupted",
  held: "Held, as planned, until somebody says that it goes on",
} as const;
