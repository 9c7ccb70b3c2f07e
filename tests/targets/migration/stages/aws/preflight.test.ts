import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Problem } from "../../../../../platform/model/types.ts";
import {
  connectionProblems,
  connectionsOf,
  CONNECTIONS_OF_POOL,
  OTHER_POOLS,
} from "../../../../../targets/migration/stages/aws/preflight/database.ts";
import { runPreflight } from "../../../../../targets/migration/stages/aws/preflight/index.ts";
import { vcpuOf } from "../../../../../targets/migration/stages/aws/preflight/quotas.ts";
import type { AwsPorts } from "../../../../../targets/migration/stages/aws/ports.ts";
import { compileModel } from "../../../../../targets/stack.ts";
import { MODEL, ROOT, SETTINGS, worldOf } from "./support.ts";

const compiled = compileModel(MODEL, SETTINGS, ["ecs", "eks"]);
if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
const stack = compiled.value;

async function preflight(changes: Partial<AwsPorts> = {}, policies: readonly Problem[] = [], from = "ecs", to = "eks") {
  const lines: string[] = [];
  const ports = { ...worldOf().process().ports, ...changes };
  const problems = await runPreflight(
    { ...{ stack: "dev", from, to, compiled: stack }, policies: () => Promise.resolve(policies) },
    ports,
    (line) => lines.push(line),
  );
  return { problems, lines };
}

describe("the preflight on AWS", () => {
  it("finds nothing wrong with a stack that fits, and says what it costs and what it looked at", async () => {
    const { problems, lines } = await preflight();
    expect(problems).to.deep.equal([]);
    expect(lines.join("\n"))
      .to.match(/\$\d+\.\d\d an hour while both sides run, \$\d+\.\d\d before/)
      .and.contain("database: both sides open")
      .and.contain("images: ");
  });

  it("says which quota is short, with what is used, wanted and allowed", async () => {
    const wanted = vcpuOf("eks", MODEL, SETTINGS).get("g") ?? 0;
    expect(wanted).to.be.greaterThan(0);
    const quotas = {
      limit: (_service: string, code: string) => Promise.resolve(code === "L-DB2E81BA" ? 8 : 5000),
      used: () => Promise.resolve(4),
    };
    const { problems } = await preflight({ quotas });
    expect(problems).to.deep.equal([
      {
        code: "quota",
        path: "quotas.ec2.L-DB2E81BA",
        found: "8 vCPU (Running On-Demand G and VT instances)",
        allowed: `${4 + wanted}: 4 that are used and ${wanted} for eks at its most; Service Quotas takes the request`,
      },
    ]);
  });

  it("asks for Fargate's quota where green is on ECS: every replica at its most", () => {
    const most = MODEL.workloads
      .filter(({ compute }) => compute.on.pool === "general" && compute.purchase === "onDemand")
      .reduce((sum, each) => {
        const count = each.kind === "job" || "singleton" in each.scaling ? 1 : each.scaling.max;
        return sum + (count * each.compute.cpu) / 1024;
      }, 0);
    expect(vcpuOf("ecs", MODEL, SETTINGS).get("fargate")).to.equal(most);
    expect([...vcpuOf("eks", MODEL, SETTINGS).keys()]).to.not.include("fargate");
  });

  it("does not take a quota that AWS does not tell for one that is short", async () => {
    const { problems, lines } = await preflight({
      quotas: { limit: () => Promise.resolve(null), used: () => Promise.resolve(0) },
    });
    expect(problems).to.deep.equal([]);
    expect(lines.join("\n")).to.contain("AWS does not say");
  });

  it("names images that are not in the registry, and the service that wants each", async () => {
    const images = {
      missing: (all: readonly string[]) => Promise.resolve(all.filter((each) => each.includes("/api:"))),
    };
    const { problems } = await preflight({ images });
    expect(problems.map(({ code, path }) => `${code} ${path}`)).to.deep.equal([
      "image-missing services.api-service.image",
    ]);
  });

  it("finds brokers that cannot be reached, and stacks that are not there", async () => {
    const unreachable = await preflight({ brokers: () => Promise.reject(new Error("ETIMEDOUT")) });
    expect(unreachable.problems.map(({ code }) => code)).to.deep.equal(["brokers-unreachable"]);
    const nobody = await preflight({}, [], "eks", "ecs");
    expect(nobody.problems.map(({ code, found }) => `${code}: ${found}`)).to.deep.equal([
      "stacks: dev-eks does not run eks",
    ]);
  });

  it("hands on what the policies refuse", async () => {
    const problem = { code: "limits-gpu", path: "x", found: "8", allowed: "6" };
    expect((await preflight({}, [problem])).problems).to.deep.equal([problem]);
  });
});

describe("database connections of both sides", () => {
  const report = (): void => undefined;

  it("counts the pool of every replica that has one", () => {
    const { usual, most } = connectionsOf(MODEL);
    // api 3/20, auth 2/10, sentiment 2/10, alert 2/6, notification 2/6 of 20, ingestion 1, migrations 1.
    expect(usual).to.equal(10 * (3 + 2 + 2 + 2 + 1 + 1) + 20 * 2);
    expect(most).to.equal(10 * (20 + 10 + 10 + 6 + 1 + 1) + 20 * 6);
  });

  it("holds what both open as a rule against the proxy's share, and all that they may open where there is none", () => {
    // 4 GiB / 9,531,392 bytes are 450; the proxy has 90 % of them.
    const lines: string[] = [];
    expect(connectionProblems(MODEL, SETTINGS, (line) => lines.push(line))).to.deep.equal([]);
    expect(lines[0]).to.contain("a db.t4g.medium behind its proxy has 405");
    const [problem] = connectionProblems(MODEL, { ...SETTINGS, stores: "selfHosted" }, report);
    expect(problem).to.include({ code: "database-connections", found: "100 connections (a database of our own)" });
    expect(problem?.allowed).to.match(/^1200: 600 for each side/);
  });

  it("knows the pools that the services open", () => {
    const services = join(ROOT, "services");
    const usual = /max = (\d+)/.exec(readFileSync(join(services, "shared/postgres.ts"), "utf8"))?.[1];
    expect(Number(usual)).to.equal(CONNECTIONS_OF_POOL);
    const others = readdirSync(services, { withFileTypes: true }).flatMap((entry) => {
      if (
        !entry.isDirectory() ||
        entry.name === "shared" ||
        !readdirSync(join(services, entry.name)).includes("main.ts")
      )
        return [];
      const own = /createPool\(\{[^}]*\bmax: (\d+)/s.exec(
        readFileSync(join(services, entry.name, "main.ts"), "utf8"),
      )?.[1];
      const workload = MODEL.workloads.find(({ image }) => "build" in image && image.build === entry.name);
      return own === undefined || !workload ? [] : [[workload.name, Number(own)]];
    });
    expect(Object.fromEntries(others)).to.deep.equal(OTHER_POOLS);
  });
});
