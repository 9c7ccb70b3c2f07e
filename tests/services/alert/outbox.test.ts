import { randomUUID } from "node:crypto";

import { expect } from "chai";

import { publishSome, runOutbox } from "../../../services/alert/outbox.ts";
import type { Message } from "../../../services/shared/kafka.ts";
import { readAlert } from "../../../services/shared/topics/alerts.ts";
import { collectingLog, type Database, freshDatabase, needs, quiet, until } from "../support.ts";
import { insertUser } from "./market.ts";

describe("services/alert/outbox on Postgres", () => {
  let database: Database;
  let user: string;
  let rule: string;
  beforeEach(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    user = await insertUser(database.pool);
    rule = randomUUID();
    const values = [rule, user];
    await database.pool.query(
      `insert into alert_rules (id, user_id, kind, subject, direction, threshold)
       values ($1, $2, 'price', 'BTC-USD', 'above', 100000.50)`,
      values,
    );
  });
  afterEach(async () => {
    await (database as Database | undefined)?.drop();
  });

  const store = async (count: number, value = "100001"): Promise<void> => {
    await database.pool.query(
      `insert into alerts (id, rule_id, user_id, kind, subject, direction, threshold, value, time)
       select gen_random_uuid(), $1, $2, 'price', 'BTC-USD', 'above', 100000.50, $3::numeric, now() from generate_series(1, $4)`,
      [rule, user, value, count],
    );
  };
  const left = async () => (await database.pool.query("select 1 from alerts where published_at is null")).rows.length;

  it("publishes what is stored, under the user's key, each field as the rule and the price had it", async () => {
    await store(1);
    const sent: Message[] = [];
    const send = (messages: Message[]) => Promise.resolve(void sent.push(...messages));
    expect(await publishSome(database.pool, send, quiet)).to.equal(1);
    expect(await publishSome(database.pool, send, quiet)).to.equal(0);
    const [message] = sent;
    const alert = readAlert(message?.value as string);
    if (!alert.ok) throw new Error(alert.reason);
    expect(message?.key).to.equal(user);
    expect(alert.message).to.include({ user, rule, kind: "price", threshold: "100000.50", value: "100001" });
  });

  it("shares the work between replicas, so that none is published by two", async () => {
    await store(450);
    const sent: Message[] = [];
    const send = async (messages: Message[]) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      sent.push(...messages);
    };
    const turns = await Promise.all([1, 2, 3].map(() => publishSome(database.pool, send, quiet)));
    expect(turns.reduce((sum, n) => sum + n, 0)).to.equal(450);
    expect(new Set(sent.map(({ value }) => value)).size).to.equal(450);
    expect([sent.length, await left()]).to.deep.equal([450, 0]);
  });

  it("keeps what the topic did not take, and publishes it when it does", async () => {
    await store(3);
    let failures = 2;
    const sent: Message[] = [];
    const outbox = runOutbox({
      pool: database.pool,
      send: (messages) =>
        failures-- > 0 ? Promise.reject(new Error("no leader")) : Promise.resolve(void sent.push(...messages)),
      log: quiet,
      every: 10_000,
    });
    await until(async () => (await left()) === 0);
    await store(2);
    outbox.wake();
    await until(async () => (await left()) === 0);
    await store(1);
    await outbox.stop();
    expect([sent.length, await left()]).to.deep.equal([6, 0]);
  });

  it("lets one that does not fit the topic keep nothing back", async () => {
    await store(1, "1e30");
    await store(1);
    const { log, lines } = collectingLog();
    const sent: Message[] = [];
    await publishSome(database.pool, (messages) => Promise.resolve(void sent.push(...messages)), log);
    expect([sent.length, await left()]).to.deep.equal([1, 0]);
    expect(lines.map(({ level }) => level)).to.deep.equal(["error"]);
  });
});
