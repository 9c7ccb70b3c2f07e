import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";
import { descendantsOf, isRunning } from "../../../../targets/local/processes/descendants.ts";
import { until } from "../fixtures/until.ts";

describe("targets/local/processes/descendants", () => {
  it("finds children and their children, and none of a process that is gone", async () => {
    const shell = spawn("/bin/sh", ["-c", "sleep 60 & wait"], { detached: true });
    const pid = shell.pid ?? 0;
    try {
      await until(async () => [...(await descendantsOf(pid)).values()].some((command) => command.includes("sleep")));
      const [child = 0] = [...(await descendantsOf(pid)).keys()];
      const ours = await descendantsOf(process.pid);
      expect([...ours.keys()]).to.include.members([pid, child]);
      expect(isRunning(child)).to.equal(true);
    } finally {
      process.kill(-pid, "SIGKILL");
      await once(shell, "exit");
    }
    expect(await descendantsOf(pid)).to.have.property("size", 0);
    expect(isRunning(pid)).to.equal(false);
  });
});
