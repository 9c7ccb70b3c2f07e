/** Pages put together are the list, each row once and in order, whatever is added while they are turned. */
import { expect } from "chai";
import fc from "fast-check";

import { type Database, freshDatabase, needs } from "../support.ts";
import { type Api, faults, itemsOf, type Member, problem, startApi } from "./server.ts";

interface List {
  readonly path: string;
  /** `$1` rows of user `$2`, `$3` seconds after now; those of one statement have one time, so that only ids tell them apart. */
  readonly insert: string;
  /** Where a new row goes. */
  readonly newest: "first" | "last";
}

const RULE = `'price', 'BTC-USD', 'above', 1`;
const AT = `now() + $3 * interval '1 second'`;
const ROWS = `from generate_series(1, $1::int)`;
const LISTS: readonly List[] = [
  {
    path: "/watchlists",
    insert: `insert into watchlists (id, user_id, idempotency_key, name, products, created_at)
      select gen_random_uuid(), $2, gen_random_uuid(), 'x', array['A-B'], ${AT} ${ROWS}`,
    newest: "last",
  },
  {
    path: "/alert-rules",
    insert: `insert into alert_rules (id, user_id, kind, subject, direction, threshold, created_at)
      select gen_random_uuid(), $2, ${RULE}, ${AT} ${ROWS}`,
    newest: "last",
  },
  {
    path: "/webhooks",
    insert: `insert into webhooks (id, user_id, url, secret, created_at)
      select gen_random_uuid(), $2, 'https://a.b/', 's', ${AT} ${ROWS}`,
    newest: "last",
  },
  {
    path: "/push-subscriptions",
    insert: `insert into push_subscriptions (id, user_id, endpoint, p256dh, auth, created_at)
      select gen_random_uuid(), $2, 'https://a.b/' || gen_random_uuid(), 'p', 'a', ${AT} ${ROWS}`,
    newest: "last",
  },
  {
    path: "/alerts",
    insert: `with rule as (
        insert into alert_rules (id, user_id, kind, subject, direction, threshold)
        values (gen_random_uuid(), $2, ${RULE}) returning id
      ) insert into alerts (id, rule_id, user_id, kind, subject, direction, threshold, value, time, fired_at)
      select gen_random_uuid(), rule.id, $2, ${RULE}, 2, now(), ${AT} ${ROWS}, rule`,
    newest: "first",
  },
];

describe("services/api pages", () => {
  let database: Database;
  let api: Api;
  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    api = await startApi(this, database.url);
  });
  after(async () => {
    await (api as Api | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });

  const idsOf = (answer: Parameters<typeof itemsOf>[0]): string[] => itemsOf(answer).map(({ id }) => String(id));

  for (const { path, insert, newest } of LISTS) {
    it(`of ${path}`, async function () {
      this.timeout(60_000);
      const add = (member: Member, count: number, seconds: number) =>
        database.pool.query(insert, [count, member.id, seconds]);
      const statements = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
      const additions = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(statements, fc.integer({ min: 1, max: 7 }), additions, async (before, limit, meanwhile) => {
          const member = await api.member();
          for (const [index, count] of before.entries()) await add(member, count, index);
          const whole = idsOf(await member.get(`${path}?limit=200`));
          expect(whole).to.have.length(before.reduce((sum, count) => sum + count, 0));

          const turned: string[] = [];
          let next: string | null = "";
          for (let page = 0; next !== null; page += 1) {
            const answer = await member.get(`${path}?limit=${limit}${next && `&cursor=${next}`}`);
            expect(answer.status, answer.text).to.equal(200);
            const ids = idsOf(answer);
            next = answer.body["next"] as string | null;
            // A page that has another after it is full, and none is empty but that of an empty list.
            expect(ids.length).to.be.within(next === null ? 1 : limit, limit);
            turned.push(...ids);
            await add(member, meanwhile[page] ?? 0, 100 + page);
          }
          expect(new Set(turned).size).to.equal(turned.length);
          expect(turned.slice(0, whole.length)).to.deep.equal(whole);
          const after = idsOf(await member.get(`${path}?limit=200`));
          if (newest === "first") expect(turned).to.deep.equal(whole);
          else expect(after.slice(0, turned.length)).to.deep.equal(turned);
        }),
        { numRuns: 25 },
      );
    });
  }

  it("of nothing are one, and empty", async () => {
    const ann = await api.member();
    expect((await ann.get("/alerts")).body).to.deep.equal({ items: [], next: null });
  });

  it("have cursors that fit one list and no other, and cannot be made up", async () => {
    const ann = await api.member();
    const rule = { kind: "price", subject: "BTC-USD", direction: "above", threshold: "1" };
    for (let n = 0; n < 2; n += 1) await ann.post("/alert-rules", rule);
    const { body } = await ann.get("/alert-rules?limit=1");
    const cursor = String(body["next"]);
    expect((await ann.get(`/alert-rules?cursor=${cursor}`)).status).to.equal(200);
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const unfit = [
      ...["x", "", "AAAA", encoded(null), encoded(["alerts"]), encoded(["alerts", ["1", "x"]])],
      ...[encoded(["alerts", ["9".repeat(18), crypto.randomUUID()]]), "a".repeat(5_000)],
    ];
    for (const given of [cursor, ...unfit]) {
      const answer = await ann.get(`/alerts?cursor=${given}`);
      expect([problem(answer), ...new Set(faults(answer))], given).to.deep.equal(["400 invalid-parameters", "cursor"]);
    }
  });
});
