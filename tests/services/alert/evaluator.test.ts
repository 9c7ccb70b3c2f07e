import { expect } from "chai";

import { createEvaluator, type Evaluator } from "../../../services/alert/evaluator.ts";
import { createPast } from "../../../services/alert/past.ts";
import { Prices } from "../../../services/alert/prices.ts";
import { refresh } from "../../../services/alert/refresh.ts";
import { RuleBook } from "../../../services/alert/rule-book.ts";
import { createStore } from "../../../services/alert/store.ts";
import { createTurns } from "../../../services/alert/turns.ts";
import type { Placed } from "../../../services/shared/batches.ts";
import type { SentimentMessage } from "../../../services/shared/topics/sentiment.ts";
import type { PriceMessage } from "../../../services/shared/topics/prices.ts";
import { type Database, freshDatabase, needs, quiet } from "../support.ts";
import {
  expectedAlerts,
  insertPrices,
  insertRules,
  insertUser,
  type MarketRule,
  marketRules,
  seeded,
  storedAlerts,
  trades,
} from "./market.ts";

const START = Date.parse("2026-11-24T07:00:00Z");
const products = ["BTC-USD", "ETH-USD"];

const placed = <T>(messages: readonly T[], first = 0): Placed<T>[] =>
  messages.map((message, i) => ({ message, partition: 0, offset: String(first + i) }));

