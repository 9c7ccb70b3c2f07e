import { expect } from "chai";
import { faultNamed, faults, wrongPassword } from "../../../../targets/local/faults/index.ts";
import { residentMemory } from "../../../../targets/local/runtime/memory.ts";
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
    const names = faults.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.include.members(["crash-on-boot", "slow", "errors", "wrong-secret", "killed"]);
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

  it("slow-under-load: late only from so many requests a second on", async () => {
    const url = await start("slow-under-load");
    const slowest = async (requests: number): Promise<number> => {
      const times = await Promise.all(
        Array.from({ length: requests }, async () => {
          const since = performance.now();
          await (await fetch(url)).text();
          return performance.now() - since;
        }),
      );
      return Math.max(...times);
    };
    expect(await slowest(20)).to.be.below(400);
    expect(await slowest(150)).to.be.at.least(400);
  });

  it("leak: every request leaves as much memory behind as it says, a probe nothing", async () => {
    const url = await start("leak");
    const held = async (): Promise<number> => (await residentMemory(replica?.pid ?? 0)) ?? 0;
    await fetch(url);
    const before = await held();
    for (let i = 0; i < 30; i += 1) await fetch(`${url}/health`);
    const between = await held();
    for (let i = 0; i < 30; i += 1) await fetch(url);
    expect(between - before).to.be.below(45);
    expect((await held()) - between).to.be.at.least(80);
  });

  it("wrong-secret: only passwords inside URLs change", () => {
    expect(wrongPassword("postgres://u:p@h:5432/d?x=1")).to.equal("postgres://u:wrong@h:5432/d?x=1");
    expect(wrongPassword("redis://h:6379")).to.equal("redis://h:6379");
    expect(wrongPassword("an api key")).to.equal("an api key");
  });
});
