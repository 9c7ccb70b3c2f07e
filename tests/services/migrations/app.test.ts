import { expect } from "chai";
import pg from "pg";

import { migrate } from "../../../services/migrations/app.ts";
import { needs, quiet, unique } from "../support.ts";

describe("services/migrations/app", () => {
  it("lets two that start at once take turns", async function () {
    const databaseUrl = needs(this, "DATABASE_URL");
    const schema = unique("test");
    const ran = await Promise.all([1, 2, 3].map(() => migrate({ databaseUrl, log: quiet, schema })));
    expect(ran.map(({ length }) => length).sort()).to.deep.equal([0, 0, 3]);
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const { rows } = await client.query<{ table_name: string }>(
      "select table_name from information_schema.tables where table_schema = $1",
      [schema],
    );
    await client.query(`drop schema ${schema} cascade`);
    await client.end();
    expect(rows.map((row) => row.table_name)).to.include.members(["prices", "watchlists", "leases"]);
  });

  it("gives up on a Postgres that can't be reached", async () => {
    const databaseUrl = "postgres://user:s3cret@127.0.0.1:1/none";
    const error: unknown = await migrate({ databaseUrl, log: quiet, attempts: 2 }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error);
    expect(String(error)).to.include("ECONNREFUSED").and.not.include("s3cret");
  });
});
