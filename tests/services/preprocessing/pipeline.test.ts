import { expect } from "chai";
import fc from "fast-check";

import { createNearDuplicates } from "../../../services/preprocessing/near-duplicates.ts";
import { preprocess } from "../../../services/preprocessing/pipeline.ts";
import { readCleanPost, writeCleanPost } from "../../../services/shared/topics/posts.ts";
import { fits, raw } from "./posts.ts";

describe("services/preprocessing/pipeline", () => {
  it("makes one clean post a symbol, each naming all", () => {
    const verdict = preprocess(
      raw("<p>@jo Sold my ETH for <b>bitcoin</b>, no regrets so far https://x.example/1</p>"),
      createNearDuplicates(),
    );
    const common = {
      v: 1,
      id: "reddit:1",
      source: "reddit",
      symbols: ["ETH", "BTC"],
      text: "Sold my ETH for bitcoin , no regrets so far",
      language: "en",
      createdAt: "2026-11-24T07:00:00.000Z",
      receivedAt: "2026-11-24T07:00:01.000Z",
    };
    expect(verdict).to.deep.equal({
      kept: true,
      posts: [
        { ...common, symbol: "ETH" },
        { ...common, symbol: "BTC" },
      ],
    });
  });

  const drops: readonly (readonly [text: string, because: string])[] = [
    ["<p>@jo https://x.example/1</p>", "empty"],
    ["What a lovely morning", "no symbol"],
    ["Send 1 BTC and get 2 BTC back", "spam"],
    [
      "$BTC $ETH $XRP $DOGE $AVAX $SHIB $XLM $BCH $HBAR $LTC $XMR $INJ $AAVE $MKR $XTZ $CRV $LDO $ZEC $SNX $FTM $AXS",
      "too many symbols",
    ],
  ];
  for (const [text, because] of drops) {
    it(`drops what is ${because}`, () => {
      expect(preprocess(raw(text), createNearDuplicates())).to.deep.equal({ kept: false, because });
    });
  }

  it("drops a near duplicate, and passes the first again", () => {
    const duplicates = createNearDuplicates();
    const text = "Bitcoin miners sold more coins this month than in any other since the last halving";
    const first = raw(text, { id: "1", author: "ann" });
    const copy = raw(`${text}!!`, { id: "2", author: "bob" });
    const verdicts = [first, copy, first].map((post) => preprocess(post, duplicates));
    expect(verdicts.map((verdict) => (verdict.kept ? "kept" : verdict.because))).to.deep.equal([
      "kept",
      "near duplicate",
      "kept",
    ]);
  });

  it("takes 20,000 texts of any kind: never a throw, and all that it keeps fits the topic", function () {
    this.timeout(180_000);
    const part = fc.oneof(
      { weight: 4, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
      fc.string({ unit: fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 30 }),
      fc.constantFrom("$BTC", "ETH", " bitcoin ", "SOL/USDT", " LINK chart", "$", "#", "&amp;", "&#0;", "&#xd800;"),
      fc.constantFrom("<b>", "</p>", "<!--", "](", "https://", "@", "u/", "\u0000", "\u200d", "\ud83d", "ﷺ", "İ", "ß"),
    );
    const text = fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(""));
    const duplicates = createNearDuplicates();
    let tried = 0;
    let kept = 0;
    fc.assert(
      fc.property(text, (written) => {
        const post = raw(written, { id: String((tried += 1)) });
        if (!fits(post)) return;
        const verdict = preprocess(post, duplicates);
        if (!verdict.kept) return;
        kept += 1;
        expect(new Set(verdict.posts.map(({ symbol }) => symbol)).size).to.equal(verdict.posts.length);
        for (const each of verdict.posts) {
          expect(readCleanPost(writeCleanPost(each))).to.deep.equal({ ok: true, message: each });
          expect(each.text).to.equal(each.text.normalize("NFC").trim());
        }
      }),
      { numRuns: 20_000 },
    );
    expect(kept, "of these, many are about a coin").to.be.greaterThan(2_000);
  });
});