describe("services/alert/evaluator on Postgres", () => {
  let database: Database;
  let user: string;
  beforeEach(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    user = await insertUser(database.pool);
  });
  afterEach(async () => {
    await (database as Database | undefined)?.drop();
  });

  function replica() {
    const [store, book] = [createStore(database.pool), new RuleBook()];
    const prices = new Prices(book, createPast(database.pool), quiet);
    let alerted = 0;
    const evaluator = createEvaluator({ store, book, prices, turns: createTurns(), onAlerts: () => (alerted += 1) });
    return { evaluator, book, look: () => refresh({ store, book }), alerted: () => alerted };
  }

  for (const seed of [1, 2, 3, 4]) {
    it(`alerts once of each crossing, whoever is given what how often (seed ${seed})`, async function () {
      this.timeout(60_000);
      const random = seeded(seed);
      const all = trades(products, 6_000, random, START);
      const rules = marketRules(products, 60, random);
      await insertRules(database.pool, user, rules);
      await insertPrices(database.pool, all);
      const topic = placed(all);

      // Two that each believe to be the partition's owner, and one that comes anew at each turn.
      const owners: Evaluator[] = [replica().evaluator, replica().evaluator];
      for (let committed = 0; committed < topic.length;) {
        const given = owners.map((_, i) => {
          const back = Math.max(0, committed - Math.floor(random() * 400));
          return i === 0 ? committed : back;
        });
        const until = committed + 1 + Math.floor(random() * 700);
        await Promise.all(owners.map((owner, i) => owner.prices(topic.slice(given[i], until))));
        if (random() < 0.3) owners[Math.floor(random() * 2)] = replica().evaluator;
        // A commit may be lost; what was done is done again then.
        if (random() < 0.8) committed = until;
      }
      const expected = expectedAlerts(rules, all);
      expect(await storedAlerts(database.pool)).to.deep.equal(expected);
      expect(expected.length).to.be.above(60);
      const changes = new Set(rules.filter(({ kind }) => kind === "change").map(({ id }) => id));
      expect(expected.some((alert) => changes.has(alert.split(" ", 1)[0] ?? ""))).to.equal(true);
    });
  }

  it("follows the exchange that a product is known by, and no other", async () => {
    const random = seeded(5);
    const all = trades(products, 1_000, random, START);
    const rules = marketRules(products, 20, random);
    await insertRules(database.pool, user, rules);
    await insertPrices(database.pool, all);
    // Another exchange's trades have ids of their own, far ahead, and prices that would cross every line.
    const both = all.flatMap((trade, i): PriceMessage[] => {
      const price = i % 2 === 0 ? "1" : "99999";
      return [trade, { ...trade, exchange: "kraken", reference: false, tradeId: trade.tradeId + 1e9, price }];
    });
    const { evaluator } = replica();
    for (let i = 0; i < both.length; i += 300) await evaluator.prices(placed(both.slice(i, i + 300), i));
    const expected = expectedAlerts(rules, all);
    expect(expected.length).to.be.above(5);
    expect(await storedAlerts(database.pool)).to.deep.equal(expected);
  });

  it("has turned nothing in memory when storing fails, and catches up when it works again", async () => {
    const random = seeded(9);
    const all = trades(products, 2_000, random, START);
    const rules = marketRules(products, 40, random);
    await insertRules(database.pool, user, rules);
    await insertPrices(database.pool, all);
    // Every other statement is refused.
    await database.pool.query(`
      create sequence refusals;
      create function refuse() returns trigger language plpgsql as $$
      begin
        if nextval('refusals') % 2 = 0 then raise exception 'not now' using errcode = '57P03'; end if;
        return null;
      end $$;
      create trigger refuse before insert on alert_states for each statement execute function refuse()`);
    const { evaluator } = replica();
    const topic = placed(all);
    let failures = 0;
    for (let i = 0; i < topic.length; i += 20) {
      const give = () => evaluator.prices(topic.slice(i, i + 20));
      await give().catch(() => ((failures += 1), give()));
    }
    expect(failures).to.be.above(3);
    expect(await storedAlerts(database.pool)).to.deep.equal(expectedAlerts(rules, all));
  });

  const price = (tradeId: number, value: number): PriceMessage => ({
    v: 1,
    ...{ exchange: "coinbase", reference: true },
    product: "BTC-USD",
    tradeId,
    price: String(value),
    size: "1",
    side: "buy",
    time: new Date(Date.now() + 1_000 + tradeId).toISOString(),
    sequence: null,
    fence: 1,
  });
  const above = (id: string, threshold: number): MarketRule => ({
    ...{ id, kind: "price", product: "BTC-USD", direction: "above", threshold },
    ...{ hysteresis: 0, cooldownMs: 0, windowSeconds: 60 },
  });
  const RULE = "11111111-2222-4333-8444-555555555555";
  const count = async () => (await storedAlerts(database.pool)).length;

  const alertedOf = async (): Promise<string[]> => {
    const { rows } = await database.pool.query<{ value: string }>("select value::text from alerts order by time");
    return rows.map(({ value }) => value);
  };
  /** Over the line at 102, back at 99, over it again at 103. */
  const twice = placed([90, 102, 101, 99, 103].map((value, i) => price(i + 1, value)));

  it("knows where a rule stands that another has turned meanwhile", async () => {
    await insertRules(database.pool, user, [above(RULE, 100)]);
    const [one, other] = [replica().evaluator, replica().evaluator];
    await one.prices(twice.slice(0, 3));
    await other.prices(twice.slice(3, 4));
    await one.prices(twice.slice(4));
    expect(await alertedOf()).to.deep.equal(["102", "103"]);
  });

  it("lets one that is late turn nothing back", async () => {
    await insertRules(database.pool, user, [above(RULE, 100)]);
    const [late, other] = [replica().evaluator, replica().evaluator];
    await late.prices(twice.slice(0, 1));
    await other.prices(twice.slice(0, 4));
    await late.prices(twice.slice(1, 3));
    await replica().evaluator.prices(twice.slice(4));
    expect(await alertedOf()).to.deep.equal(["102", "103"]);
  });

  it("takes up rules that are made, changed, switched off and deleted", async () => {
    const { evaluator, look, alerted } = replica();
    let offset = 0;
    const give = (value: number) => evaluator.prices(placed([price((offset += 1), value)], offset));
    await give(100);
    await insertRules(database.pool, user, [above(RULE, 100)]);
    await look();
    await give(100);
    expect([await count(), alerted()]).to.deep.equal([1, 1]);
    await give(101);
    expect(await count()).to.equal(1);

    // Changed: judged anew, so that what is beyond its line is told again.
    await database.pool.query("update alert_rules set threshold = 90 where id = $1", [RULE]);
    await look();
    await give(101);
    expect(await count()).to.equal(2);
    await give(95);
    expect(await count()).to.equal(2);

    await database.pool.query("update alert_rules set enabled = false where id = $1", [RULE]);
    await look();
    await give(80);
    await give(95);
    expect(await count()).to.equal(2);

    await database.pool.query("update alert_rules set enabled = true where id = $1", [RULE]);
    await look();
    await give(95);
    expect(await count()).to.equal(3);

    await database.pool.query("delete from alert_rules where id = $1", [RULE]);
    await give(80);
    await give(95);
    expect(await count()).to.equal(0);
  });

  it("stores nothing of a rule that was deleted or changed after it was read, and puts no message aside", async () => {
    const { evaluator, book } = replica();
    await insertRules(database.pool, user, [above(RULE, 100)]);
    await evaluator.prices(placed([price(1, 99)], 1));
    await database.pool.query("update alert_rules set threshold = 200 where id = $1", [RULE]);
    expect(await evaluator.prices(placed([price(2, 150)], 2))).to.deep.equal([]);
    expect([await count(), book.digest.count]).to.deep.equal([0, 1]);
    await database.pool.query("delete from users");
    expect(await evaluator.prices(placed([price(3, 250)], 3))).to.deep.equal([]);
    expect([await count(), book.digest.count]).to.deep.equal([0, 0]);
  });

  it("alerts of an hour's mean, and not again when the posts are published again", async () => {
    await database.pool.query(
      `insert into alert_rules (id, user_id, kind, subject, direction, threshold, cooldown_seconds, updated_at)
       values ($1, $2, 'sentiment', 'BTC', 'above', 0.3, 0, '2020-01-01')`,
      [RULE, user],
    );
    const means = [0.1, 0.29999999999999993, 0.3, 0.2, 0.35, 0.1];
    const said = means.map((mean, i): SentimentMessage => ({
      ...{
        v: 1,
        post: `rss:${i}`,
        source: "rss",
        revision: 0,
        symbol: "BTC",
        score: mean,
        confidence: 1,
        model: "lexicon-1",
      },
      hour: { mean, posts: 1 },
      time: "2026-11-24T07:00:00Z",
      receivedAt: new Date(START + i * 1000).toISOString(),
    }));
    // Published twice, in part and as a whole, and taken by one that knows nothing of the first.
    const again = [...said, ...said.slice(1, 3), ...said];
    const [one, other] = [replica(), replica()];
    await one.evaluator.sentiment(placed(again.slice(0, 7)));
    await other.evaluator.sentiment(placed(again.slice(4), 4));
    await one.evaluator.sentiment(placed(again.slice(7), 7));
    const { rows } = await database.pool.query<{ value: string }>("select value::text from alerts order by time");
    expect(rows.map(({ value }) => value)).to.deep.equal(["0.3", "0.35"]);
  });
});
