/** What each strike does with what it gets, and that it says so when what must follow does not. */
import { expect } from "chai";
import { faultNamed, type Premises } from "../../../../targets/local/faults/index.ts";

interface World {
  readonly did: string[];
  readonly premises: Premises;
}

function world(changes: Partial<Premises> = {}): World {
  const did: string[] = [];
  const note = (what: string): Promise<void> => {
    did.push(what);
    return Promise.resolve();
  };
  let aside = 0;
  let fence = 1;
  return {
    did,
    premises: {
      dataPlane: {
        kill: (component) => note(`kill ${component}`),
        restart: (component) => note(`restart ${component}`),
      },
      router: { crash: () => note("crash"), recover: () => note("recover") },
      scale: (side, workload, count) => note(`${side} ${workload} ${count}`),
      killReplica: (side, workload) => {
        fence = 2;
        return note(`kill ${side} ${workload}`);
      },
      publish: (topic, values) => {
        aside += values.length;
        return note(`publish ${values.length} to ${topic}`);
      },
      messages: () => Promise.resolve(aside),
      leaseHolder: () => Promise.resolve({ holder: `holder ${fence}`, fence }),
      report: () => undefined,
      signal: new AbortController().signal,
      ...changes,
    },
  };
}

async function strike(name: string, { premises }: World): Promise<string> {
  const found = faultNamed(name)?.strike;
  if (!found) return "no such strike";
  return found.run(premises).then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : ""),
  );
}

describe("targets/local/faults, strikes", function () {
  this.timeout(60_000);

  for (const component of ["postgres", "redis", "kafka"]) {
    it(`${component}-killed kills it and brings it back`, async () => {
      const it = world();
      expect(await strike(`${component}-killed`, it)).to.equal("");
      expect(it.did).to.deep.equal([`kill ${component}`, `restart ${component}`]);
    });
  }

  it("router-crash takes the load balancer away and brings it back", async () => {
    const it = world();
    expect(await strike("router-crash", it)).to.equal("");
    expect(it.did).to.deep.equal(["crash", "recover"]);
  });

  it("poison waits until every message was put aside", async () => {
    const it = world();
    expect(await strike("poison", it)).to.equal("");
    expect(it.did).to.deep.equal(["publish 3 to prices"]);
  });

  it("poison that nobody puts aside is told", async () => {
    expect(await strike("poison", world({ messages: () => Promise.resolve(0) }))).to.equal(
      "0 of 3 poison messages were put aside.",
    );
  });

  it("two-leaders runs both, kills both, and waits for the next fence", async () => {
    const it = world();
    expect(await strike("two-leaders", it)).to.equal("");
    const worker = "data-ingestion-service";
    expect(it.did).to.deep.equal([`old ${worker} 1`, `kill new ${worker}`, `kill old ${worker}`, `old ${worker} 0`]);
  });

  it("two-leaders that both hold the lease are told", async () => {
    let asked = 0;
    const it = world({ leaseHolder: () => Promise.resolve({ holder: String(asked++ % 2), fence: 1 }) });
    expect(await strike("two-leaders", it)).to.equal("feed-coinbase had 2 holders while nobody died.");
  });

  it("a strike that is interrupted ends", async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await strike("redis-killed", world({ signal: stop.signal }))).to.match(/aborted/);
  });
});
