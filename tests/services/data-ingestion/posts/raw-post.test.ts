import { randomBytes } from "node:crypto";

import { expect } from "chai";
import fc from "fast-check";

import { createDigest } from "../../../../services/data-ingestion/posts/digest.ts";
import { EARLIEST, toRawPost } from "../../../../services/data-ingestion/posts/raw-post.ts";
import { Recent } from "../../../../services/data-ingestion/posts/recent.ts";
import type { FoundPost } from "../../../../services/data-ingestion/posts/source.ts";
import { MOST_TEXT, readRawPost, writeRawPost } from "../../../../services/shared/topics/posts.ts";

const key = randomBytes(32);
const NOW = Date.UTC(2026, 10, 20, 12);
const receipt = { digest: createDigest(key), receivedAt: NOW, fence: 3 };
const found: FoundPost = {
  source: "bluesky",
  id: "did:plc:abc/1",
  author: "did:plc:abc",
  text: " $BTC ",
  language: "en-US",
  createdAt: NOW - 60_000,
  listedAt: NOW - 1_000,
};
const made = (change: Partial<FoundPost>) => toRawPost({ ...found, ...change }, receipt);

describe("services/data-ingestion/posts/raw-post", () => {
  it("makes the topic's message, in which nobody is named", () => {
    const post = made({});
    expect(post).to.include({ v: 1, source: "bluesky", text: "$BTC", language: "en", fence: 3 });
    expect(post).to.include({ createdAt: "2026-11-20T11:59:00.000Z", receivedAt: "2026-11-20T12:00:00.000Z" });
    expect(JSON.stringify(post)).not.to.include("did:plc");
  });

  const times: readonly [string, Partial<FoundPost>, number][] = [
    ["the author's", {}, NOW - 60_000],
    ["the source's, where the author's is ahead of it", { createdAt: NOW - 500 }, NOW - 1_000],
    ["the source's, where the author's is not there", { createdAt: undefined }, NOW - 1_000],
    ["the source's, where the author's is no time", { createdAt: NaN }, NOW - 1_000],
    [
      "ours, where the author's is in the future and the source has none",
      { createdAt: NOW + 1, listedAt: undefined },
      NOW,
    ],
    ["ours, where the source's is in the future", { createdAt: NaN, listedAt: NOW + 1 }, NOW],
    ["the source's, where the author's is before the first block", { createdAt: EARLIEST - 1 }, NOW - 1_000],
    ["the author's, at the first block", { createdAt: EARLIEST }, EARLIEST],
  ];
  for (const [whose, change, time] of times) {
    it(`takes ${whose}`, () => expect(made(change)?.createdAt).to.equal(new Date(time).toISOString()));
  }

  for (const [tag, subtag] of [
    ["pt_BR", "pt"],
    ["EN", "en"],
    ["", null],
    ["x-klingon", null],
    ["deutsch", null],
  ] as const) {
    it(`knows the language of ${tag || "nothing"}`, () => expect(made({ language: tag })?.language).to.equal(subtag));
  }

  it("makes nothing of a post without words", () => {
    for (const text of ["", " \n\t "]) expect(made({ text })).to.equal(undefined);
  });

  it("cuts long texts between characters", () => {
    expect(made({ text: `${"a".repeat(MOST_TEXT - 1)}🚀` })?.text).to.equal("a".repeat(MOST_TEXT - 1));
    expect(made({ text: `${"a".repeat(MOST_TEXT - 2)}🚀!` })?.text).to.equal(`${"a".repeat(MOST_TEXT - 2)}🚀`);
  });

  it("always makes what the topic takes (5,000 inputs)", () => {
    const time = fc.option(fc.double({ min: -9e15, max: 9e15 }), { nil: undefined });
    const any = fc.record<FoundPost>({
      source: fc.constantFrom("bluesky", "rss", "reddit"),
      id: fc.string(),
      author: fc.string({ unit: "binary" }),
      text: fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string().map((text) => `${text}\ud800`.repeat(3_000)),
      ),
      language: fc.option(fc.string({ maxLength: 6 }), { nil: undefined }),
      createdAt: time,
      listedAt: time,
    });
    fc.assert(
      fc.property(any, (each) => {
        const post = toRawPost(each, receipt);
        if (post) expect(readRawPost(writeRawPost(post))).to.deep.equal({ ok: true, message: post });
      }),
      { numRuns: 5_000 },
    );
  }).timeout(60_000);
});

describe("services/data-ingestion/posts/digest", () => {
  const digest = createDigest(key);
  it("tells authors apart, by deployment, source and kind of name", () => {
    const names = [
      digest.author("reddit", "ann"),
      digest.author("reddit", "bob"),
      digest.author("rss", "ann"),
      digest.post("reddit", "ann").split(":")[1],
      createDigest(randomBytes(32)).author("reddit", "ann"),
    ];
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) expect(name).to.match(/^[0-9a-f]{32}$/);
    expect(createDigest(key).author("reddit", "ann")).to.equal(names[0]);
  });
});

describe("services/data-ingestion/posts/recent", () => {
  it("remembers so many values, the oldest go", () => {
    const recent = new Recent(2);
    expect(["a", "a", "b", "c", "b", "a"].map((each) => recent.isNew(each))).to.deep.equal([
      ...[true, false, true, true, false, true],
    ]);
  });
});
