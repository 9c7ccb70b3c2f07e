/** Shows how the services are, on stderr: a list while they come up on a terminal, and a line a change after that. */
import { createList, type List } from "./board-terminal.ts";
import type { ServiceState } from "./states.ts";

export interface Board {
  /** Something happened: a store is up, a replica is lost. */
  readonly report: (line: string) => void;
  /** Call it as often as you like: only a change is shown. */
  readonly service: (name: string, state: ServiceState) => void;
  /** Everything runs; resolves when that is shown, and others may write to the terminal. */
  readonly ready: () => Promise<void>;
  /** The end begins; nothing about single services is shown any more. Twice is harmless. */
  readonly stopping: () => void;
}

/** For a terminal or a log, whichever `stream` is. */
export function createBoard(services: readonly string[], stream: NodeJS.WriteStream = process.stderr): Board {
  const write = (line: string): boolean => stream.write(`${line}\n`);
  return boardOf(services, write, stream.isTTY ? createList(services, stream) : null);
}

export function boardOf(services: readonly string[], write: (line: string) => void, list: List | null): Board {
  const start = performance.now();
  const width = Math.max(0, ...services.map((name) => name.length));
  const last = new Map<string, string>();
  /** Lines that came while a list was being drawn to its end: a list and lines would write over each other. */
  let waiting: string[] | null = null;
  let drawing = list;
  let stopping = false;

  const line = (text: string): void => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
    const whole = `[${seconds} s] ${text}`;
    if (waiting) waiting.push(whole);
    else if (drawing) drawing.note(text);
    else write(whole);
  };
  const endList = async (): Promise<void> => {
    if (!drawing) return;
    const held: string[] = [];
    waiting = held;
    const drawn = drawing.end();
    drawing = null;
    await drawn;
    waiting = null;
    for (const text of held) write(text);
  };
  return {
    report: line,
    service: (name, { ready, words }) => {
      if (stopping || last.get(name) === words) return;
      last.set(name, words);
      if (drawing && ready) drawing.done(name);
      else line(`${name.padEnd(width)} ${words}`);
    },
    ready: endList,
    stopping: () => {
      if (stopping) return;
      stopping = true;
      void endList();
      line("stopping");
    },
  };
}
