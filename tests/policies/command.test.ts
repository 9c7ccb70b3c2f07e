/** `npm run policy`, as a person or a CI starts it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Report } from "../../policies/framework/report.ts";
import { rules } from "../../policies/rules.ts";
import { ROOT } from "../support/stacks.ts";

function policy(...args: readonly string[]) {
  const command = ["cli.mjs", "policy", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("npm run policy", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  const file = (name: string): string => join(folder, name);
  after(() => rmSync(folder, { recursive: true }));

  describe("over a stack that is in order", () => {
    let run: ReturnType<typeof policy>;
    before(() => {
      run = policy("--stack", "prod", "--target", "ecs", "--json");
    });

    it("ends 0, prints one document and its progress elsewhere", () => {
      expect(run.status, run.stderr).to.equal(0);
      expect(JSON.parse(run.stdout)).to.have.length(1);
      expect(run.stderr)
        .to.match(/^prod, ecs: building the graph/m)
        .and.to.match(/rules \d+ ms$/m);
    });

    it("shows what was checked, rule by rule", () => {
      const [report] = JSON.parse(run.stdout) as Report[];
      expect(report?.rules.map(({ rule }) => rule)).to.have.members(rules.map(({ name }) => name));
      expect(report?.rules.find(({ rule }) => rule === "ecs-container-user")?.checked).to.be.greaterThan(10);
      expect(report?.rules.flatMap(({ unknown }) => unknown)).to.deep.equal([]);
    });

    it("takes less for the rules than half of what the graph takes", () => {
      const [report] = JSON.parse(run.stdout) as Report[];
      const { graph = 0, rules: judging = Infinity } = report?.milliseconds ?? {};
      expect(judging).to.be.lessThan(graph / 2);
    });
  });

  describe("over a stack that breaks its limits", () => {
    let run: ReturnType<typeof policy>;
    before(() => {
      const config = {
        ...(JSON.parse(readFileSync(join(ROOT, "policies/config.dev.json"), "utf8")) as object),
        "limits-stack-worst-case": { enforcementLevel: "mandatory", vcpu: 50 },
        "limits-service-worst-case": {
          enforcementLevel: "advisory",
          every: { replicas: 19 },
          exemptions: [
            { resource: "api-service", reason: "launch week, by agreement", until: "2999-12-31" },
            { resource: "auth-service", reason: "launch week, by agreement", until: "2020-01-31" },
          ],
        },
      };
      writeFileSync(file("strict.json"), JSON.stringify(config));
      const target = ["--stack", "dev", "--target", "ecs", "--config", file("strict.json")];
      run = policy(...target, "--sarif", file("policy.sarif"), "--junit", file("policy.xml"));
    });

    it("ends 1 and says what is found, what is allowed and what to do", () => {
      expect(run.status, run.stderr).to.equal(1);
      expect(run.stdout)
        .to.match(/mandatory {2}limits-stack-worst-case/)
        .and.to.match(/stack\.vcpu: found \d+(\.\d+)? vCPU \(sentiment-processor 40, .*allowed: at most 50 vCPU\./)
        .and.to.include("raise the stack's limits");
    });

    it("lets pass what is exempt, by name and with the reason, and not what was", () => {
      expect(run.stdout)
        .to.match(/exempt until 2999-12-31 {2}limits-service-worst-case {2}api-service: launch week/)
        .and.to.include("exemption of auth-service: found expired on 2020-01-31");
    });

    it("writes SARIF that code scanning takes", () => {
      const { version, runs } = JSON.parse(readFileSync(file("policy.sarif"), "utf8")) as {
        version: string;
        runs: {
          tool: { driver: { rules: { id: string }[] } };
          results: { ruleId: string; level: string; locations: { physicalLocation: object }[] }[];
        }[];
      };
      expect(version).to.equal("2.1.0");
      expect(runs[0]?.tool.driver.rules).to.have.length(rules.length);
      const results = runs[0]?.results ?? [];
      const ofLimits = results.filter(({ ruleId }) => ruleId.startsWith("limits-"));
      expect(ofLimits.map(({ ruleId, level }) => `${ruleId} ${level}`)).to.have.members([
        "limits-stack-worst-case error",
        "limits-service-worst-case warning",
      ]);
      for (const { locations } of results) {
        expect(locations[0]?.physicalLocation).to.deep.include({ artifactLocation: { uri: "Pulumi.dev.yaml" } });
      }
    });

    it("writes JUnit XML with a case for each rule", () => {
      const xml = readFileSync(file("policy.xml"), "utf8");
      expect(xml.match(/<testcase /g)).to.have.length(rules.length);
      expect(xml.match(/<failure /g)).to.have.length(1);
      expect(xml).to.include(`<testsuite name="dev.ecs" tests="${rules.length}" failures="1"`);
    });
  });

  const refused: readonly [what: string, config: object | string, args: readonly string[], sentence: RegExp][] = [
    ["a stack that there is not", {}, ["--stack", "staging"], /--stack: staging; allowed: dev, prod or all/],
    ["a target that there is not", {}, ["--target", "nomad"], /ecs, eks, kubernetes and all/],
    ["a file that is not there", "", ["--config", "nothing.json"], /nothing\.json: nothing/],
    ["a file that is no JSON", "{", [], /JSON/],
    ["a rule that there is not", { "ecs-task-netwrok": "mandatory" }, [], /rules that there are not: ecs-task-netwrok/],
    ["an exemption without a reason", exempting({ reason: "" }), [], /exemptions\.0\.reason: a reason/],
    ["an exemption without an end", exempting({ until: "some day" }), [], /exemptions\.0\.until: a day/],
  ];
  for (const [what, config, args, sentence] of refused) {
    it(`refuses ${what} with 2 and a sentence`, () => {
      writeFileSync(file("config.json"), typeof config === "string" ? config : JSON.stringify(config));
      const { status, stdout, stderr } = policy("--target", "ecs", "--config", file("config.json"), ...args);
      expect(status, stderr).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr)
        .to.match(sentence)
        .and.to.not.match(/^\s+at /m);
    });
  }
});

function exempting(change: object): object {
  const exemption = { resource: "api", reason: "by agreement", until: "2027-01-31", ...change };
  return { "ecs-task-network": { enforcementLevel: "mandatory", exemptions: [exemption] } };
}
