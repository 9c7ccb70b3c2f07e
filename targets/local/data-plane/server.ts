/** One embedded server: started, waited for, watched, killed in drills, started again, stopped. */
import { setTimeout as sleep } from "node:timers/promises";
import { PrerequisiteError, messageOf } from "../errors.ts";
import { describeExit, endChild, type Child } from "../processes/child.ts";
import type { Component, DataPlaneDeath } from "./types.ts";

/** How one kind of server is started and asked; the same port and data every time. */
export interface ServerKind {
  readonly component: Component;
  /** As people write it: `Postgres`. */
  readonly title: string;
  /** What its clients connect to. */
  readonly url: string;
  spawn(): Promise<Child>;
  /** Resolves when it answers; throws while it doesn't. */
  ask(): Promise<void>;
  readonly stopSignal: NodeJS.Signals;
}

export interface Server {
  readonly component: Component;
  readonly url: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Far more than any of them needs, so that a busy machine passes; a hang does not. */
const START_MILLISECONDS = 60_000;
const ASK_EVERY_MILLISECONDS = 20;
const STOP_MILLISECONDS = 5_000;
const LAST_LINES = 8;

/**
 * Starts it and resolves when it answers; tells `onDeath` when it later ends by itself.
 * @throws PrerequisiteError when it ends or stays silent, with its last log lines; AbortError when the signal fires
 */
export async function startServer(
  kind: ServerKind,
  onDeath: (death: DataPlaneDeath) => void,
  signal?: AbortSignal,
): Promise<Server> {
  let child: Child | null = null;
  const start = async (): Promise<void> => {
    const next = await kind.spawn();
    let answered = false;
    child = next;
    void next.exited.then((exit) => {
      if (child !== next) return;
      child = null;
      next.signal("SIGKILL"); // what it forked holds its port and its data, and has nobody to work for
      if (answered)
        onDeath({ component: kind.component, exit: describeExit(exit), lines: next.lines().slice(-LAST_LINES) });
    });
    try {
      await untilItAnswers(kind, next, signal);
      answered = true;
    } catch (error) {
      child = null;
      await endChild(next, "SIGKILL", STOP_MILLISECONDS);
      throw error;
    }
  };
  const end = async (how: NodeJS.Signals): Promise<void> => {
    const last = child;
    child = null;
    if (last) await endChild(last, how, STOP_MILLISECONDS);
  };
  await start();
  return {
    component: kind.component,
    url: kind.url,
    kill: () => end("SIGKILL"),
    restart: async () => {
      await end("SIGKILL");
      await start();
    },
    stop: () => end(kind.stopSignal),
  };
}

async function untilItAnswers(kind: ServerKind, child: Child, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + START_MILLISECONDS;
  let exit: string | null = null;
  void child.exited.then((ended) => {
    exit = describeExit(ended);
  });
  for (;;) {
    signal?.throwIfAborted();
    let silence: string;
    try {
      await kind.ask();
      return;
    } catch (error) {
      silence = messageOf(error);
    }
    const why = whyNot(exit, silence, deadline);
    if (why !== null)
      throw new PrerequisiteError({
        what: kind.title,
        why,
        remedy: "See its last lines below.",
        lines: child.lines().slice(-LAST_LINES),
      });
    await sleep(ASK_EVERY_MILLISECONDS);
  }
}

function whyNot(exit: string | null, silence: string, deadline: number): string | null {
  if (exit !== null) return `it ended while it was starting (${exit})`;
  if (performance.now() < deadline) return null;
  return `it did not answer within ${START_MILLISECONDS / 1000} s (${silence})`;
}
