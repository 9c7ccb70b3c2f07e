import { expect } from "chai";

import { resemblance, signature, wordsOf } from "../../../services/preprocessing/min-hash.ts";
import { createNearDuplicates } from "../../../services/preprocessing/near-duplicates.ts";

const at = (second: number): string => new Date(Date.UTC(2026, 10, 24) + second * 1000).toISOString();
const LONG = "Bitcoin miners sold more coins this month than in any other since the last halving, says a new report";

describe("services/preprocessing/min-hash", () => {
  it("estimates the share of common word sequences", () => {
    const words = Array.from({ length: 200 }, (_, i) => `w${String.fromCharCode(97 + (i % 26), 97 + (i % 25))}`);
    const half = [...words.slice(0, 100), ...words.slice(100).map((word) => `${word}x`)];
    const sequences = (all: readonly string[]): Set<string> =>
      new Set(all.slice(2).map((_, i) => all.slice(i, i + 3).join(" ")));
    const [a, b] = [sequences(words), sequences(half)];
    const common = [...a].filter((sequence) => b.has(sequence)).length;
    const exact = common / (a.size + b.size - common);
    expect(exact).to.be.within(0.3, 0.4);
    expect(resemblance(signature(words), signature(half))).to.be.closeTo(exact, 3 / 16);
    expect(resemblance(signature(words), signature(words))).to.equal(1);
  });

  it("compares words alone: case, numbers and emoji are what copies differ in", () => {
    expect(wordsOf("BTC hits 100,000 🚀 NOW!")).to.deep.equal(["btc", "hits", "now"]);
  });
});

describe("services/preprocessing/near-duplicates", () => {
  it("catches a copy with a word changed, by whomever, and lets another text pass", () => {
    const { seen } = createNearDuplicates();
    expect(seen({ id: "reddit:1", author: "a", text: LONG, receivedAt: at(0) })).to.equal(false);
    expect(seen({ id: "reddit:2", author: "b", text: `${LONG.toUpperCase()}! 🚀 42`, receivedAt: at(1) })).to.equal(
      true,
    );
    expect(
      seen({ id: "reddit:3", author: "c", text: LONG.replace("new report", "new study"), receivedAt: at(2) }),
    ).to.equal(true);
    const other =
      "Ether outflows from exchanges were the highest of the year, and nobody seems to know the reason for it";
    expect(seen({ id: "reddit:4", author: "a", text: other, receivedAt: at(3) })).to.equal(false);
  });

  it("takes a short text for a copy only from the same author", () => {
    const { seen } = createNearDuplicates();
    expect(seen({ id: "reddit:1", author: "a", text: "BTC to the moon", receivedAt: at(0) })).to.equal(false);
    expect(seen({ id: "reddit:2", author: "b", text: "btc to the moon!", receivedAt: at(1) })).to.equal(false);
    expect(seen({ id: "reddit:3", author: "a", text: "btc to the moon!", receivedAt: at(2) })).to.equal(true);
  });

  it("does not take a post for a copy of itself: a batch that is handled again loses nothing", () => {
    const { seen, size } = createNearDuplicates();
    for (let i = 0; i < 3; i += 1) {
      expect(seen({ id: "reddit:1", author: "a", text: LONG, receivedAt: at(0) })).to.equal(false);
      expect(seen({ id: "reddit:2", author: "b", text: LONG, receivedAt: at(1) })).to.equal(true);
    }
    expect(size()).to.equal(1);
  });

  it("forgets by age and by number, so that its memory has a bound", () => {
    const window = { posts: 100, milliseconds: 60_000 };
    const { seen, size } = createNearDuplicates(window);
    const text = (i: number): string => `${LONG} ${"xyz".repeat(i + 1)} ${"zyx".repeat(i + 1)}`;
    const letters = (i: number): string =>
      Array.from(
        { length: 12 },
        (_, n) => String.fromCharCode(97 + ((i * 7 + n * i) % 26)).repeat(2 + (i % 17)) + "q".repeat(n),
      ).join(" ");
    for (let i = 0; i < 500; i += 1)
      seen({ id: `reddit:${i}`, author: "a", text: letters(i), receivedAt: at(i / 100) });
    expect(size()).to.be.within(90, 100);
    expect(seen({ id: "reddit:x", author: "a", text: text(0), receivedAt: at(100) })).to.equal(false);
    expect(size(), "all that were older than a minute are gone").to.equal(1);
    expect(seen({ id: "reddit:y", author: "b", text: text(0), receivedAt: at(120) })).to.equal(true);
    expect(seen({ id: "reddit:z", author: "b", text: text(0), receivedAt: at(161) })).to.equal(false);
  });
});
