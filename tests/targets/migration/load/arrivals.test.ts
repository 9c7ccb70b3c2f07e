import { expect } from "chai";
import { startArrivals } from "../../../../targets/migration/load/arrivals.ts";
import { until } from "./exchange.ts";

describe("startArrivals", () => {
  it("goes on arriving while nothing is answered, sheds over the limit, and waits for those in flight", async () => {
    const release: (() => void)[] = [];
    const due: number[] = [];
    const arrivals = startArrivals({
      perSecond: 500,
      limit: 10,
      arrive: (dueAt) => {
        due.push(dueAt);
        return new Promise((resolve) => release.push(resolve));
      },
    });
    await until(() => arrivals.shed() > 5, "arrivals that are shed");
    expect(arrivals.inFlight()).to.equal(10);
    let stopped = false;
    const stop = arrivals.stop().then(() => (stopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).to.equal(false);
    for (const done of release) done();
    await stop;
    expect(arrivals.inFlight()).to.equal(0);
    // Evenly spaced by when they were due, whatever the timer did.
    for (const [index, at] of due.slice(1).entries()) expect(at - (due[index] ?? 0)).to.be.closeTo(2, 0.001);
  });

  it("sends nothing at a rate of 0, and refuses what is no rate", async () => {
    const arrivals = startArrivals({ perSecond: 0, limit: 1, arrive: () => Promise.reject(new Error("never")) });
    await arrivals.stop();
    for (const perSecond of [-1, Number.NaN]) {
      expect(() => startArrivals({ perSecond, limit: 1, arrive: () => Promise.resolve() })).to.throw(RangeError);
    }
  });
});
