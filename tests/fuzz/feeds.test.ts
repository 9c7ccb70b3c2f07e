/** Whatever exchanges and sources of posts send: an event, or a word on why it is none; never a throw where a reader promises that. */
import { expect } from "chai";
import fc, { type Arbitrary } from "fast-check";

import { readPage as coinbasePage } from "../../services/data-ingestion/exchanges/coinbase-rest.ts";
import { coinbase, type Exchange, kraken } from "../../services/data-ingestion/exchanges/index.ts";
import { readPage as krakenPage } from "../../services/data-ingestion/exchanges/kraken-rest.ts";
import { createDigest } from "../../services/data-ingestion/posts/digest.ts";
import { readFeed } from "../../services/data-ingestion/posts/feed.ts";
import { readFrame } from "../../services/data-ingestion/posts/jetstream.ts";
import { toRawPost } from "../../services/data-ingestion/posts/raw-post.ts";
import { readListing } from "../../services/data-ingestion/posts/reddit.ts";
import { Sequencer } from "../../services/data-ingestion/sequencer.ts";
import { priceMessage } from "../../services/shared/topics/prices.ts";
import { readRawPost } from "../../services/shared/topics/posts.ts";
import { spoilt } from "../services/api/from-schema.ts";
import { seeded } from "./seeded.ts";

const TIME = "2026-11-24T07:00:00.123456Z";
const RECEIPT = { digest: createDigest(Buffer.alloc(32, 7)), receivedAt: Date.UTC(2026, 10, 25), fence: 1 };

const EXCHANGES: Readonly<Record<string, readonly unknown[]>> = {
  coinbase: [
    {
      ...{ type: "match", trade_id: 1, sequence: 2, product_id: "BTC-USD" },
      time: TIME,
      size: "1",
      price: "2",
      side: "buy",
    },
    { type: "heartbeat", product_id: "BTC-USD", last_trade_id: 9, sequence: 1, time: TIME },
    { type: "error", message: "no", reason: "why" },
    { type: "subscriptions", channels: [] },
  ],
  kraken: [
    {
      channel: "trade",
      type: "update",
      data: [
        { symbol: "BTC/USD", side: "buy", price: 1.5, qty: 1e-8, ord_type: "limit", trade_id: 3, timestamp: TIME },
      ],
    },
    { channel: "heartbeat" },
    { channel: "status", type: "update", data: [{ system: "online" }] },
    { method: "subscribe", success: false, error: "no" },
  ],
};

const POST = {
  ...{ did: `did:plc:${"a".repeat(24)}`, time_us: 1_732_000_000_000_000, kind: "commit" },
  commit: {
    ...{ operation: "create", collection: "app.bsky.feed.post", rkey: "3kabc", rev: "1", cid: "c" },
    record: { $type: "app.bsky.feed.post", text: "BTC to the moon", langs: ["en"], createdAt: TIME },
  },
};
const LISTING = {
  kind: "Listing",
  data: {
    after: "t3_x",
    children: [
      { kind: "t3", data: { name: "t3_a", author: "ann", title: "BTC", selftext: "up", created_utc: 1_732_000_000 } },
    ],
  },
};
const ITEM =
  "<item><guid>a</guid><title>BTC up</title><link>https://a.example/1</link><pubDate>Tue, 24 Nov 2026 07:00:00 GMT</pubDate></item>";
const RSS = `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>${ITEM}</channel></rss>`;

