/** A child process with its last log lines, its end as a promise, and a watchdog behind it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "../errors.ts";
import { leave, watch, type LastWill } from "./guardian.ts";

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
  /** Each line of stdout and stderr, as it comes. */
  readonly onLine?: (line: string) => void;
  readonly lastWill?: LastWill;
}

/** How it ended: one of the two is not null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly pid: number;
  /** Resolves once, after its last line was read; never rejects. */
  readonly exited: Promise<Exit>;
  /** The last lines of its output, at most {@link RING}, oldest first. */
  lines(): readonly string[];
  /** To the whole process group; nothing happens when it is gone. */
  signal(signal: NodeJS.Signals): void;
}

/** Lines kept of each child. */
export const RING = 200;
/** A grandchild may hold the pipe open; nobody waits longer for last lines. */
const LAST_LINES_MILLISECONDS = 300;

/**
 * Starts it in a process group of its own, so that a terminal's Ctrl-C reaches us and not it: we stop it in order.
 * @throws Error with `code` ENOENT or EACCES when it can't be started
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { command, args, cwd, env, uid, gid, onLine, lastWill = "KILL" } = options;
  const child = spawn(command, args, {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  // at once: whatever ends us from here on ends it, too
  if (child.pid !== undefined) watch(child.pid, lastWill);
  const ring: string[] = [];
  const keep = (line: string): void => {
    if (line === "") return;
    ring.push(line);
    if (ring.length > RING) ring.shift();
    onLine?.(line);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", keep);
  const closed = once(child, "close").catch(() => undefined);
  const exited = new Promise<Exit>((resolve) => {
    child.once("exit", (code, signal) => {
      if (child.pid !== undefined) leave(child.pid);
      void Promise.race([closed, sleep(LAST_LINES_MILLISECONDS, undefined, { ref: false })]).then(() => {
        resolve({ code, signal });
      });
    });
  });
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  return { pid, exited, lines: () => [...ring], signal: (signal) => signalGroup(pid, signal) };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
}

/** Signals it, and kills it when it is still there `milliseconds` later. Returns how it ended and whether it was killed. */
export async function endChild(
  child: Child,
  signal: NodeJS.Signals,
  milliseconds: number,
): Promise<Exit & { readonly killed: boolean }> {
  child.signal(signal);
  const stop = new AbortController();
  const late = sleep(milliseconds, "late" as const, { signal: stop.signal }).catch(() => "late" as const);
  const first = await Promise.race([child.exited, late]);
  stop.abort();
  if (first !== "late") return { ...first, killed: false };
  child.signal("SIGKILL");
  return { ...(await child.exited), killed: true };
}

/** `exit code 1`, `SIGKILL`. */
export function describeExit({ code, signal }: Exit): string {
  return signal ?? `exit code ${code ?? "unknown"}`;
}

/** Runs a tool to its end. @throws AbortError, the tool killed, when the signal fires first */
export async function runTool(
  options: ChildOptions,
  signal?: AbortSignal,
): Promise<Exit & { readonly lines: readonly string[] }> {
  signal?.throwIfAborted();
  const child = await startChild(options);
  const abort = (): void => child.signal("SIGKILL");
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  const exit = await child.exited;
  signal?.removeEventListener("abort", abort);
  signal?.throwIfAborted();
  return { ...exit, lines: child.lines() };
}
