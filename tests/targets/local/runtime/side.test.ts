import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Behaviour } from "../../../../platform/model/behaviour.ts";
import { faultNamed } from "../../../../targets/local/faults/index.ts";
import { startRouter, type Router } from "../../../../targets/local/router/index.ts";
import { createSide, type Side, type SideOptions } from "../../../../targets/local/runtime/index.ts";
import { entryOf, once, time, web } from "../fixtures/behaviours.ts";
import { isRunning } from "../fixtures/until.ts";

describe("targets/local/runtime side", function () {
  this.timeout(60_000);
  let router: Router;
  let side: Side;
  let folder: string;
  let lines: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "side-test-"));
    router = await startRouter({ idleTimeout: 60, time });
    lines = [];
  });
  afterEach(async () => {
    const pids = Object.values(side.describe().workloads).flatMap(({ replicas }) => replicas.map(({ pid }) => pid));
    await side.stop();
    await side.stop();
    await router.close();
    await rm(folder, { recursive: true });
    expect(pids.filter(isRunning)).to.deep.equal([]);
  });

  function create(behaviours: readonly Behaviour[], changes: Partial<SideOptions> = {}): Side {
    side = createSide({
      name: "ecs",
      behaviours,
      time,
      router,
      entryOf,
      fill: (text) => text,
      secret: () => "postgres://user:right@127.0.0.1:5432/db",
      report: (line) => lines.push(line),
      ...changes,
    });
    return side;
  }
  const job = (env: Record<string, string>): Behaviour =>
    once({ env: { ATTEMPTS_FILE: join(folder, "attempts"), ...env } });

  it("runs jobs first, then every workload with the smaller of what it wants and two", async () => {
    const many = web({ scaling: { min: 3, max: 9, targets: {}, outCooldown: 60, inCooldown: 300 }, initialCount: 3 });
    const single = web({ name: "single", initialCount: 1, routes: [] });
    const scheduled = once({
      name: "report",
      job: { trigger: "schedule:0 3 * * *", attempts: 1, deadline: null, maxParallel: 1 },
    });
    const missing = web({ name: "sentiment-processor", image: "x/sentiment:1" });
    await create([many, single, scheduled, missing, job({ FAILURES: "1" })]).up();
    expect((await readFile(join(folder, "attempts"), "utf8")).length).to.equal(2);
    const { workloads, notStarted, notBuilt } = side.describe();
    expect(workloads["web-service"]).to.include({ desired: 2, ready: 2 });
    expect(workloads["single"]).to.include({ desired: 1, ready: 1 });
    expect(notStarted).to.deep.equal({ report: "schedule:0 3 * * *" });
    expect(notBuilt).to.deep.equal(["sentiment-processor"]);
    expect(side.groups()).to.deep.equal([{ workload: "web-service", group: "ecs-web-service", routes: ["/*"] }]);
    expect(router.describeHealth("ecs-web-service").map(({ state }) => state)).to.deep.equal(["healthy", "healthy"]);
  });

  it("starts nothing when a job before the rollout fails on every attempt", async () => {
    const failure = await create([web(), job({ FAILURES: "9" })])
      .up()
      .catch(String);
    expect(failure).to.include("migrations: the job failed: exit code 1; its last line: not yet");
    expect((await readFile(join(folder, "attempts"), "utf8")).length).to.equal(3);
    expect(side.describe().workloads).to.deep.equal({});
  });

  it("stops while a job is under way", async () => {
    create([web(), job({ HANG: "1" })]);
    const up = side.up().catch(String);
    while (!(await readFile(join(folder, "attempts"), "utf8").catch(() => ""))) await new Promise(setImmediate);
    await side.stop();
    expect(await up).to.include("stopped");
  });

  it("balances calls between services over the ready replicas, and a drained replica loses none", async () => {
    const caller = web({
      name: "caller",
      initialCount: 1,
      routes: [],
      env: { CALLEE_URL: "workload://web-service:3001" },
    });
    await create([web(), caller]).up();
    const [replica] = side.describe().workloads["caller"]?.replicas ?? [];
    const own: unknown = await (await fetch(`http://127.0.0.1:${replica?.port ?? 0}/`)).json();
    const env: unknown = own instanceof Object && "env" in own ? own.env : null;
    const url = env instanceof Object && "CALLEE_URL" in env ? String(env.CALLEE_URL) : "";
    const pids = new Set<number>();
    const over = new AbortController();
    const load = (async () => {
      while (!over.signal.aborted) {
        const response = await fetch(url);
        expect(response.status).to.equal(200);
        const body: unknown = await response.json();
        if (body instanceof Object && "pid" in body) pids.add(Number(body.pid));
      }
    })();
    await side.rollout("web-service", web({ env: { VERSION: "2" } }));
    over.abort();
    await load;
    expect(pids.size).to.be.at.least(2);
  });

  it("refuses a call to a port that the callee does not listen on", async () => {
    const caller = web({ name: "caller", env: { CALLEE_URL: "workload://web-service:3999" } });
    const failure = await create([web(), caller]).up().catch(String);
    expect(failure).to.include("caller: it calls web-service on port 3999, which listens on 3001");
  });

  it("keeps a target group that a rule still names, and lets go of it otherwise", async () => {
    await create([web({ initialCount: 1 })]).up();
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "ecs-web-service", weight: 0 }] });
    await side.stop();
    expect(router.describeHealth("ecs-web-service")).to.deep.equal([]);
  });

  it("is harmed by a fault where it says, jobs apart", async () => {
    const crash = faultNamed("crash-on-boot");
    const faults = crash ? [crash] : [];
    const failure = await create([web(), job({})], { faults })
      .up()
      .catch(String);
    expect(failure).to.match(/web-service: 3 starts failed in a row: it ended \(exit code 1\).*crash-on-boot/);
    expect(lines).to.include("migrations: done");
  });

  it("gives wrong passwords under the fault wrong-secret", async () => {
    const wrong = faultNamed("wrong-secret");
    const secrets = { DATABASE_URL: { secret: "database-url", key: "url" } };
    await create([web({ initialCount: 1, secrets })], { faults: wrong ? [wrong] : [] }).up();
    const [replica] = side.describe().workloads["web-service"]?.replicas ?? [];
    const body = await (await fetch(`http://127.0.0.1:${replica?.port ?? 0}/`)).text();
    expect(body).to.include("postgres://user:wrong@127.0.0.1:5432/db");
  });
});
