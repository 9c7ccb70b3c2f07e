import { expect } from "chai";
import fc from "fast-check";

import { readFrame, subscribeUrl } from "../../../../services/data-ingestion/posts/jetstream.ts";

const DID = "did:plc:eygmaihciaxprqvxpfvl6flk";
const record = { $type: "app.bsky.feed.post", text: "$BTC up", createdAt: "2026-11-20T10:00:00.000Z", langs: ["en"] };
const commit = { rev: "3l3", operation: "create", collection: "app.bsky.feed.post", rkey: "3l3qo2v", record, cid: "b" };
const frame = { did: DID, time_us: 1_763_632_800_123_456, kind: "commit", commit };
const read = (change: object, ofCommit: object = {}, ofRecord: object = {}) =>
  readFrame(
    JSON.stringify({ ...frame, commit: { ...commit, record: { ...record, ...ofRecord }, ...ofCommit }, ...change }),
  );

describe("services/data-ingestion/posts/jetstream", () => {
  it("reads a post that was created", () => {
    expect(read({})).to.deep.equal({
      kind: "post",
      timeMicroseconds: 1_763_632_800_123_456,
      post: {
        source: "bluesky",
        id: `${DID}/3l3qo2v`,
        author: DID,
        text: "$BTC up",
        language: "en",
        createdAt: Date.UTC(2026, 10, 20, 10),
        listedAt: 1_763_632_800_123,
      },
    });
  });

  const others: Readonly<Record<string, ReturnType<typeof readFrame>>> = {
    "an edit": read({}, { operation: "update" }),
    "a deletion": readFrame(
      JSON.stringify({ ...frame, commit: { ...commit, operation: "delete", record: undefined } }),
    ),
    "a like": read({}, { collection: "app.bsky.feed.like" }),
    "an account": readFrame(JSON.stringify({ did: DID, time_us: frame.time_us, kind: "account", account: {} })),
    "a record without text": read({}, {}, { text: 7 }),
  };
  for (const [what, event] of Object.entries(others)) {
    it(`learns from ${what} how far the stream is, no more`, () => {
      expect(event).to.deep.equal({ kind: "other", timeMicroseconds: frame.time_us });
    });
  }

  it("keeps a post whose time or languages are not what they should be", () => {
    const event = read({}, {}, { createdAt: 5, langs: "en" });
    expect(event.kind === "post" && [event.post.createdAt, event.post.language]).to.deep.equal([undefined, undefined]);
    const wrong = read({}, {}, { createdAt: "yesterday", langs: ["en", "de"] });
    expect(wrong.kind === "post" && [wrong.post.createdAt, wrong.post.language]).to.deep.equal([NaN, undefined]);
  });

  for (const text of ["", "{", "null", "[]", "7", '{"kind":"commit"}', JSON.stringify({ ...frame, did: "bob" })]) {
    it(`knows that ${text.slice(0, 30) || "nothing"} is no event`, () =>
      expect(readFrame(text)).to.deep.equal({ kind: "unknown" }));
  }

  it("never throws, whatever comes (6,000 inputs)", () => {
    const value = fc.jsonValue();
    const mutant = fc
      .tuple(fc.constantFrom("did", "time_us", "kind", "commit", "text", "createdAt", "langs", "rkey"), value)
      .map(([key, to]) => {
        const inner = key in record ? { ...record, [key]: to } : record;
        const middle = key in commit ? { ...commit, record: inner, [key]: to } : { ...commit, record: inner };
        return JSON.stringify(key in frame ? { ...frame, [key]: to } : { ...frame, commit: middle });
      });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          value.map((json) => JSON.stringify(json)),
          mutant,
        ),
        (text) => {
          const event = readFrame(text);
          if (event.kind !== "unknown") expect(event.timeMicroseconds).to.be.greaterThan(0);
        },
      ),
      { numRuns: 6_000 },
    );
  });

  it("asks for posts from the cursor on, and leaves what else the URL says", () => {
    expect(subscribeUrl("wss://jetstream.example/subscribe", 12)).to.equal(
      "wss://jetstream.example/subscribe?wantedCollections=app.bsky.feed.post&cursor=12",
    );
    expect(subscribeUrl("wss://j.example/subscribe?wantedCollections=a.b.c&compress=false", 12)).to.equal(
      "wss://j.example/subscribe?wantedCollections=a.b.c&compress=false&cursor=12",
    );
  });
});
