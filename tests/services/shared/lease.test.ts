import { expect } from "chai";

import { competeForLease, type LeaseStore, type Tenure } from "../../../services/shared/lease.ts";
import { createLeaseStore } from "../../../services/shared/lease-postgres.ts";
import { type Database, freshDatabase, needs, quiet, until } from "../support.ts";

/** The database's side, with its own idea of when the lease runs out. */
function fakeStore(renew: LeaseStore["renew"] = () => Promise.resolve(true)) {
  const calls = { released: 0, expiry: 0 };
  const store: LeaseStore = {
    acquire: async (_name, _holder, seconds) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      calls.expiry = performance.now() + seconds * 1000;
      return 1;
    },
    renew,
    release: () => {
      calls.released += 1;
      return Promise.resolve();
    },
  };
  return { store, calls };
}

function compete(store: LeaseStore, seconds: number, holder = "me", whileOwner?: (tenure: Tenure) => Promise<void>) {
  const stopping = new AbortController();
  const lost = Promise.withResolvers<{ tenure: Tenure; at: number }>();
  const owner = Promise.withResolvers<Tenure>();
  const done = competeForLease({
    name: "test",
    holder,
    seconds,
    store,
    log: quiet,
    signal: stopping.signal,
    poll: 10,
    whileOwner: async (tenure) => {
      owner.resolve(tenure);
      await new Promise<void>((resolve) => tenure.lost.addEventListener("abort", () => resolve(), { once: true }));
      lost.resolve({ tenure, at: performance.now() });
      await whileOwner?.(tenure);
    },
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await done;
  };
  return { owner: owner.promise, lost: lost.promise, stop };
}

describe("services/shared/lease", () => {
  it("stops an owner that can't renew before the database lets another one in", async () => {
    for (const renew of [() => Promise.reject(new Error("away")), () => new Promise<boolean>(() => undefined)]) {
      const { store, calls } = fakeStore(renew);
      const { lost, stop } = compete(store, 0.3);
      const { tenure, at } = await lost;
      expect(at).to.be.lessThan(calls.expiry);
      expect(tenure.valid()).to.equal(false);
      await stop();
    }
  });

  it("stops an owner at once when its row has another holder", async () => {
    const { store } = fakeStore(() => Promise.resolve(false));
    const { lost, stop } = compete(store, 0.15);
    expect((await lost).tenure.valid()).to.equal(false);
    await stop();
  });

  it("goes on for as long as it renews, and releases when it stops", async () => {
    let renewals = 0;
    const { store, calls } = fakeStore(() => Promise.resolve(++renewals > 0));
    const { owner, stop } = compete(store, 0.06);
    const tenure = await owner;
    await until(() => renewals >= 6);
    expect(tenure.valid()).to.equal(true);
    await stop();
    expect(calls.released).to.equal(1);
  });

  describe("on Postgres", () => {
    let database: Database;
    before(async function () {
      database = await freshDatabase(needs(this, "DATABASE_URL"));
    });
    after(async () => {
      await (database as Database | undefined)?.drop();
    });

    it("has one owner, a rising fence, and refuses an outdated one", async () => {
      const store = createLeaseStore(database.pool);
      const tries = await Promise.all(["a", "b", "c", "d"].map((holder) => store.acquire("one", holder, 30)));
      expect(tries.filter((fence) => fence !== undefined)).to.deep.equal([1]);
      const holder = ["a", "b", "c", "d"][tries.indexOf(1)] ?? "";
      expect(await store.renew("one", holder, 1, 30)).to.equal(true);
      expect(await store.renew("one", "other", 1, 30)).to.equal(false);
      await store.release("one", "other", 1);
      expect(await store.acquire("one", "e", 30)).to.equal(undefined);
      await store.release("one", holder, 1);
      expect(await store.renew("one", holder, 1, 30)).to.equal(false);
      expect(await store.acquire("one", "e", 30)).to.equal(2);
    });

    it("is taken over when it runs out", async () => {
      const store = createLeaseStore(database.pool);
      expect(await store.acquire("two", "a", 0.05)).to.equal(1);
      await until(async () => (await store.acquire("two", "b", 30)) === 2);
      expect(await store.renew("two", "a", 1, 30)).to.equal(false);
    });

    it("never has two owners at a time, and hands over on release", async () => {
      const store = createLeaseStore(database.pool);
      const contenders = ["a", "b"].map((holder) => compete(store, 5, holder));
      const first = await Promise.race(contenders.map(async (c, i) => ({ i, tenure: await c.owner })));
      const other = contenders[1 - first.i];
      await contenders[first.i]?.stop();
      const second = await other?.owner;
      expect(first.tenure.valid()).to.equal(false);
      expect(second?.fence).to.equal(first.tenure.fence + 1);
      await other?.stop();
    });
  });
});
