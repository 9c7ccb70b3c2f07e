import { randomUUID } from "node:crypto";

import { expect } from "chai";

import { CHORES as ALERT } from "../../../services/alert/housekeeping.ts";
import { CHORES as NOTIFICATION } from "../../../services/notification/housekeeping.ts";
import { keepTidy, tidy } from "../../../services/shared/housekeeping.ts";
import { createPool } from "../../../services/shared/postgres.ts";
import { insertRules, insertUser, marketRules, seeded } from "../alert/market.ts";
import { collectingLog, type Database, freshDatabase, needs, quiet, until } from "../support.ts";

describe("services/shared/housekeeping on Postgres", () => {
  let database: Database;
  const { signal } = new AbortController();
  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
  });
  after(async () => {
    await (database as Database | undefined)?.drop();
  });

  const left = async (table: string): Promise<string[]> => {
    const { rows } = await database.pool.query<{ reason: string }>(`select reason from ${table} order by 1`);
    return rows.map(({ reason }) => reason);
  };

  it("ends deliveries that ended long ago, alerts that were published long ago, and no others", async () => {
    const user = await insertUser(database.pool);
    const [rule] = marketRules(["BTC-USD"], 1, seeded(1));
    if (!rule) throw new Error("no rule was made");
    await insertRules(database.pool, user, [rule]);
    const fired = async (age: string, published: boolean): Promise<string> => {
      const id = randomUUID();
      await database.pool.query(
        `insert into alerts (id, rule_id, user_id, kind, subject, direction, threshold, value, time, fired_at, published_at)
         values ($1, $2, $3, 'price', 'BTC-USD', 'above', 1, 2, now(), now() - $4::interval, case when $5 then now() end)`,
        [id, rule.id, user, age, published],
      );
      return id;
    };
    const alerts = {
      old: await fired("181 days", true),
      unpublished: await fired("181 days", false),
      young: await fired("179 days", true),
    };
    const deliver = (alert: string, status: string, ended: string | null, n: number) =>
      database.pool.query(
        `insert into deliveries (alert_id, channel, user_id, status, reason, ended_at, created_at)
         select $1, 'webhook:' || gen_random_uuid(), $2, $3::text, $3 || ' ' || coalesce($4, 'open'), now() - $4::interval,
           now() - interval '1 year' from generate_series(1, $5)`,
        [alert, user, status, ended, n],
      );
    for (const status of ["sent", "suppressed", "failed"]) {
      await deliver(alerts.young, status, "31 days", 700);
      await deliver(alerts.young, status, "29 days", 1);
    }
    await deliver(alerts.young, "waiting", null, 1);
    await deliver(alerts.young, "sending", null, 1);
    await deliver(alerts.old, "sent", "1 day", 1);

    // Two replicas at once; what one holds the other leaves to it.
    const both = await Promise.all([1, 2].map(() => tidy(database.pool, NOTIFICATION, signal)));
    const rest = await tidy(database.pool, NOTIFICATION, signal);
    expect([...both, rest].reduce((sum, { deliveries = 0 }) => sum + deliveries, 0)).to.equal(2_100);
    const kept = ["failed 29 days", "sending open", "sent 1 day", "sent 29 days", "suppressed 29 days", "waiting open"];
    expect(await left("deliveries")).to.deep.equal(kept);

    expect(await tidy(database.pool, ALERT, signal)).to.deep.equal({ alert_posts: 0, alerts: 1 });
    const { rows } = await database.pool.query<{ id: string }>("select id from alerts");
    expect(rows.map(({ id }) => id)).to.have.members([alerts.unpublished, alerts.young]);
    expect(await left("deliveries")).to.deep.equal(kept.filter((each) => each !== "sent 1 day"));
  });

  it("outlives a failure and ends with its signal", async () => {
    const { log, lines } = collectingLog();
    const stop = new AbortController();
    const nowhere = createPool({ connectionString: "postgres://127.0.0.1:1/none", log: quiet, name: "test" });
    const tidying = keepTidy(nowhere, ALERT, log, stop.signal);
    await until(() => lines.length > 0);
    stop.abort();
    await tidying;
    await nowhere.end();
    expect(lines.map(({ msg }) => msg)).to.deep.equal(["old rows could not be deleted"]);
  });
});
