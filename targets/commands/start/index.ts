/** `start` as the command line has it: signals, how it ended, and what is told once it runs. */
import { PrerequisiteError } from "../../local/errors.ts";
import { SideError } from "../../local/runtime/index.ts";
import type { CompiledStack } from "../../stack.ts";
import { createBoard } from "./board.ts";
import { runPlatform, shownServices, StoreDied, type Running, type StartRequest } from "./run.ts";

export type Outcome =
  | { readonly ended: "asked" }
  /** This machine has not what it takes. */
  | { readonly ended: "lacking"; readonly sentence: string }
  /** A service never became ready, or a store died. */
  | { readonly ended: "failed"; readonly sentence: string };

/** npm hands on a Ctrl-C that the terminal has sent us already; that is one wish, and not two. */
const SAME_WISH_MILLISECONDS = 1000;

/** Runs until Ctrl-C, which ends it in order; a second one ends it at once. Either leaves nothing running. */
export async function startHere(
  request: StartRequest,
  stack: CompiledStack,
  onReady: (running: Running) => void,
): Promise<Outcome> {
  const abort = new AbortController();
  let asked = 0;
  const interrupt = (): void => {
    if (abort.signal.aborted && performance.now() - asked > SAME_WISH_MILLISECONDS) process.exit(1);
    if (abort.signal.aborted) return;
    asked = performance.now();
    abort.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  try {
    await runPlatform(request, stack, createBoard(shownServices(request.root, stack)), abort.signal, onReady);
    return { ended: "asked" };
  } catch (error) {
    if (error instanceof PrerequisiteError) return { ended: "lacking", sentence: error.message };
    if (error instanceof SideError || error instanceof StoreDied) return { ended: "failed", sentence: error.message };
    throw error;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
  }
}

export function runningReport({ url, ws, mails, form, services, notRun }: Running): string {
  const rows: readonly (readonly [string, string])[] = [
    ["Dashboard", url],
    ["API", `${url}/api/docs`],
    ["WebSocket", ws],
    ["Mails", mails],
  ];
  return [
    `${services.length} services of the ${form} form run. Ctrl-C ends them.`,
    ...rows.map(([name, at]) => `  ${name.padEnd(10)} ${at}`),
    ...Object.entries(notRun).map(([name, why]) => `  not run: ${name} (${why})`),
  ].join("\n");
}
