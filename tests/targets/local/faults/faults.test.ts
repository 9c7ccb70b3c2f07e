import { expect } from "chai";
import { faultNamed, faults, wrongPassword } from "../../../../targets/local/faults/index.ts";
import { startReplica, type Replica } from "../../../../targets/local/runtime/replica.ts";
import { entryOf, time, web } from "../fixtures/behaviours.ts";
import { until } from "../fixtures/until.ts";

describe("targets/local/faults", () => {
  let replica: Replica | null = null;
  afterEach(async () => {
    await replica?.kill();
    replica = null;
  });

  async function start(fault: string): Promise<string> {
    const started = await startReplica({
      id: fault,
      behaviour: web(),
      time,
      entryOf,
      preload: [faultNamed(fault)?.preload ?? ""],
      fill: (text) => text,
      secret: () => "",
      localUrl: () => "",
    });
    replica = started;
    await until(() => started.logs().some((line) => line.includes("listening")));
    return `http://127.0.0.1:${started.port ?? 0}`;
  }

  it("have unique names and a sentence each", () => {
    expect(faults.map(({ name }) => name)).to.deep.equal(["crash-on-boot", "slow", "errors", "wrong-secret"]);
    for (const { what } of faults) expect(what).to.match(/^[A-Z0-9].*\.$/);
    expect(faultNamed("other")).to.equal(null);
  });

  it("errors: 1 in 20 requests is a problem document, probes are not counted", async () => {
    const url = await start("errors");
    const statuses: number[] = [];
    for (let i = 0; i < 60; i += 1) {
      await fetch(`${url}/health`);
      const response = await fetch(url);
      if (response.status === 500) expect(response.headers.get("content-type")).to.equal("application/problem+json");
      statuses.push(response.status);
    }
    expect(statuses.filter((status) => status === 500)).to.have.length(3);
    expect(statuses[19]).to.equal(500);
  });

  it("slow: everything but a probe waits", async () => {
    const url = await start("slow");
    const timed = async (path: string): Promise<number> => {
      const since = performance.now();
      expect((await fetch(url + path)).status).to.equal(200);
      return performance.now() - since;
    };
    await timed("/health");
    const [probe, request] = [await timed("/ready"), await timed("/prices")];
    expect(request - probe).to.be.at.least(300);
  });

  it("wrong-secret: only passwords inside URLs change", () => {
    expect(wrongPassword("postgres://u:p@h:5432/d?x=1")).to.equal("postgres://u:wrong@h:5432/d?x=1");
    expect(wrongPassword("redis://h:6379")).to.equal("redis://h:6379");
    expect(wrongPassword("an api key")).to.equal("an api key");
  });
});
