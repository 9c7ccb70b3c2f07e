/** The pure commands load no Pulumi: its SDK alone takes longer than all that they do. */
import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { ROOT } from "../support/stacks.ts";

/** Runs a command with a loader hook that prints each module it resolves; returns those of Pulumi. */
function loadedPulumi(args: readonly string[]): {
  readonly modules: readonly string[];
  readonly pulumi: readonly string[];
} {
  const trace = new URL("../support/trace-modules.ts", import.meta.url).href;
  const { stderr, status } = spawnSync(process.execPath, ["--import", trace, "cli.mjs", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(status, stderr.slice(-2000)).to.equal(0);
  const modules = stderr
    .split("\n")
    .filter((line) => line.startsWith("module "))
    .map((line) => line.slice("module ".length));
  return { modules, pulumi: modules.filter((url) => url.includes("/@pulumi/")) };
}

describe("contract: pure commands", () => {
  for (const command of ["compile", "parity"]) {
    it(`${command} loads no @pulumi module`, () => {
      const { modules, pulumi } = loadedPulumi([command, "--stack", "dev"]);
      for (const target of ["ecs", "eks", "kubernetes"]) {
        expect(
          modules.some((url) => url.endsWith(`/targets/${target}/compile.ts`)),
          target,
        ).to.equal(true);
      }
      expect(pulumi).to.deep.equal([]);
    });
  }
});
