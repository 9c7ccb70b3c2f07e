import { expect } from "chai";
import fc from "fast-check";

import { Allowance } from "../../../../services/data-ingestion/posts/allowance.ts";
import { pageUrl, readListing } from "../../../../services/data-ingestion/posts/reddit.ts";

const link = {
  kind: "t3",
  data: { name: "t3_1abc", author: "ann", title: "BTC?", selftext: "I <3 it", created_utc: 1_763_632_800, score: 1 },
};
const comment = {
  kind: "t1",
  data: { name: "t1_xyz", author: "bob", body: "no", created_utc: 1_763_632_801.0 },
};
const listing = (children: readonly unknown[], after: string | null = null): string =>
  JSON.stringify({ kind: "Listing", data: { after, before: null, children } });

describe("services/data-ingestion/posts/reddit", () => {
  it("reads posts and comments in the listing's order", () => {
    const time = 1_763_632_800_000;
    expect(readListing(listing([comment, link], "t3_1abc"))).to.deep.equal({
      after: "t3_1abc",
      posts: [
        {
          ...{ source: "reddit", id: "t1_xyz", author: "bob", text: "no", language: undefined },
          ...{ createdAt: time + 1000, listedAt: time + 1000 },
        },
        {
          ...{ source: "reddit", id: "t3_1abc", author: "ann", text: "BTC?\n\nI <3 it", language: undefined },
          ...{ createdAt: time, listedAt: time },
        },
      ],
    });
  });

  it("takes deleted accounts for one author each, and removed texts for none", () => {
    const gone = { ...link, data: { ...link.data, author: "[deleted]", selftext: "[removed]" } };
    expect(readListing(listing([gone])).posts[0]).to.include({ author: "t3_1abc", text: "BTC?" });
  });

  it("leaves out what it does not know", () => {
    const children = [{ kind: "promoted" }, null, 7, { kind: "t3", data: {} }, comment];
    expect(readListing(listing(children)).posts.map(({ id }) => id)).to.deep.equal(["t1_xyz"]);
  });

  for (const text of ["", "<html>", "{}", "[]", '{"kind":"Listing","data":{}}', '{"error":403}']) {
    it(`refuses ${text || "nothing"}`, () => expect(() => readListing(text)).to.throw(Error));
  }

  it("gives posts or an Error, whatever comes (6,000 inputs)", () => {
    const value = fc.jsonValue();
    const mutant = fc
      .tuple(fc.constantFrom("name", "author", "title", "selftext", "created_utc", "body"), value)
      .map(([key, to]) => listing([{ ...link, data: { ...link.data, [key]: to } }, { ...comment, [key]: to }, to]));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          value.map((json) => JSON.stringify(json)),
          mutant,
        ),
        (text) => {
          try {
            for (const post of readListing(text).posts) expect(post.id).to.match(/^t[13]_[a-z0-9]+$/);
          } catch (error) {
            expect(error).to.be.instanceOf(Error);
            expect(error).not.to.be.instanceOf(TypeError);
          }
        },
      ),
      { numRuns: 6_000 },
    );
  });

  it("asks for pages by `after`, never by `before`", () => {
    const base = "https://reddit.example/r/x/new.json?before=t3_a&sort=new";
    expect(pageUrl(base, undefined)).to.equal("https://reddit.example/r/x/new.json?sort=new&limit=100&raw_json=1");
    expect(pageUrl(base, "t3_b")).to.equal(
      "https://reddit.example/r/x/new.json?sort=new&limit=100&raw_json=1&after=t3_b",
    );
  });

  it("stays away until the server's allowance is there again", () => {
    const allowance = new Allowance();
    const headers = (remaining: string, reset: string) =>
      new Headers({ "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset });
    allowance.note(headers("1.0", "300"), 1_000);
    expect(allowance.wait(1_000)).to.equal(0);
    allowance.note(headers("0.0", "300"), 1_000);
    expect(allowance.wait(1_000)).to.equal(300_000);
    expect(allowance.wait(301_000)).to.equal(0);
    for (const [remaining, reset] of [
      ["", "5"],
      ["x", "5"],
      ["0", "-1"],
      ["0", "x"],
    ] as const) {
      const fresh = new Allowance();
      fresh.note(headers(remaining, reset), 0);
      expect(fresh.wait(0), `${remaining} ${reset}`).to.equal(0);
    }
    const greedy = new Allowance();
    greedy.note(headers("0", "1e9"), 0);
    expect(greedy.wait(0)).to.equal(900_000);
  });
});
