import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { devModel, ROOT } from "./support/stacks.ts";

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["cli.mjs", ...args], { cwd: ROOT, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("the commands", () => {
  it("compile writes every service of both targets, twice the same bytes", () => {
    const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), "compile-")));
    try {
      const trees = folders.map((folder) => {
        expect(run("compile", "--stack", "dev", "--target", "all", "--out", folder).status).to.equal(0);
        return readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((path) => path.endsWith(".json"))
          .sort()
          .map((path) => [path, readFileSync(join(folder, path), "utf8")] as const);
      });
      const wanted = ["ecs", "eks", "kubernetes"].flatMap((target) =>
        [...devModel.workloads.map(({ name }) => name), "_shared", "losses"].map(
          (name) => `dev/${target}/${name}.json`,
        ),
      );
      expect(trees[0]?.map(([path]) => path)).to.have.members(wanted);
      expect(trees[0]).to.deep.equal(trees[1]);
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true });
    }
  });

  it("--json prints one document and nothing else", () => {
    for (const command of ["compile", "parity"]) {
      const { stdout, stderr, status } = run(command, "--json");
      expect(status).to.equal(0);
      expect(stderr).to.equal("");
      expect(JSON.parse(stdout)).to.include({ stack: "dev" });
    }
  });

  it("parity prints the matrix and the declared losses and ends 0", () => {
    const { stdout, status } = run("parity", "--stack", "prod");
    expect(status).to.equal(0);
    expect(stdout)
      .to.match(/^memoryLimit +==/m)
      .and.to.include("kubernetes starts-at-one (approximate")
      .and.to.include("No undeclared difference.");
  });

  const refused: readonly [args: readonly string[], sentence: RegExp][] = [
    [["compile", "--target", "nomad"], /ecs, eks, kubernetes and all/],
    [["compile", "--stack", "staging"], /"staging"; allowed: one of dev, prod/],
    [["parity", "--stack", "../dev"], /one of dev, prod/],
    [["compile", "--nonsense"], /unknown option '--nonsense'/],
    [["compile", "--out", "package.json/forms"], /ENOTDIR/],
    [["deploy"], /unknown command 'deploy'/],
  ];
  for (const [args, sentence] of refused) {
    it(`${args.join(" ")} ends 2 with a sentence`, () => {
      const { status, stdout, stderr } = run(...args);
      expect(status).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr)
        .to.match(sentence)
        .and.to.not.match(/^\s+at /m);
    });
  }

  it("says what it has when asked", () => {
    const { status, stdout } = run("--help");
    expect(status).to.equal(0);
    expect(stdout).to.include("compile").and.to.include("parity");
  });
});
