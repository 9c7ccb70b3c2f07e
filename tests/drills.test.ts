/** Drills as a person runs them: the quick ones, whole and for real. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import type { DrillResult } from "../targets/migration/drills.ts";
import { ROOT } from "./support/stacks.ts";

async function rehearse(...args: readonly string[]) {
  const child = spawn(process.execPath, ["cli.mjs", "rehearse", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, "exit");
  return { status: child.exitCode, stdout, stderr };
}

describe("drills", function () {
  this.timeout(300_000);

  it("runs one after the other, shows how far it is, and ends 0 when each ended as it must", async () => {
    const folder = mkdtempSync(join(tmpdir(), "drills-"));
    try {
      const { status, stdout, stderr } = await rehearse(
        ...["--drill", "slow,crash-on-boot", "--evidence", folder, "--json"],
      );
      expect(status, stderr.slice(-4000)).to.equal(0);
      expect(stderr)
        .to.match(/^2 drills, about \d+ minutes$/m)
        .and.to.include("1 of 2, crash-on-boot")
        .and.to.include("2 of 2, slow");
      // Written by the command under test, whose shape is what this test is about.
      const results = JSON.parse(stdout) as DrillResult[];
      expect(results.map(({ name, ended, lost, doubled }) => [name, ended, lost, doubled])).to.deep.equal([
        ["crash-on-boot", "rolledBack", 0, 0],
        ["slow", "rolledBack", 0, 0],
      ]);
      for (const { name, fromGateMilliseconds } of results) {
        expect(fromGateMilliseconds, name).to.be.within(0, 5_000);
        expect(existsSync(join(folder, name, "evidence.html"))).to.equal(true);
        expect(existsSync(join(folder, name, "tmp"))).to.equal(false);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const refused: readonly [args: readonly string[], sentence: RegExp][] = [
    [["--drill", "slow,meteor"], /--drill: meteor; allowed: all, crash-on-boot, /],
    [["--drill", "slow", "--fault", "slow"], /--fault: each drill has its own/],
  ];
  for (const [args, sentence] of refused) {
    it(`${args.join(" ")} ends 2 with a sentence`, async () => {
      const { status, stdout, stderr } = await rehearse(...args);
      expect(status).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr).to.match(sentence);
    });
  }
});
