import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PRICES } from "../../../targets/cost/index.ts";
import { costReport, costsOf } from "../../../targets/commands/cost.ts";
import { ROOT, valueOf } from "../../support/stacks.ts";

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, ["cli.mjs", "cost", ...args], { cwd: ROOT, encoding: "utf8" });
}

describe("npm run cost", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "cost-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (value: unknown): string => {
    const path = join(folder, "prices.json");
    writeFileSync(path, JSON.stringify(value));
    return path;
  };

  it("prints both targets side by side, and what one costs more", () => {
    const { status, stdout, stderr } = run("--stack", "dev");
    expect([status, stderr]).to.deep.equal([0, ""]);
    expect(stdout)
      .to.match(/^ +ecs min +ecs desired +ecs max +eks min +eks desired +eks max$/m)
      // 2, 3 and 20 tasks of 1 vCPU and 2 GB.
      .and.to.match(/^api-service +72\.08 +108\.12 +720\.80 /m)
      .and.to.match(/^control plane +– +– +– +73\.00 +73\.00 +73\.00$/m)
      .and.to.match(/^model-training ~ /m)
      .and.to.match(/^total( +[\d,]+\.\d\d){6}$/m)
      .and.to.match(/^On eks it costs [\d,.]+ (more|less) at min, [\d,.]+ (more|less) at desired, /m)
      .and.to.include(`us-east-1, ${PRICES.date}`);
  });

  it("--json prints one document, whose parts are its totals and whose prices are a file", () => {
    const { status, stdout, stderr } = run("--json");
    expect([status, stderr]).to.deep.equal([0, ""]);
    const document: unknown = JSON.parse(stdout);
    expect(document).to.deep.equal(
      JSON.parse(JSON.stringify(valueOf(costsOf(ROOT, "dev", ["ecs", "eks"], undefined)))),
    );
    expect(document).to.include({ stack: "dev", unit: "micro-USD a month" });
    expect(document).to.have.property("prices").that.deep.equals(PRICES);
    const { targets, difference } = valueOf(costsOf(ROOT, "dev", ["ecs", "eks"], undefined));
    expect(difference?.desired).to.equal((targets.eks?.total.desired ?? 0) - (targets.ecs?.total.desired ?? 0));
  });

  it("prices one target alone", () => {
    const { status, stdout } = run("--target", "eks", "--stack", "prod");
    expect(status).to.equal(0);
    expect(stdout)
      .to.match(/^ +eks min +eks desired +eks max$/m)
      .and.not.to.include("On eks it costs");
  });

  it("takes prices of another book", () => {
    const eks = { controlPlaneHour: 0.6 };
    const path = file({ ...PRICES, date: "2026-01-02", prices: { ...PRICES.prices, eks } });
    const { status, stdout } = run("--prices", path);
    expect(status).to.equal(0);
    expect(stdout)
      .to.include("2026-01-02")
      .and.to.match(/^control plane +– +– +– +438\.00 /m);
  });

  it("gives every amount to the cent, thousands apart", () => {
    const costs = valueOf(costsOf(ROOT, "dev", ["ecs"], undefined));
    const large = { min: 1_234_567_891_234, desired: 1_234_567_891_234, max: 1_234_567_891_234 };
    const report = costReport({
      ...costs,
      targets: {
        ecs: { parts: [{ name: "one", kind: "workload", estimated: false, monthly: large }], total: large },
      },
    });
    expect(report).to.match(/^one +1,234,567\.89 +1,234,567\.89 +1,234,567\.89$/m);
  });

  const refused: readonly [args: () => readonly string[], sentence: RegExp][] = [
    [() => ["--target", "kubernetes"], /Allowed choices are ecs, eks, all/],
    [() => ["--stack", "staging"], /"staging"; allowed: one of dev, prod/],
    [() => ["--prices", "nowhere.json"], /nowhere\.json: ENOENT/],
    [() => ["--prices", file({ ...PRICES, region: "eu-west-1" })], /settings\.region: us-east-1; allowed: eu-west-1, /],
    [() => ["--prices", file({ ...PRICES, prices: {} })], /prices\.fargate: nothing; .*missing-price/],
    [
      () => ["--prices", file({ ...PRICES, prices: { ...PRICES.prices, instanceHour: {} } })],
      /prices\.instanceHour\.m7i\.2xlarge: nothing, and general takes it/,
    ],
    [() => ["--prices"], /argument missing/],
  ];
  for (const [args, sentence] of refused) {
    it(`ends 2 with a sentence: ${String(sentence)}`, () => {
      const { status, stdout, stderr } = run(...args());
      expect(stdout).to.equal("");
      expect(stderr)
        .to.match(sentence)
        .and.not.to.match(/\n\s+at /);
      expect(status).to.equal(2);
    });
  }
}).timeout(60_000);
