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

  describe("with files that were not compiled here", () => {
    const fixtures = "tests/targets/foreign/fixtures";
    const ecs = ["web", "thumbnails", "services", "scaling"].map((name) => `${fixtures}/ecs-${name}.json`);
    const kubernetes = [`${fixtures}/helm-shop.yaml`, `${fixtures}/kubectl-thumbnails.yaml`];

    it("parity lists what differs and ends 1", () => {
      const { status, stdout, stderr } = run("parity", "--ecs", ...ecs, "--kubernetes", ...kubernetes);
      expect(status).to.equal(1);
      expect(stderr).to.equal("");
      expect(stdout)
        .to.include("shop-report")
        .and.to.match(/^ {2}differs +scaling\.max: ECS 10, Kubernetes 8$/m)
        .and.to.match(/^ {2}missing +env\.STRIPE_API_KEY: ECS "\(hidden/m)
        .and.to.match(/^ {2}can't be told +identity:/m);
    });

    it("parity ends 0 where two forms of one model agree as nearly as they can", () => {
      const folder = mkdtempSync(join(tmpdir(), "foreign-"));
      try {
        run("compile", "--out", folder);
        const of = (target: string) => join(folder, "dev", target, "api-service.json");
        const { status, stdout } = run("parity", "--ecs", of("ecs"), "--kubernetes", of("kubernetes"), "--json");
        expect(status).to.equal(0);
        expect(JSON.parse(stdout)).to.have.keys("pairs", "findings", "notes");
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("import prints a model file, or the model as JSON, and says what to settle", () => {
      const [report = "", ...others] = kubernetes;
      const text = run("import", report);
      expect(text.status).to.equal(0);
      expect(text.stdout).to.include("export const imported: Model = {").and.to.include("// not said here: a sidecar");
      expect(text.stderr).to.include("2 workloads: shop-web (service), shop-report (job)");
      const json = run("import", report, "--json");
      expect([json.status, json.stderr]).to.deep.equal([0, ""]);
      expect(JSON.parse(json.stdout)).to.have.nested.property("model.project", "shop");
      // A field that nobody knows is a finding.
      expect(run("import", ...others).status).to.equal(1);
    });

    it("import --out writes the file where it is told", () => {
      const folder = mkdtempSync(join(tmpdir(), "foreign-"));
      try {
        const { status, stdout } = run("import", ...kubernetes.slice(0, 1), "--out", join(folder, "shop.ts"));
        expect([status, stdout]).to.deep.equal([0, ""]);
        expect(readFileSync(join(folder, "shop.ts"), "utf8")).to.include('name: "shop-web"');
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  const refused: readonly [args: readonly string[], sentence: RegExp][] = [
    [["compile", "--target", "nomad"], /ecs, eks, kubernetes and all/],
    [["compile", "--stack", "staging"], /"staging"; allowed: one of dev, prod/],
    [["parity", "--stack", "../dev"], /one of dev, prod/],
    [["compile", "--nonsense"], /unknown option '--nonsense'/],
    [["compile", "--out", "package.json/forms"], /ENOTDIR/],
    [["deploy"], /unknown command 'deploy'/],
    [["parity", "--ecs", "absent.json", "--kubernetes", "README.md"], /absent\.json: no such file/],
    [["parity", "--ecs", "package.json"], /--kubernetes: no file; allowed: at least one file on either side/],
    [
      ["parity", "--ecs", "a", "--kubernetes", "b", "--pair", "x"],
      /--pair: x; allowed: <name on ECS>=<name on Kubernetes>/,
    ],
    [["import", "targets"], /targets: a folder; allowed: a file/],
    [["import", "package.json"], /package\.json: a mapping that is neither form/],
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
