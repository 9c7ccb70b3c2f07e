/** Processes below one process, for whoever must know that none of them outlived it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { codeOf } from "../errors.ts";

const run = promisify(execFile);

/** Process id → its command's name; empty when the process is gone. */
export async function descendantsOf(pid: number): Promise<ReadonlyMap<number, string>> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid=,comm="]).catch(() => ({ stdout: "" }));
  const all = stdout.split("\n").flatMap((line) => {
    const [, id, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
  const below = new Map<number, string>();
  const visit = (parent: number): void => {
    for (const { id, command } of all.filter((one) => one.parent === parent)) {
      below.set(id, command);
      visit(id);
    }
  };
  visit(pid);
  return below;
}

/** True while a process of that id exists, be it somebody else's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
