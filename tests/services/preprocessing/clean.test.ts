import { expect } from "chai";
import fc from "fast-check";

import { clean } from "../../../services/preprocessing/clean.ts";
import { MOST_TEXT } from "../../../services/shared/topics/posts.ts";

describe("services/preprocessing/clean", () => {
  const cases: readonly (readonly [what: string, raw: string, text: string])[] = [
    ["markup", "<p>Sold my <b>BTC</b>.<br/>Sorry</p><ul><li>not sorry</li></ul>", "Sold my BTC . Sorry not sorry"],
    ["what a page does not show", "<style>p{color:red}</style><!-- ad -->ETH<script>track('BTC')</script>", "ETH"],
    ["entities", "AT&amp;T takes BTC &#x1F680; &mdash; really", "AT&T takes BTC 🚀 — really"],
    ["entities last, so that what was written stays written", "BTC &lt;b&gt; 50k", "BTC <b> 50k"],
    ["no comparison", "BTC < 50k and ETH > 3k, <sigh>", "BTC < 50k and ETH > 3k, <sigh>"],
    ["Markdown", "**SELL** ~~hold~~ your [bags](https://a.example/b?c=d) of `DOGE`", "SELL hold your bags of DOGE"],
    ["no underscore inside a word", "see the x_y_z fork, 2*3*4", "see the x_y_z fork, 2*3*4"],
    ["URLs", "chart https://t.example/x?y=1 and www.a.example and bit.ly/3xYz here", "chart and and here"],
    ["no name that looks like a domain", "Crypto.com lists yearn.finance", "Crypto.com lists yearn.finance"],
    ["handles", "gm @ann.bsky.social, @bob_99 and u/Carol-X (/u/dave) like BTC", "gm , and ( ) like BTC"],
    ["no menu, no price", "and/or r/bitcoin @ 60k", "and/or r/bitcoin @ 60k"],
    ["mail addresses", "write to jo.doe+btc@mail.example.co.uk today", "write to today"],
    ["identifiers", "by did:plc:ewvi7nxzyoun6zhxrhs64oiz on ETH", "by on ETH"],
    ["accounts", "sent 1 ETH from 0x52908400098527886E0F7030069857D2E4169EE7 lol", "sent 1 ETH from lol"],
    ["what can not be seen", "Bit\u200bco\u00adin \u202eup\u202c \u0000now\u0007", "Bitcoin up now"],
    ["one form of a letter", "cafe\u0301 takes BTC", "café takes BTC"],
    ["white space", "  BTC \t\r\n\u00a0\u2003 up  ", "BTC up"],
    ["half of a pair", "BTC \ud83d up", "BTC \ufffd up"],
    ["all of it", "@ann https://t.example/1", ""],
  ];
  for (const [what, written, text] of cases) {
    it(`handles ${what}`, () => expect(clean(written).text).to.equal(text));
  }

  it("counts what it takes out", () => {
    expect(clean("@a u/bob_1 https://x.example [c](http://y.example) BTC")).to.include({ urls: 2, mentions: 2 });
  });

  it("does not take a hostile text's time", () => {
    const hostile = ["<!--", "<a ", "[", "a.", "a@", "*", "a-", "<script>", "+.", "@", "u/", "did:a", "&#", "_ "];
    for (const part of hostile) {
      const started = performance.now();
      clean(part.repeat(MOST_TEXT / part.length));
      expect(performance.now() - started, part).to.be.lessThan(1_500);
    }
  });

  it("leaves no URL, address or handle, whatever stands around them", () => {
    const secret = fc.constantFrom("https://who.example/x", "jo.doe@mail.example", "@jo_doe", "u/jo_doe");
    const around = fc.string({ unit: fc.constantFrom("a", " ", "\u200b", "<b>", "&amp;", "(", "**", "é", "🚀", "\n") });
    fc.assert(
      fc.property(around, secret, around, (before, what, after) => {
        expect(clean(`${before} ${what} ${after}`).text).not.to.match(/who\.example|jo.doe/);
      }),
      { numRuns: 500 },
    );
  });
});
