import { expect } from "chai";

import { createPostStore, type PostStore } from "../../../../services/data-ingestion/posts/store.ts";
import { type Database, freshDatabase, needs } from "../../support.ts";

describe("services/data-ingestion/posts/store on Postgres", () => {
  let database: Database;
  let store: PostStore;
  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    store = createPostStore(database.pool);
  });
  after(async () => {
    await (database as Database | undefined)?.drop();
  });

  it("keeps a position for each stream, and none of an owner of before", async () => {
    expect(await store.position("rss", "a")).to.equal(undefined);
    expect(await store.keep("rss", "a", { seen: ["x"] }, 2)).to.equal(true);
    expect(await store.keep("rss", "a", { seen: ["y"] }, 2)).to.equal(true);
    expect(await store.keep("rss", "a", { seen: [] }, 1)).to.equal(false);
    expect(await store.keep("rss", "b", { seen: ["z"] }, 1)).to.equal(true);
    expect(await store.position("rss", "a")).to.deep.equal({ seen: ["y"] });
    expect(await store.position("rss", "b")).to.deep.equal({ seen: ["z"] });
  });

  it("has one key for a deployment, and each deployment another", async function () {
    const key = await store.digestKey();
    expect(key).to.have.length(32);
    expect(await store.digestKey()).to.deep.equal(key);
    const other = await freshDatabase(needs(this, "DATABASE_URL"));
    try {
      expect(await createPostStore(other.pool).digestKey()).not.to.deep.equal(key);
    } finally {
      await other.drop();
    }
    const second: unknown = await database.pool
      .query("insert into post_digest_key (key) values (sha256('x'))")
      .catch((error: unknown) => error);
    expect(second).to.include({ code: "23505" });
    await store.check();
  });
});
