/** What users keep: made once, seen by nobody else, never more than they may. */
import { randomUUID } from "node:crypto";

import { expect } from "chai";

import { type Database, freshDatabase, needs, until } from "../support.ts";
import { type Api, itemsOf, made, type Member, problem, startApi } from "./server.ts";

const WATCHLIST = { name: "mine", products: ["BTC-USD", "ETH-USD"] };
const RULE = { kind: "price", subject: "BTC-USD", direction: "above", threshold: "100000.10" };
const WEBHOOK = { url: "https://hooks.ann.dev/in?x=1" };

describe("services/api what users keep", () => {
  let database: Database;
  let api: Api;
  let ann: Member;
  let bob: Member;

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    api = await startApi(this, database.url);
  });
  after(async () => {
    await (api as Api | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });
  beforeEach(async () => {
    [ann, bob] = [await api.member(), await api.member()];
  });

  const kept: readonly { path: string; first: object; other: object; most: number }[] = [
    { path: "/watchlists", first: WATCHLIST, other: { ...WATCHLIST, name: "other" }, most: 100 },
    { path: "/alert-rules", first: RULE, other: { ...RULE, threshold: "2" }, most: 100 },
    { path: "/webhooks", first: WEBHOOK, other: { url: "https://other.ann.dev/" }, most: 10 },
  ];

  for (const { path, first, other, most } of kept) {
    describe(path, () => {
      it("makes one of the same request, however often and at once it comes, also after it was changed", async () => {
        const key = { "idempotency-key": randomUUID() };
        const answers = await Promise.all(Array.from({ length: 12 }, () => ann.post(path, first, key)));
        expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);
        expect(answers.map(({ status }) => status)).to.deep.equal(Array(12).fill(201));
        expect(answers.filter(({ headers }) => headers.get("idempotency-replayed") === null)).to.have.length(1);
        const id = String(answers[0]?.body["id"]);
        expect(answers[0]?.headers.get("location")).to.equal(`/api/v1${path}/${id}`);
        expect(itemsOf(await ann.get(path))).to.have.length(1);

        expect(problem(await ann.post(path, other, key))).to.equal("422 idempotency-key-reused");
        expect((await ann.put(`${path}/${id}`, other)).status).to.equal(200);
        const again = await ann.post(path, first, { "idempotency-key": key["idempotency-key"].toUpperCase() });
        expect([again.status, again.body["id"]]).to.deep.equal([201, id]);
      });

      it("shows, changes and deletes, for its owner alone", async () => {
        const { id } = await made(ann.post(path, first));
        const one = `${path}/${String(id)}`;
        for (const stranger of [bob, api.anyone]) {
          const refused = stranger === bob || path === "/watchlists" ? "404 not-found" : "401 unauthenticated";
          expect(problem(await stranger.get(one))).to.equal(refused);
          expect(problem(await stranger.put(one, other))).to.equal(refused);
          expect(problem(await stranger.delete(one))).to.equal(refused);
        }
        expect(itemsOf(await bob.get(path))).to.deep.equal([]);
        const changed = await ann.put(one, other);
        expect(changed.body).to.include({ id });
        expect((await ann.get(one)).body)
          .to.deep.equal(changed.body)
          .and.to.deep.include(other);
        expect((await ann.delete(one)).status).to.equal(204);
        expect(problem(await ann.get(one))).to.equal("404 not-found");
        expect(problem(await ann.delete(one))).to.equal("404 not-found");
        expect(problem(await ann.put(one, other))).to.equal("404 not-found");
      });

      it(`keeps ${most} for each user and not one more, however many come at once`, async function () {
        this.timeout(60_000);
        const begun = await Promise.all(Array.from({ length: most - 2 }, () => ann.post(path, first)));
        expect(begun.map(({ status }) => status)).to.deep.equal(Array(most - 2).fill(201));
        const key = { "idempotency-key": randomUUID() };
        await made(ann.post(path, first, key));
        const rest = await Promise.all(Array.from({ length: 8 }, () => ann.post(path, first)));
        expect(rest.filter(({ status }) => status === 201)).to.have.length(1);
        const refused = rest.filter(({ status }) => status !== 201).map(problem);
        expect(refused).to.deep.equal(Array(7).fill("409 too-many-kept"));
        // What was made before is still told, and others are not held back.
        expect((await ann.post(path, first, key)).headers.get("idempotency-replayed")).to.equal("true");
        await made(bob.post(path, first));
        const { rows } = await database.pool.query<{ count: string }>(
          `select count(*) from ${path.slice(1).replace("-", "_")} where user_id = $1`,
          [ann.id],
        );
        expect(Number(rows[0]?.count)).to.equal(most);
      });
    });
  }

  describe("watchlists of nobody", () => {
    it("are there for whoever knows their id, and in nobody's list", async () => {
      const { id } = await made(api.anyone.post("/watchlists", { ...WATCHLIST, name: " spaced " }));
      for (const reader of [api.anyone, ann])
        expect((await reader.get(`/watchlists/${String(id)}`)).body).to.include({ name: "spaced" });
      expect(itemsOf(await ann.get("/watchlists"))).to.deep.equal([]);
      expect((await api.anyone.delete(`/watchlists/${String(id)}`)).status).to.equal(204);
    });

    it("are made once of the same request, and their key shows nobody another's", async () => {
      const key = { "idempotency-key": randomUUID() };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => api.anyone.post("/watchlists", WATCHLIST, key)),
      );
      expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);
      expect(problem(await ann.post("/watchlists", WATCHLIST, key))).to.equal("422 idempotency-key-reused");
      const anns = { "idempotency-key": randomUUID() };
      await made(ann.post("/watchlists", WATCHLIST, anns));
      expect(problem(await api.anyone.post("/watchlists", WATCHLIST, anns))).to.equal("422 idempotency-key-reused");
    });

    it("that an older release made are known by their key", async () => {
      const key = randomUUID();
      await database.pool.query(
        "insert into watchlists (id, idempotency_key, name, products) values ($1, $2, 'mine', array['BTC-USD', 'ETH-USD'])",
        [randomUUID(), key],
      );
      const again = await api.anyone.post("/watchlists", WATCHLIST, { "idempotency-key": key });
      expect([again.status, again.headers.get("idempotency-replayed")]).to.deep.equal([201, "true"]);
    });
  });

  describe("connections that are cut", () => {
    const cut = async () => {
      const { rows } = await api.pool.query<{ application_name: string }>("show application_name");
      await database.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", [
        rows[0]?.application_name,
      ]);
    };

    it("are noticed by nobody", async () => {
      await Promise.all(Array.from({ length: 6 }, () => ann.get("/alert-rules")));
      await cut();
      expect((await ann.get("/alert-rules")).status).to.equal(200);
      await cut();
      await made(ann.post("/alert-rules", RULE));
    });

    it("in the middle of a transaction neither", async () => {
      const holder = await database.pool.connect();
      const name = `alert_rules of ${ann.id}`;
      await holder.query("select pg_advisory_lock(hashtextextended($1, 0))", [name]);
      const waiting = ann.post("/alert-rules", RULE);
      await until(async () => {
        const { rows } = await holder.query("select 1 from pg_locks where locktype = 'advisory' and not granted");
        return rows.length > 0;
      });
      await cut();
      await holder.query("select pg_advisory_unlock(hashtextextended($1, 0))", [name]);
      holder.release();
      await made(waiting);
      expect(itemsOf(await ann.get("/alert-rules"))).to.have.length(1);
    });
  });
});
