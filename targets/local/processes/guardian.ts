/**
 * Makes sure that nothing we started outlives us. A watchdog (a shell of one megabyte) holds the other end of a pipe: when
 * this process is gone, by Ctrl-C, an uncaught error or even SIGKILL, the pipe closes, and it kills what is listed and
 * removes the listed folders. It runs in a session of its own, so a terminal's Ctrl-C doesn't reach it.
 *
 * POSIX only, as is the rest of the local runtime.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { join } from "node:path";

/** What a process group gets first when we are gone; whatever is left two seconds later gets SIGKILL. */
export type LastWill = "KILL" | "QUIT";

const processes = new Map<number, LastWill>();
const folders = new Set<string>();
let watchdog: ChildProcess | null = null;

/** Kills the process group `pid` if we die before {@link leave}. */
export function watch(pid: number, will: LastWill): void {
  processes.set(pid, will);
  tell(`watch ${pid} ${will}`);
}

export function leave(pid: number): void {
  if (!processes.delete(pid)) return;
  tell(`leave ${pid}`);
  dismissIfIdle();
}

/** Removes the folder if we die before {@link keepFolder}. */
export function watchFolder(path: string): void {
  folders.add(path);
  tell(`folder ${path}`);
}

export function keepFolder(path: string): void {
  if (!folders.delete(path)) return;
  tell(`keep ${path}`);
  dismissIfIdle();
}

function tell(line: string): void {
  if (watchdog) watchdog.stdin?.write(`${line}\n`);
  else hire();
}

/** Tells a new watchdog everything, this line included: also after the old one was killed. */
function hire(): void {
  const child = spawn("/bin/sh", [join(import.meta.dirname, "watchdog.sh")], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    // its tools are found whatever our own PATH holds
    env: { PATH: `/usr/bin:/bin:${process.env["PATH"] ?? ""}` },
  });
  const forget = (): void => {
    if (watchdog === child) watchdog = null;
  };
  child.once("error", forget).once("exit", forget);
  child.stdin.on("error", forget);
  child.unref();
  // a pipe is a socket in Node; unreferenced, it doesn't keep this process alive
  if (child.stdin instanceof Socket) child.stdin.unref();
  watchdog = child;
  for (const [pid, will] of processes) child.stdin.write(`watch ${pid} ${will}\n`);
  for (const path of folders) child.stdin.write(`folder ${path}\n`);
}

function dismissIfIdle(): void {
  if (processes.size > 0 || folders.size > 0) return;
  watchdog?.stdin?.end();
  watchdog = null;
}
