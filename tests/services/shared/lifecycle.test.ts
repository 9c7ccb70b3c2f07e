import { expect } from "chai";

import { createLifecycle } from "../../../services/shared/lifecycle.ts";
import { quiet } from "../support.ts";

describe("services/shared/lifecycle", () => {
  it("drains once, step by step, after telling that it does", async () => {
    const lifecycle = createLifecycle({ log: quiet });
    const order: string[] = [];
    lifecycle.draining.addEventListener("abort", () => order.push("draining"));
    lifecycle.onDrain("first", async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      order.push("first");
    });
    lifecycle.onDrain("second", () => void order.push("second"));
    const [once, again] = await Promise.all([lifecycle.drain("test"), lifecycle.drain("test")]);
    expect([once, again]).to.deep.equal([true, true]);
    expect(order).to.deep.equal(["draining", "first", "second"]);
  });

  it("goes on after a step that fails or hangs, and says that it was not clean", async () => {
    const lifecycle = createLifecycle({ log: quiet, stepTimeout: 20 });
    let reached = false;
    lifecycle.onDrain("fails", () => Promise.reject(new Error("no")));
    lifecycle.onDrain("hangs", () => new Promise(() => undefined));
    lifecycle.onDrain("last", () => void (reached = true));
    expect(await lifecycle.drain("test")).to.equal(false);
    expect(reached).to.equal(true);
  });
});
