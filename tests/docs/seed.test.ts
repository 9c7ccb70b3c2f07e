/** docs/seed.md: every noun of the analysis has its file and its resource, in the graph that the program registers. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { runProgram } from "../program/support/run.ts";
import type { Run } from "../program/support/types.ts";
import { ROOT } from "../support/stacks.ts";

interface Row {
  readonly noun: string;
  readonly file: string;
  readonly resources: readonly string[];
}

const rows: readonly Row[] = readFileSync(join(ROOT, "docs/seed.md"), "utf8")
  .split("\n")
  .flatMap((line) => {
    const [, noun = "", file = "", resources = ""] = line.split("|").map((cell) => cell.trim());
    const path = /^`([^`]+)`$/.exec(file)?.[1];
    return path === undefined
      ? []
      : [{ noun, file: path, resources: [...resources.matchAll(/`([^`]+)`/g)].map(([, one = ""]) => one) }];
  });

/** Services, sizes and managed services that the analysis names in its own words, each in some row. */
const NOUNS = [
  "api-service",
  "sentiment-processor",
  "websocket-service",
  "auth",
  "notifications",
  "dataIngestion",
  "preprocessing",
  "alerting",
  "mlInference",
  "modelTraining",
  "web",
  "RDS PostgreSQL",
  "ElastiCache Redis",
  "MSK",
  "CloudFront",
  "API Gateway",
  "SQS/SNS",
  "Cloud Map",
  "Load Balancer",
  "NACLs",
  "Placement groups",
  "Route 53",
  "keep-alive",
  "Container Insights",
  "X-Ray",
  "CloudWatch Logs",
  "Alarms",
  "Dashboards",
  "Multi-AZ",
  "Secrets Manager",
  "cooldowns",
  "Auto Scaling groups",
];

describe("docs/seed.md", function () {
  this.timeout(120_000);
  const runs = new Map<string, Run>();

  before(async () => {
    for (const stack of ["dev", "prod"])
      runs.set(stack, await runProgram(stack, { config: { "cryptotracker:target": "ecs" } }));
  });

  it("has a row for each noun", () => {
    const text = rows.map(({ noun }) => noun).join("\n");
    expect(NOUNS.filter((noun) => !text.includes(noun))).to.deep.equal([]);
  });

  for (const { noun, file, resources } of rows) {
    it(`${noun}: ${file}`, () => {
      expect(existsSync(join(ROOT, file)), file).to.equal(true);
      expect(resources).to.have.length.greaterThan(0);
      for (const resource of resources) {
        const [, only, type = "", name = "", wanted = ""] =
          /^(?:(dev|prod): )?(\S+) (\S+)((?: \S+=\S+)*)$/.exec(resource) ?? [];
        expect(type, `a resource as the table writes it: ${resource}`).to.not.equal("");
        for (const [stack, { resources: registered }] of runs) {
          if (only !== undefined && only !== stack) continue;
          const found = registered.find((each) => each.type === type && each.name === name);
          expect(found, `${resource} in ${stack}`).to.not.equal(undefined);
          for (const pair of wanted.trim().split(" ").filter(Boolean)) {
            const [key = "", value = ""] = pair.split("=");
            expect(String(found?.inputs[key]), `${pair} of ${resource} in ${stack}`).to.equal(value);
          }
        }
      }
    });
  }
});
