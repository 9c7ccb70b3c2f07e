import { expect } from "chai";
import fc from "fast-check";

import { MOST_ENTRIES, readFeed } from "../../../../services/data-ingestion/posts/feed.ts";

const URL = "https://news.example/feed";
const rss = (items: string): string =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
  `xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>T</title><language>en-US</language>` +
  `${items}</channel></rss>`;

const ITEM =
  `<item><title>Bitcoin &amp;amp; gold</title><guid isPermaLink="false">g1</guid><dc:creator>Ann</dc:creator>` +
  `<link>https://news.example/1</link><pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate>` +
  `<description><![CDATA[<p>It rises</p>]]></description></item>`;
const post = {
  source: "rss",
  id: "news.example g1",
  author: "news.example Ann",
  text: "Bitcoin &amp; gold\n\n<p>It rises</p>",
  language: "en-US",
  createdAt: Date.UTC(2026, 10, 20, 10),
  listedAt: undefined,
};

const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>T</title><author><name>Desk</name></author>
  <entry><id>https://news.example/a</id><title type="text">Ether</title><updated>2026-11-21T00:00:00Z</updated>
  <published>2026-11-20T12:00:00+02:00</published><summary type="html">&lt;b&gt;falls&lt;/b&gt;</summary></entry></feed>`;

const RDF = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="u"><title>T</title></channel>
  <item rdf:about="https://news.example/r"><title>Sol</title><link>https://news.example/r</link>
  <dc:date>2026-11-20T10:00:00Z</dc:date><description>holds</description></item></rdf:RDF>`;

/** "Billion laughs" with nine levels, and its quadratic kin. */
const LAUGHS = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("");
const BOMB = `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">${LAUGHS}]>${rss(ITEM).slice(21).replace("gold", "&l9;")}`;

describe("services/data-ingestion/posts/feed", () => {
  it("reads RSS", () => expect(readFeed(rss(ITEM), URL)).to.deep.equal([post]));

  it("reads Atom, with the feed's author for entries that have none", () => {
    expect(readFeed(ATOM, URL)).to.deep.equal([
      {
        ...{ source: "rss", id: "https://news.example/a", author: "news.example Desk", text: "Ether\n\n<b>falls</b>" },
        ...{ language: "de", createdAt: Date.UTC(2026, 10, 20, 10), listedAt: undefined },
      },
    ]);
  });

  it("reads RSS 1.0", () => {
    const [first] = readFeed(RDF, URL);
    expect(first).to.include({
      id: "https://news.example/r",
      text: "Sol\n\nholds",
      createdAt: Date.UTC(2026, 10, 20, 10),
    });
  });

  it("gives each id once, and an entry without one its link's or its title's", () => {
    const items = `${ITEM}${ITEM}<item><title>x</title><link>https://news.example/2</link></item><item><title>y</title></item>`;
    expect(readFeed(rss(items), URL).map(({ id }) => id)).to.deep.equal([
      "news.example g1",
      "https://news.example/2",
      "news.example y",
    ]);
  });

  it("passes over entries that say nothing, and takes so many at most", () => {
    expect(readFeed(rss("<item><guid>g</guid></item>"), URL)).to.deep.equal([]);
    const many = Array.from({ length: MOST_ENTRIES + 5 }, (_, i) => `<item><title>${i}</title></item>`).join("");
    expect(readFeed(rss(many), URL)).to.have.length(MOST_ENTRIES);
  });

  it("refuses documents that define entities", () => {
    for (const xml of [BOMB, `<!DOCTYPE rss SYSTEM "file:///etc/passwd">${rss(ITEM).slice(21)}`]) {
      expect(() => readFeed(xml, URL)).to.throw("DOCTYPE");
    }
  });

  it("expands none also where the definition hides behind the first element", () => {
    const hidden = rss(`<!DOCTYPE x [<!ENTITY big "${"a".repeat(50)}">]>${ITEM.replace("gold", "&big;&big;")}`);
    let text = "refused";
    try {
      text = readFeed(hidden, URL)[0]?.text ?? "nothing";
    } catch {
      // As good.
    }
    expect(text).not.to.include("aaaaa");
  });

  it("is done with a document of nothing but depth at once", () => {
    const started = performance.now();
    expect(() => readFeed(`<rss><channel>${"<item>".repeat(300_000)}`, URL)).to.throw();
    expect(performance.now() - started).to.be.below(5_000);
  });

  for (const text of [
    "",
    "no feed",
    "{}",
    '{"version":"https://jsonfeed.org/version/1.1","items":[]}',
    "<html></html>",
  ]) {
    it(`refuses ${text.slice(0, 30) || "nothing"}`, () => expect(() => readFeed(text, URL)).to.throw(Error));
  }

  it("gives posts or an Error, whatever comes (5,000 inputs)", () => {
    const documents = [rss(ITEM), ATOM, RDF, BOMB];
    const piece = fc.constantFrom(
      "<",
      ">",
      "&",
      "&#x0;",
      "&#1114112;",
      "]]>",
      "<![CDATA[",
      "<!--",
      '"',
      "</item>",
      "\0",
      "\ud800",
    );
    const mutant = fc
      .tuple(fc.constantFrom(...documents), fc.nat(), fc.nat(40), fc.oneof(piece, fc.string({ maxLength: 20 })))
      .map(([xml, at, length, piece]) => {
        const from = at % xml.length;
        return xml.slice(0, from) + piece + xml.slice(from + length);
      });
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: mutant }, fc.string()), (xml) => {
        try {
          for (const { id, text } of readFeed(xml, URL))
            expect([typeof id, typeof text]).to.deep.equal(["string", "string"]);
        } catch (error) {
          expect(error).to.be.instanceOf(Error);
          expect(error).not.to.be.instanceOf(TypeError);
          expect(error).not.to.be.instanceOf(RangeError);
        }
      }),
      { numRuns: 5_000 },
    );
  }).timeout(60_000);
});
