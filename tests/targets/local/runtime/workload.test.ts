import { expect } from "chai";
import type { Behaviour } from "../../../../platform/model/behaviour.ts";
import { startRouter, type Router } from "../../../../targets/local/router/index.ts";
import { startReplica, type Replica } from "../../../../targets/local/runtime/replica.ts";
import { trafficOf } from "../../../../targets/local/runtime/traffic.ts";
import { createWorkload, type WorkloadController } from "../../../../targets/local/runtime/workload.ts";
import { groupSpec } from "../../../../targets/local/runtime/groups.ts";
import { entryOf, time, web } from "../fixtures/behaviours.ts";
import { isRunning, until } from "../fixtures/until.ts";

const resolvers = { fill: (text: string) => text, secret: () => "", localUrl: () => "" };

describe("targets/local/runtime workload", function () {
  this.timeout(60_000);
  let router: Router;
  let controller: WorkloadController;
  const replicas: Replica[] = [];

  beforeEach(async () => {
    router = await startRouter({ idleTimeout: 60, time });
  });
  afterEach(async () => {
    await controller.stop();
    await router.close();
    expect(replicas.splice(0).filter(({ pid }) => isRunning(pid))).to.deep.equal([]);
  });

  function create(behaviour: Behaviour, patience = 20_000): WorkloadController {
    router.addGroup(groupSpec("web", behaviour));
    router.addRule({ priority: 1, paths: ["*"], forward: [{ group: "web", weight: 1 }] });
    controller = createWorkload({
      behaviour,
      time,
      traffic: trafficOf([{ router, group: "web" }]),
      patience,
      report: () => undefined,
      start: async (form) => {
        const replica = await startReplica({
          id: `web-${replicas.length}`,
          behaviour: form,
          time,
          entryOf,
          ...resolvers,
        });
        replicas.push(replica);
        return replica;
      },
    });
    return controller;
  }
  async function version(): Promise<string> {
    const body: unknown = await (await fetch(router.url)).json();
    return body instanceof Object && "version" in body ? String(body.version) : "";
  }

  it("becomes steady, scales out and in, and to nothing", async () => {
    const workload = create(web());
    await workload.scale(1);
    expect(workload.describe()).to.include({ desired: 1, running: 1, ready: 1, restarts: 0 });
    const [first] = workload.describe().replicas;
    await workload.scale(2);
    expect(router.describeHealth("web").filter(({ state }) => state === "healthy")).to.have.length(2);
    await workload.scale(1);
    expect(workload.describe().replicas.map(({ id }) => id)).to.deep.equal([first?.id]);
    await workload.scale(0);
    expect(workload.describe()).to.include({ desired: 0, running: 0, ready: 0 });
  });

  it("replaces a replica that was killed, and one that is not alive any more", async () => {
    const workload = create(web());
    await workload.scale(2);
    await workload.kill(0);
    await until(() => workload.describe().restarts === 1 && workload.describe().ready === 2);
    const sick = workload.describe().replicas[0];
    await fetch(`http://127.0.0.1:${sick?.port ?? 0}/unhealthy`);
    await until(() => workload.describe().restarts === 2 && workload.describe().ready === 2);
    expect(workload.describe().replicas.map(({ id }) => id)).not.to.include(sick?.id);
    await until(() => workload.describe().running === 2);
  });

  it("takes the traffic from a replica that is not ready, and leaves it running", async () => {
    const workload = create(web());
    await workload.scale(2);
    const [shy, other] = workload.describe().replicas;
    await fetch(`http://127.0.0.1:${shy?.port ?? 0}/unready`);
    await until(
      () => workload.describe().ready === 1 && router.describeHealth("web").some(({ state }) => state === "unhealthy"),
    );
    for (let i = 0; i < 4; i += 1) expect(await (await fetch(router.url)).json()).to.have.property("pid", other?.pid);
    expect(workload.describe()).to.include({ running: 2, restarts: 0 });
  });

  for (const step of [
    { count: 2, atLeast: 2, atMost: 3 },
    { count: 2, atLeast: 1, atMost: 2 },
    { count: 2, atLeast: 0, atMost: 2 },
  ])
    it(`rolls a new version in, at least ${step.atLeast} ready, at most ${step.atMost} running, no request lost`, async () => {
      const workload = create(web({ rollout: [step] }));
      await workload.scale(2);
      const seen = { least: Infinity, most: 0 };
      const answers: number[] = [];
      const over = new AbortController();
      const sampler = setInterval(() => {
        const { ready, running } = workload.describe();
        seen.least = Math.min(seen.least, ready);
        seen.most = Math.max(seen.most, running);
      }, 2);
      const load = (async () => {
        while (!over.signal.aborted) answers.push((await fetch(router.url)).status);
      })();
      await workload.rollout(web({ rollout: [step], env: { VERSION: "2" } }));
      over.abort();
      clearInterval(sampler);
      await load;
      expect(seen.least).to.be.at.least(step.atLeast);
      expect(seen.most).to.be.at.most(step.atMost);
      expect(await version()).to.equal("2");
      expect(workload.describe()).to.include({ running: 2, ready: 2, restarts: 0 });
      // with nothing to keep there is nobody to answer for a moment
      if (step.atLeast > 0) expect(new Set(answers)).to.deep.equal(new Set([200]));
    });

  it("gives up after failed starts in a row, naming the exit and the last line", async () => {
    const failure = await create(web({ env: { CRASH: "no luck" } }))
      .scale(2)
      .catch(String);
    expect(failure).to.match(/web-service: 3 starts failed in a row: it ended \(exit code 3\).*no luck/);
    expect(replicas.length).to.be.within(3, 4);
  });

  it("gives up on one that never gets ready, naming what its probe says", async () => {
    const workload = create(web({ env: { UNREADY: "1" } }), 1500);
    const failure = await workload.scale(1).catch(String);
    expect(failure).to.match(/not steady within 1.5 s: web-0: \/ready answered 503; its last line: .*listening/);
  });

  it("goes back by itself when a new version fails, and the old one answers all the time", async () => {
    const workload = create(web());
    await workload.scale(2);
    const before = workload.describe().replicas;
    const failure = await workload.rollout(web({ env: { VERSION: "2", CRASH: "bad build" } })).catch(String);
    expect(failure).to.include("the rollout failed and was rolled back: 3 starts failed in a row");
    expect(workload.describe().replicas).to.deep.equal(before);
    expect(await version()).to.equal("1");
  });

  it("stays halted where the form does not go back by itself, the old version still there", async () => {
    const workload = create(web({ rollsBack: false }));
    await workload.scale(2);
    const failure = await workload.rollout(web({ rollsBack: false, env: { CRASH: "bad build" } })).catch(String);
    expect(failure).to.include("web-service: 3 starts failed");
    expect(workload.describe().ready).to.equal(2);
    expect(await version()).to.equal("1");
  });

  it("restarts for ever what was steady once", async () => {
    const workload = create(web());
    await workload.scale(1);
    for (let restarts = 1; restarts <= 4; restarts += 1) {
      await workload.kill(0);
      await until(() => workload.describe().restarts === restarts && workload.describe().ready === 1);
    }
  });
});
