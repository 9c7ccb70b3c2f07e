import { expect } from "chai";
import { endChild, runTool, startChild } from "../../../../targets/local/processes/child.ts";
import { freePort, isOpen } from "../../../../targets/local/processes/ports.ts";
import { isRunning, until } from "../fixtures/until.ts";

const env = { PATH: process.env["PATH"] ?? "" };

describe("targets/local/processes", () => {
  it("keeps the last lines and tells how it ended", async () => {
    const lines: string[] = [];
    const args = ["-c", "seq 1 300; echo oops >&2; exit 7"];
    const child = await startChild({ command: "/bin/sh", args, env, onLine: (line) => lines.push(line) });
    expect(await child.exited).to.deep.equal({ code: 7, signal: null });
    expect(child.lines()).to.have.length(200).and.to.include("oops").and.to.include("300").and.not.to.include("1");
    expect(lines).to.have.length(301);
  });

  it("ends the whole group, grandchildren too", async () => {
    const args = ["-c", "trap '' TERM; sleep 1000 & echo $!; wait"];
    const child = await startChild({ command: "/bin/sh", args, env });
    await until(() => child.lines().length === 1);
    const grandchild = Number(child.lines()[0]);
    expect(await endChild(child, "SIGTERM", 50)).to.include({ killed: true, signal: "SIGKILL" });
    await until(() => !isRunning(grandchild));
    child.signal("SIGTERM"); // nobody is there any more
  });

  it("rejects with ENOENT when there is no such program, and kills a tool when its signal fires", async () => {
    const missing = await runTool({ command: "/no/such/program", args: [], env }).catch((error: unknown) => error);
    expect(missing).to.have.property("code", "ENOENT");
    const stop = new AbortController();
    const tool = runTool({ command: "sleep", args: ["1000"], env }, stop.signal).catch((error: unknown) => error);
    setTimeout(() => stop.abort(), 20);
    expect(await tool).to.have.property("name", "AbortError");
  });

  it("never gives the same port twice, and only closed ones", async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(new Set(ports).size).to.equal(50);
    expect(await isOpen(ports[0] ?? 0)).to.equal(false);
  });
});
