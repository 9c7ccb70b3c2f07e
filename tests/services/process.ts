/** A service as the platform runs it: a process of its own, told all by its environment. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

import { ROOT } from "../support/stacks.ts";

export interface ServiceProcess {
  /** Where its probes answer. */
  readonly url: string;
  /** What it wrote, line by line. */
  readonly lines: readonly Record<string, unknown>[];
  /** Ends it by the signal. @returns its exit code; null when the signal itself ended it */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null>;
}

/** @returns the process once it listens @throws with its last line when it ends before that */
export async function spawnService(build: string, env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [join(ROOT, "services", build, "main.ts")], {
    env: { PATH: process.env["PATH"], NODE_ENV: "test", PORT: "0", HOST: "127.0.0.1", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const lines: Record<string, unknown>[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    readLines(child, (line) => {
      const parsed = JSON.parse(line) as Record<string, unknown>;
      lines.push(parsed);
      if (parsed["msg"] === "listening") resolve(Number(parsed["port"]));
    });
    void exited.then((code) =>
      reject(new Error(`${build} ended with ${String(code)}: ${JSON.stringify(lines.at(-1))}`)),
    );
  });
  return {
    url: `http://127.0.0.1:${port}`,
    lines,
    end: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

function readLines({ stdout }: ChildProcess, take: (line: string) => void): void {
  let rest = "";
  stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) if (line !== "") take(line);
  });
}