const ATOM = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>t</title><entry><id>e</id><title>ETH up</title><link href="https://a.example/2"/><updated>2026-11-24T07:00:00Z</updated><summary>so bullish</summary></entry></feed>`;

/** JSON that is near to what is right, cut, or no JSON. */
const near = (samples: readonly unknown[]): Arbitrary<string> => {
  const sample = fc.constantFrom(...samples);
  return fc.oneof(
    { weight: 1, arbitrary: sample.map((value) => JSON.stringify(value)) },
    { weight: 6, arbitrary: sample.chain(spoilt).map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: sample.map((value) => JSON.stringify(value).slice(0, -3)) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 100 }) },
    { weight: 1, arbitrary: fc.nat(2_000).map((depth) => "[".repeat(depth)) },
  );
};
/** Text with pieces taken out, doubled or changed. */
const torn = (text: string): Arbitrary<string> =>
  fc
    .tuple(
      fc.nat(text.length),
      fc.nat(60),
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 20 }),
        fc.constantFrom("<", "]]>", "&x;", "<!DOCTYPE a [<!ENTITY x 'y'>]>"),
      ),
    )
    .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length));

describe("fuzz: feeds", () => {
  seeded("feed messages");

  for (const exchange of [coinbase, kraken] satisfies readonly Exchange[]) {
    it(`${exchange.name}: every frame gives events, and every trade of them fits the topic`, function () {
      this.timeout(60_000);
      const kinds = new Set<string>();
      fc.assert(
        fc.property(near(EXCHANGES[exchange.name] ?? []), (text) => {
          for (const event of exchange.read(text)) {
            kinds.add(event.kind);
            if (event.kind !== "trade") continue;
            const { product, ...trade } = event.trade;
            const message = { v: 1, product: "BTC-USD", ...trade, fence: 1 };
            expect(priceMessage.safeParse(message).error?.issues).to.equal(undefined);
            expect(product).to.be.a("string");
          }
        }),
        { numRuns: 2_500 },
      );
      expect([...kinds]).to.include.members(["trade", "refused", "unknown"]);
    });
  }

  it("REST of both: trades, or an error with a reason", function () {
    this.timeout(60_000);
    const rows = [{ trade_id: 1, price: "1", size: "2", side: "buy", time: TIME }];
    const page = { error: [], result: { XXBTZUSD: [["1.5", "2", 1688669597.8277369, "b", "l", "", 7]], last: "1" } };
    const outcomes = new Set<string>();
    const attempt = (read: () => readonly unknown[]): void => {
      try {
        outcomes.add(Array.isArray(read()) ? "trades" : "nothing");
      } catch (error) {
        expect(error).to.be.instanceOf(Error);
        outcomes.add("error");
      }
    };
    fc.assert(
      fc.property(near([rows]), (text) => attempt(() => coinbasePage("BTC-USD", JSON.parse(text)))),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(near([page]), (text) => attempt(() => krakenPage("BTC-USD", text))),
      { numRuns: 500 },
    );
    expect([...outcomes]).to.have.members(["trades", "error"]);
  });

  it("the sequencer gives each id once and rising, whatever comes", function () {
    this.timeout(60_000);
    const trade = (tradeId: number) => ({
      ...({ product: "A-B", tradeId, price: "1", size: "1", side: "buy", time: TIME, sequence: null } as const),
    });
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 60 }), fc.nat(10), (ids, next) => {
        const sequencer = new Sequencer(next);
        const out = ids.flatMap((id) => sequencer.offer(trade(id))).map(({ tradeId }) => tradeId);
        expect(out).to.deep.equal(out.map((_, i) => next + i));
      }),
      { numRuns: 500 },
    );
  });

  it("Bluesky: every frame is a post that fits the topic, or none", function () {
    this.timeout(60_000);
    const kinds = new Set<string>();
    fc.assert(
      fc.property(near([POST]), (text) => {
        const event = readFrame(text);
        kinds.add(event.kind);
        if (event.kind !== "post") return;
        const raw = toRawPost(event.post, RECEIPT);
        if (raw) expect(readRawPost(JSON.stringify(raw)).ok).to.equal(true);
      }),
      { numRuns: 2_000 },
    );
    expect([...kinds])
      .to.include("post")
      .and.to.have.length.above(1);
  });

  it("Reddit: a listing whose posts fit the topic, or an error", function () {
    this.timeout(60_000);
    let posts = 0;
    fc.assert(
      fc.property(near([LISTING]), (text) => {
        let listing: ReturnType<typeof readListing>;
        try {
          listing = readListing(text);
        } catch (error) {
          expect(error).to.be.instanceOf(Error);
          return;
        }
        for (const post of listing.posts) {
          const raw = toRawPost(post, RECEIPT);
          if (raw) expect(readRawPost(JSON.stringify(raw)).ok).to.equal(true);
          posts += 1;
        }
      }),
      { numRuns: 1_500 },
    );
    expect(posts).to.be.above(100);
  });

  it("RSS and Atom: articles that fit the topic, or an error", function () {
    this.timeout(60_000);
    let articles = 0;
    fc.assert(
      fc.property(fc.oneof(torn(RSS), torn(ATOM), fc.string({ unit: "binary", maxLength: 300 })), (text) => {
        let posts: ReturnType<typeof readFeed>;
        try {
          posts = readFeed(text, "https://a.example/feed");
        } catch (error) {
          expect(error).to.be.instanceOf(Error);
          return;
        }
        for (const post of posts) {
          const raw = toRawPost(post, RECEIPT);
          if (raw) expect(readRawPost(JSON.stringify(raw)).ok).to.equal(true);
          articles += 1;
        }
      }),
      { numRuns: 1_500 },
    );
    expect(articles).to.be.above(100);
  });
});
