import { expect } from "chai";
import { startProbes, type Probes } from "../../../../targets/local/runtime/probes.ts";
import { createTime } from "../../../../targets/local/time.ts";
import { PORT, probe } from "../fixtures/behaviours.ts";
import { startTarget, type HttpTarget } from "../fixtures/http-targets.ts";
import { until } from "../fixtures/until.ts";

describe("targets/local/runtime probes", () => {
  let target: HttpTarget | null = null;
  let probes: Probes | null = null;
  let health = 200;
  let readiness = 200;
  let dead: string[] = [];
  let asked = 0;

  afterEach(async () => {
    probes?.stop();
    await target?.close();
  });

  async function start(changes: { port?: number; scale?: number } = {}): Promise<Probes> {
    [health, readiness, asked] = [200, 200, 0];
    dead = [];
    target = await startTarget(
      "probed",
      (_request, response) => {
        asked += 1;
        response.writeHead(readiness).end();
      },
      () => health,
    );
    const port = changes.port ?? PORT;
    probes = startProbes({
      behaviour: { liveness: { ...probe("/health"), port }, readiness: probe("/ready"), startGrace: 60, ports: [PORT] },
      host: target.spec.host,
      port: target.spec.port,
      time: createTime(changes.scale ?? 60),
      onDead: (reason) => dead.push(reason),
    });
    return probes;
  }

  it("is ready after one success and not ready after the form's number of failures", async () => {
    const started = await start();
    await until(() => started.ready);
    readiness = 503;
    const before = asked;
    await until(() => !started.ready);
    expect(asked - before).to.be.within(3, 4);
    expect(started.problem).to.equal("/ready answered 503");
    readiness = 200;
    await until(() => started.ready);
    expect(dead).to.deep.equal([]);
  });

  it("tells once that it is dead, and asks no more", async () => {
    const started = await start();
    await until(() => started.ready);
    health = 500;
    await until(() => dead.length > 0);
    const before = asked;
    expect(started.ready).to.equal(false);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(asked).to.equal(before);
    expect(dead).to.deep.equal(["/health answered 500"]);
  });

  it("counts no failure during the grace, which the first success ends", async () => {
    const pending = start();
    readiness = 503;
    const started = await pending;
    [health, readiness] = [500, 503];
    await until(() => asked > 8);
    expect(dead).to.deep.equal([]);
    health = 200;
    readiness = 200;
    await until(() => started.ready);
    health = 500;
    await until(() => dead.length === 1);
  });

  it("fails a probe on a port that is not declared", async () => {
    const started = await start({ port: 3999 });
    await until(() => started.problem !== "");
    expect(started.problem).to.include("port 3999, which it does not declare");
    expect(started.ready).to.equal(false);
  });
});
