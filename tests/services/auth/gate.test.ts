import { expect } from "chai";

import { createGate } from "../../../services/auth/gate.ts";
import { Problem } from "../../../services/shared/problem.ts";

describe("services/auth/gate", () => {
  it("never runs more than it may, and all that it took in", async () => {
    const gate = createGate({ running: 2, waiting: 50 });
    let inside = 0;
    let most = 0;
    const work = async (n: number) => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      return n;
    };
    const done = await Promise.all(Array.from({ length: 40 }, (_, n) => gate.run(() => work(n))));
    expect(done).to.deep.equal(Array.from({ length: 40 }, (_, n) => n));
    expect(most).to.equal(2);
  });

  it("refuses what would wait too long, with 503 and Retry-After, and goes on", async () => {
    const gate = createGate({ running: 1, waiting: 2 });
    const hold = Promise.withResolvers<string>();
    const accepted = [1, 2, 3].map(() => gate.run(() => hold.promise));
    const refused: unknown = await gate.run(() => hold.promise).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Problem);
    expect(refused).to.include({ status: 503 }).and.to.have.deep.property("headers", { "retry-after": "2" });
    hold.resolve("done");
    expect(await Promise.all(accepted)).to.deep.equal(["done", "done", "done"]);
    expect(await gate.run(() => Promise.resolve("later"))).to.equal("later");
  });

  it("gives a place back after a failure", async () => {
    const gate = createGate({ running: 1, waiting: 0 });
    for (let n = 0; n < 3; n += 1) {
      const error: unknown = await gate
        .run(() => Promise.reject(new Error("broken")))
        .catch((thrown: unknown) => thrown);
      expect(String(error)).to.equal("Error: broken");
    }
    expect(await gate.run(() => Promise.resolve(1))).to.equal(1);
  });
});
