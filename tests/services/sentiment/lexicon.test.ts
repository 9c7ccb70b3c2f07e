import { expect } from "chai";
import fc from "fast-check";

import { LEXICON, lexicon, scoreText } from "../../../services/sentiment/lexicon.ts";
import { EMOJI_VALUES, TRADE_PHRASES, TRADE_WORDS } from "../../../services/sentiment/vocabulary.ts";

const scoreOf = (text: string): number => scoreText(text).score;

describe("services/sentiment/lexicon", () => {
  const good = [
    "BTC to the moon 🚀",
    "Very bullish on ETH right now",
    "Bought the dip, diamond hands",
    "New ATH for BTC!",
    "Bitcoin rallies as the rate cut is priced in",
    "I love this community",
    "Not a scam, I checked the contract",
    "I don't think this is a rug",
    "hodl",
    "The fees are awful, but the upgrade is amazing",
    "📈🟢",
  ];
  for (const text of good) it(`is glad: ${text}`, () => expect(scoreOf(text)).to.be.greaterThan(0.2));

  const bad = [
    "SOL rugged again lol",
    "Got rekt on leverage",
    "Nothing but FUD in here",
    "They dump on us every Friday",
    "I am not bullish on ETH",
    "This coin is going to zero",
    "Exchange halted withdrawals, I am terrified",
    "XRP is dead",
    "The team is great, but they drained the pool",
    "📉 🩸",
  ];
  for (const text of bad) it(`is not: ${text}`, () => expect(scoreOf(text)).to.be.lessThan(-0.2));

  const neutral = [
    "BTC is at 60k",
    "What is the hash rate of the chain?",
    "$MOON $PUMP",
    "",
    "constructor __proto__ toString",
  ];
  for (const text of neutral) {
    it(`has no feeling: ${text}`, () => {
      expect(scoreText(text)).to.deep.equal({ score: 0, confidence: 0, model: LEXICON });
    });
  }

  const stronger: readonly (readonly [more: string, less: string])[] = [
    ["very bullish", "bullish"],
    ["bullish", "slightly bullish"],
    ["this is BULLISH", "this is bullish"],
    ["bullish!!!", "bullish"],
    ["bullish and happy", "bullish"],
    ["bullish", "not bearish"],
    ["not bearish", "bearish"],
    ["🚀🚀", "🚀"],
    ["good, but bad luck for bears", "bad luck for bears, but bad"],
  ];
  for (const [more, less] of stronger) {
    it(`is gladder of "${more}" than of "${less}"`, () => expect(scoreOf(more)).to.be.greaterThan(scoreOf(less)));
  }

  it("does not count the same cry for ever", () => {
    expect(scoreOf("🚀".repeat(50))).to.equal(scoreOf("🚀🚀"));
  });

  it("trusts itself more with more words that agree, and less with ones that don't", () => {
    const confidence = (text: string): number => scoreText(text).confidence;
    expect(confidence("bullish rally")).to.be.greaterThan(confidence("bullish"));
    expect(confidence("bullish crash")).to.be.lessThan(confidence("bullish"));
  });

  it("is as glad of the opposite of a word as sad of the word: the scale has no lean", () => {
    // √(x² / (x² + 15)) of one word of value 4, by hand: 4 / √31.
    expect(scoreOf("bullish")).to.equal(0.7184);
    expect(scoreOf("scam")).to.equal(-0.7184);
  });

  it("knows what its tables say, and nothing twice", () => {
    const all = [...TRADE_WORDS, ...TRADE_PHRASES, ...EMOJI_VALUES];
    for (const [word, value] of all) expect(value, word).to.be.within(-5, 5);
    for (const [word, value] of [...TRADE_PHRASES, ...EMOJI_VALUES]) {
      expect(Math.sign(scoreOf(word)), word).to.equal(Math.sign(value));
    }
    expect(TRADE_WORDS.size).to.be.greaterThan(200);
  });

  it("scores any 20,000 texts, on the scale", async function () {
    this.timeout(60_000);
    const word = fc.constantFrom(
      "not",
      "very",
      "but",
      "moon",
      "rug",
      "pull",
      "BTC",
      "🚀",
      "!",
      "dip",
      "ATH",
      "#fud",
      "'",
    );
    const text = fc.oneof(
      fc.array(word, { maxLength: 30 }).map((words) => words.join(" ")),
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({ unit: fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 100 }),
    );
    let feelings = 0;
    fc.assert(
      fc.property(text, (written) => {
        const { score, confidence } = scoreText(written);
        expect(score).to.be.within(-1, 1);
        expect(confidence).to.be.within(0, 1);
        if (score !== 0) feelings += 1;
      }),
      { numRuns: 20_000 },
    );
    expect(feelings).to.be.greaterThan(4_000);
    expect(await lexicon.score(["bullish", "rug"])).to.deep.equal([scoreText("bullish"), scoreText("rug")]);
  });
});
