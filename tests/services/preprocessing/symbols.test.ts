import { expect } from "chai";

import { COINS } from "../../../services/preprocessing/coins.ts";
import { findSymbols } from "../../../services/preprocessing/symbols.ts";
import { SYMBOL } from "../../../services/shared/topics/fields.ts";

describe("services/preprocessing/symbols", () => {
  const cases: readonly (readonly [text: string, symbols: string])[] = [
    // Says so by itself.
    ["Sold half of my $btc today", "BTC"],
    ["Bitcoin's hash rate is at a record", "BTC"],
    ["btc or eth, which one first?", "BTC ETH"],
    ["Bitcoin Cash is not Bitcoin", "BCH BTC"],
    ["#Ethereum gas is low tonight", "ETH"],
    ["$one and $near are cashtags", "ONE NEAR"],
    ["In order: solana, BTC, dogecoin, BTC", "SOL BTC DOGE"],
    // A pair is about its first half.
    ["SOL/USDT looks heavy", "SOL"],
    ["Opened LINKUSDT at 14", "LINK"],
    ["ETH/BTC ratio at a low", "ETH"],
    ["Paid in USDT", "USDT"],
    // A word of another meaning, with evidence.
    ["LINK is breaking out, the chart looks bullish", "LINK"],
    ["Staking ADA gives me 3 percent", "ADA"],
    ["NEAR and SOL against ETH", "NEAR SOL ETH"],
    ["#near validators are back", "NEAR"],
    ["Avalanche TVL doubled", "AVAX"],
    ["Swapped my ripple tokens", "XRP"],
    // The same words without.
    ["Click the link, one of many near you", ""],
    ["LINK in my profile", ""],
    ["El sol sale otra vez", ""],
    ["Ada wrote the first program", ""],
    ["Three skiers lost to an avalanche in the Alps", ""],
    ["link to the crypto chart is below", ""],
    ["READ THE LINK, ONE COIN IS NEAR THE DOOR AND THE TRADERS ARE IN", ""],
    // Evidence counts nearby only.
    ["My wallet was in the car that we drove to the lake in the very warm summer, near the ONE shop", ""],
    // No symbols.
    ["Paid $100 for 50 euro", ""],
    ["Bitcoins", "BTC"],
    ["nothing at all", ""],
    ["", ""],
  ];
  for (const [text, symbols] of cases) {
    it(`finds ${symbols || "none"} in: ${text}`, () => expect(findSymbols(text).join(" ")).to.equal(symbols));
  }

  it("has a table of sixty coins and more, each once, no name twice", () => {
    const symbols = COINS.map(({ symbol }) => symbol);
    expect(symbols.length).to.be.at.least(60);
    expect(new Set(symbols).size).to.equal(symbols.length);
    for (const symbol of symbols) expect(symbol).to.match(SYMBOL);
    const names = COINS.flatMap((coin) => [...coin.names, ...coin.vagueNames]);
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) expect(name, "in lower case").to.match(/^[a-z]+(?: [a-z]+)*$/);
  });

  it("finds every coin by its cashtag and by each of its own names", () => {
    for (const { symbol, names } of COINS) {
      expect(findSymbols(`holding $${symbol}`), symbol).to.deep.equal([symbol]);
      for (const name of names) expect(findSymbols(`so, ${name}.`), name).to.deep.equal([symbol]);
    }
  });

  it("takes no coin with another meaning from a lower-case word", () => {
    for (const { symbol, vagueTicker, vagueNames } of COINS) {
      if (vagueTicker && !vagueNames.includes(symbol.toLowerCase()))
        expect(findSymbols(`my ${symbol.toLowerCase()} coin`), symbol).to.deep.equal([]);
    }
  });
});
