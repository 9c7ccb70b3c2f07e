import { randomBytes, randomUUID } from "node:crypto";

import { expect } from "chai";

import { CHORES } from "../../../services/auth/housekeeping.ts";
import { keepTidy, tidy } from "../../../services/shared/housekeeping.ts";
import { createPool } from "../../../services/shared/postgres.ts";
import { collectingLog, type Database, freshDatabase, needs, quiet, until } from "../support.ts";

describe("services/auth/housekeeping on Postgres", () => {
  let database: Database;
  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    const user = randomUUID();
    await database.pool.query("insert into users (id, email, email_key, password_hash) values ($1, 'a', 'a', 'x')", [
      user,
    ]);
    const session = `insert into sessions (id, user_id, expires_at, token_hash)
      select gen_random_uuid(), $1, now() + $2::interval, '' from generate_series(1, $3)`;
    await database.pool.query(session, [user, "-2 days", 2_345]);
    await database.pool.query(session, [user, "1 hour", 3]);
    const failure = "insert into sign_in_failures values ($1, 1, null, now() - $2::interval)";
    await database.pool.query(failure, [randomBytes(32), "25 hours"]);
    await database.pool.query(failure, [randomBytes(32), "23 hours"]);
    const event = `insert into auth_events (event, client_hash, request_id, at) values ('sign-in', '', '', now() - $1::interval)`;
    await database.pool.query(event, ["181 days"]);
    await database.pool.query(event, ["179 days"]);
  });
  after(async () => {
    await (database as Database | undefined)?.drop();
  });

  it("deletes what is over, on two replicas at once, and nothing else", async () => {
    const { signal } = new AbortController();
    const once = async (): Promise<number> =>
      Object.values(await tidy(database.pool, CHORES, signal)).reduce((sum, rows) => sum + rows, 0);
    const deleted = await Promise.all([once(), once()]);
    // What one passes by because the other holds it is left to the other, or to a run after it.
    const rest = await once();
    expect(deleted[0] + deleted[1] + rest).to.equal(2_345 + 1 + 1);
    const { rows } = await database.pool.query(`select (select count(*)::int from sessions) as sessions,
      (select count(*)::int from sign_in_failures) as failures, (select count(*)::int from auth_events) as events`);
    expect(rows).to.deep.equal([{ sessions: 3, failures: 1, events: 1 }]);
  });

  it("outlives a failure and ends with its signal", async () => {
    const { log, lines } = collectingLog();
    const stop = new AbortController();
    const nowhere = createPool({ connectionString: "postgres://127.0.0.1:1/none", log: quiet, name: "test" });
    const tidying = keepTidy(nowhere, CHORES, log, stop.signal);
    await until(() => lines.length > 0);
    stop.abort();
    await tidying;
    await nowhere.end();
    expect(lines.map(({ msg }) => msg)).to.deep.equal(["old rows could not be deleted"]);
  });
});
