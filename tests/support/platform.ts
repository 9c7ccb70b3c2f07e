/** `npm start` as a process of its own, on stores of its own. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { z } from "zod";
import { withoutStores } from "./environment.ts";
import { ROOT } from "./stacks.ts";

export type Started = ChildProcessByStdio<null, Readable, Readable>;

const running = z.object({ url: z.url(), ws: z.url(), mails: z.url(), services: z.array(z.string()) });
export type Running = z.infer<typeof running>;

export function startPlatform(...args: readonly string[]): Started {
  return spawn(process.execPath, ["--disable-warning=TimeoutNegativeWarning", "cli.mjs", "start", ...args], {
    cwd: ROOT,
    env: withoutStores(),
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** What it says with --json once everything runs. @throws Error, ZodError when it ends before */
export async function whenRunning({ stdout }: Started): Promise<Running> {
  let output = "";
  for await (const chunk of stdout.setEncoding("utf8")) {
    output += String(chunk);
    if (output.endsWith("\n}\n")) break;
  }
  return running.parse(JSON.parse(output));
}

/** As Ctrl-C does. @returns its exit code */
export async function endPlatform(child: Started): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const exited = once(child, "exit");
  child.kill("SIGINT");
  await exited;
  return child.exitCode;
}
