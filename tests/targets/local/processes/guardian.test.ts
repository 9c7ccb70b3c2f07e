import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { isOpen } from "../../../../targets/local/processes/ports.ts";
import { FIXTURES } from "../fixtures/behaviours.ts";
import { isRunning, until } from "../fixtures/until.ts";

describe("targets/local/processes guardian", function () {
  this.timeout(300_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "guardian-test-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  for (const end of ["SIGINT", "SIGTERM", "SIGKILL", "an uncaught error"] as const)
    it(`leaves no process and no file when the parent ends by ${end}`, async () => {
      const uncaught = end === "an uncaught error";
      const parent = spawn(process.execPath, [join(FIXTURES, "parent.ts")], {
        env: { ...process.env, TMPDIR: folder, ...(uncaught ? { THROW: "1" } : {}) },
        stdio: ["ignore", "pipe", "ignore"],
      });
      const exited = once(parent, "exit");
      const line = String((await once(createInterface({ input: parent.stdout }), "line"))[0]);
      const started: unknown = JSON.parse(line);
      const pid = started instanceof Object && "pid" in started ? Number(started.pid) : 0;
      const ports =
        started instanceof Object && "ports" in started && Array.isArray(started.ports) ? started.ports : [];
      expect(ports).to.have.length(2);
      if (!uncaught) {
        expect(isRunning(pid)).to.equal(true);
        expect(await readdir(folder)).to.have.length(1);
        parent.kill(end);
      }
      await exited;
      await until(async () => {
        const open = await Promise.all(ports.map((port) => isOpen(Number(port))));
        return !isRunning(pid) && !open.includes(true) && (await readdir(folder)).length === 0;
      });
    });
});
