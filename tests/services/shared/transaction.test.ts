import { expect } from "chai";

import { inTransaction } from "../../../services/shared/transaction.ts";
import { type Database, freshDatabase, needs } from "../support.ts";

describe("services/shared/transaction on Postgres", () => {
  let database: Database;
  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    await database.pool.query("create table notes (text text not null)");
  });
  after(async () => {
    await (database as Database | undefined)?.drop();
  });
  const notes = async (): Promise<readonly string[]> =>
    (await database.pool.query<{ text: string }>("select text from notes order by text")).rows.map(({ text }) => text);

  it("keeps all of the work and returns what came of it", async () => {
    const result = await inTransaction(database.pool, async (client) => {
      await client.query("insert into notes values ('a')");
      await client.query("insert into notes values ('b')");
      return 2;
    });
    expect(result).to.equal(2);
    expect(await notes()).to.deep.equal(["a", "b"]);
  });

  it("keeps nothing when a part of it fails, throws that, and leaves connections fit for use", async () => {
    for (let i = 0; i < 10; i += 1) {
      const error: unknown = await inTransaction(database.pool, async (client) => {
        await client.query("insert into notes values ('c')");
        await client.query("insert into notes values (null)");
      }).catch((thrown: unknown) => thrown);
      expect(String(error)).to.include("null value");
    }
    expect(await notes()).to.deep.equal(["a", "b"]);
    expect(database.pool.totalCount).to.equal(database.pool.idleCount);
  });

  it("does not put a connection back that was cut", async () => {
    const error: unknown = await inTransaction(database.pool, (client) =>
      client.query("select pg_terminate_backend(pg_backend_pid())"),
    ).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error);
    expect(await notes()).to.deep.equal(["a", "b"]);
  });
});
