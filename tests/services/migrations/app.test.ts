import { readdirSync } from "node:fs";
import { parse } from "node:path";

import { expect } from "chai";
import pg from "pg";

import { migrate } from "../../../services/migrations/app.ts";
import { needs, quiet, unique } from "../support.ts";

/** Names of the files in the order of their numbers, as the tool tells them. */
function migrations(): readonly string[] {
  const names = readdirSync(new URL("../../../services/migrations/migrations", import.meta.url));
  return names.map((name) => parse(name).name).sort((a, b) => Number.parseInt(a) - Number.parseInt(b));
}

describe("services/migrations/app", () => {
  it("has each number once, from 1 on", () => {
    const numbers = migrations().map((name) => Number.parseInt(name));
    expect(numbers).to.deep.equal(Array.from(numbers, (_, index) => index + 1));
    expect(numbers.length).to.be.at.least(7);
  });

  it("lets two that start at once take turns", async function () {
    const databaseUrl = needs(this, "DATABASE_URL");
    const schema = unique("test");
    const ran = await Promise.all([1, 2, 3].map(() => migrate({ databaseUrl, log: quiet, schema })));
    // One ran them all, in order; the others found nothing left to do.
    expect([...ran].sort((a, b) => a.length - b.length)).to.deep.equal([[], [], migrations()]);
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const { rows } = await client.query<{ table_name: string }>(
      "select table_name from information_schema.tables where table_schema = $1",
      [schema],
    );
    await client.query(`drop schema ${schema} cascade`);
    await client.end();
    expect(rows.map((row) => row.table_name)).to.include.members(["prices", "watchlists", "leases", "users"]);
  });

  it("gives up on a Postgres that can't be reached", async () => {
    const databaseUrl = "postgres://user:s3cret@127.0.0.1:1/none";
    const error: unknown = await migrate({ databaseUrl, log: quiet, attempts: 2 }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error);
    expect(String(error)).to.include("ECONNREFUSED").and.not.include("s3cret");
  });
});
