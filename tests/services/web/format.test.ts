import { expect } from "chai";
import { ago, clock, mood, percent, price, score, span } from "../../../services/web/src/format.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");

describe("web: how numbers and times are shown", () => {
  it("shows a price with as many digits as its size needs", () => {
    expect(price("64012.554", "en")).to.equal("64,012.55");
    expect(price("2.19344", "en")).to.equal("2.1934");
    expect(price("0.00001234", "en")).to.equal("0.00001234");
    expect(price("0", "en")).to.equal("0.00");
  });

  it("keeps the digits of a price when only its value changes, so that the column stands still", () => {
    expect(price("142.8", "en")).to.have.lengthOf(price("142.871", "en").length);
    expect(price("18.4", "en")).to.have.lengthOf(price("18.4421", "en").length);
  });

  it("shows a dash for what is not there or no number", () => {
    expect([price(undefined), price("x"), percent(undefined), percent(Number.NaN), score(undefined)]).to.deep.equal(
      Array.from({ length: 5 }, () => "–"),
    );
    expect(clock("yesterday", NOW)).to.equal("–");
    expect(ago("yesterday", NOW)).to.equal("–");
  });

  it("gives rising and falling their signs, and standing still none", () => {
    expect(percent(3.456, "en")).to.equal("+3.46 %");
    expect(percent(-0.5, "en")).to.equal("−0.50 %");
    expect(percent(0, "en")).to.equal("0.00 %");
    expect(score(-0.174, "en")).to.equal("−0.17");
  });

  it("calls a mean good or bad from 0.15 on", () => {
    expect([0.15, 0.149, 0, -0.149, -0.15].map(mood)).to.deep.equal(["good", "mixed", "mixed", "mixed", "bad"]);
  });

  it("says spans and ages in units that are read at a glance", () => {
    expect([0, 90, 300, 3_600, 90_061].map(span)).to.deep.equal(["0 s", "1 min 30 s", "5 min", "1 h", "1 d 1 h"]);
    const before = (seconds: number) => ago(new Date(NOW - seconds * 1000).toISOString(), NOW);
    expect([0, 4, 5, 59, 60, 7_200, 200_000].map(before)).to.deep.equal([
      "now",
      "now",
      "5 s ago",
      "59 s ago",
      "1 min ago",
      "2 h ago",
      "2 d ago",
    ]);
  });

  it("never says that something lies in the future, whatever the two clocks say", () => {
    expect(ago(new Date(NOW + 60_000).toISOString(), NOW)).to.equal("now");
  });
});
