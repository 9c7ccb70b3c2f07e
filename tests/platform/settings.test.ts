import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import { parseSettings, readStackFile, stackNames } from "../../platform/settings.ts";
import { dev, prod, problemsOf, ROOT, valueOf } from "../support/stacks.ts";

describe("settings", () => {
  it("reads the stacks of the repository", () => {
    expect(stackNames(ROOT)).to.deep.equal(["dev", "prod"]);
    expect(dev).to.deep.include({ stack: "dev", target: "ecs", region: "us-east-1", ml: true, gpu: "a10g" });
    expect(prod.images.pinned).to.equal(true);
  });

  it("gives the same from Pulumi's map of texts as from the file", () => {
    const file: unknown = parse(readFileSync(join(ROOT, "Pulumi.prod.yaml"), "utf8"));
    const config = (file as { config: Record<string, unknown> }).config;
    const texts = Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    expect(valueOf(parseSettings("prod", Object.fromEntries(texts) as Record<string, string>))).to.deep.equal(prod);
  });

  it("names the stacks that exist when one does not", () => {
    expect(problemsOf(readStackFile(ROOT, "staging"))).to.deep.equal([
      { code: "unknown-stack", path: "--stack", found: '"staging"', allowed: "one of dev, prod" },
    ]);
  });

  it("returns every problem at once, with its path", () => {
    const problems = problemsOf(
      parseSettings("x", {
        "cryptotracker:target": "nomad",
        "cryptotracker:limits": { vcpu: -1 },
        "cryptotracker:colour": "red",
      }),
    );
    const paths = problems.map(({ path }) => path);
    expect(paths).to.include.members([
      "settings.target",
      "settings.network",
      "settings.limits.vcpu",
      "settings.limits.memoryGiB",
      "settings.colour",
    ]);
  });

  it("knows the secrets that are configured by their names, and never keeps or shows a value", () => {
    const base = { "cryptotracker:network": dev.network, "cryptotracker:limits": dev.limits };
    const read = (secrets: unknown) => parseSettings("x", { ...base, "cryptotracker:secrets": secrets });
    // As Pulumi hands them over, and as a stack file has them: one by one, or all in one.
    const fromPulumi = valueOf(read('{"smtp":"smtp://hunter2","database":"hunter2"}'));
    expect(fromPulumi.secrets).to.deep.equal(["database", "smtp"]);
    expect(JSON.stringify(fromPulumi)).not.to.contain("hunter2");
    expect(valueOf(read({ redis: { secure: "v1:abc" } })).secrets).to.deep.equal(["redis"]);
    expect(valueOf(read({ secure: "v1:abc" })).secrets).to.deep.equal([]);
    const plain = problemsOf(read({ redis: "hunter2", smtp: { secure: "v1:abc" } }));
    expect(plain.map(({ code, path }) => [code, path])).to.deep.equal([
      ["secret-in-plain-text", "settings.secrets.redis"],
    ]);
    const strange = [read('{"redis":4711}'), read("hunter2"), read(["hunter2"])].map(problemsOf);
    expect(strange.map((problems) => problems.map(({ code }) => code))).to.deep.equal([
      ["bad-secret"],
      ["bad-secret"],
      ["bad-secret"],
    ]);
    expect(JSON.stringify([plain, strange])).not.to.match(/hunter2|4711/);
  });

  it("refuses a file that is no YAML and one without config in a sentence", () => {
    const folder = mkdtempSync(join(tmpdir(), "settings-"));
    try {
      writeFileSync(join(folder, "Pulumi.broken.yaml"), "config: [1, 2");
      writeFileSync(join(folder, "Pulumi.empty.yaml"), "");
      for (const stack of ["broken", "empty"]) {
        expect(problemsOf(readStackFile(folder, stack)).map(({ code, path }) => [code, path])).to.deep.equal([
          ["bad-stack-file", `Pulumi.${stack}.yaml`],
        ]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
