import { randomUUID } from "node:crypto";

import { expect } from "chai";

import { type Database, freshDatabase, needs, unique } from "../support.ts";
import { type Answer, type Api, JSON_TYPE, problem, startApi } from "./server.ts";

const DEAD = "postgres://nobody:s3cret@127.0.0.1:1/none";

describe("services/api/app", () => {
  let database: Database;
  let api: Api;

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    api = await startApi(this, database.url);
    await database.pool.query(`insert into prices (product, trade_id, price, size, side, time)
      select 'BTC-USD', i, 1.50, 0.10, 'buy', now() from generate_series(5, 9) i`);
  });
  after(async () => {
    await (api as Api | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });

  const watchlist = (body: unknown, headers: Record<string, string> = {}) =>
    api.anyone.post("/watchlists", body, headers);

  it("is ready while Postgres answers, whoever else is away", async () => {
    expect((await api.call("/ready")).body).to.deep.equal({
      status: "ready",
      checks: { postgres: "ok", redis: "degraded" },
    });
    expect((await api.anyone.get("/prices")).headers.get("x-cache")).to.equal("bypass");
  });

  it("answers 503 with Retry-After while Postgres is away, and is alive but not ready", async function () {
    const away = await startApi(this, DEAD);
    const answers = [
      await away.anyone.get("/prices"),
      await away.anyone.post("/watchlists", { name: "a", products: ["A-B"] }),
    ];
    for (const answer of answers) {
      expect(problem(answer)).to.equal("503 unavailable");
      expect(Number(answer.headers.get("retry-after"))).to.be.greaterThan(0);
      expect(answer.text).not.to.match(/s3cret|127\.0\.0\.1/);
    }
    expect((await away.call("/ready")).status).to.equal(503);
    expect((await away.call("/health")).status).to.equal(200);
    await away.stop();
  });

  it("hides what it did not foresee", async function () {
    const broken = await startApi(this, database.url, {
      wrap: (stores) => ({
        ...stores,
        prices: { ...stores.prices, latestPrices: () => Promise.reject(new Error("column secret does not exist")) },
      }),
    });
    const answer = await broken.anyone.get("/prices");
    expect(problem(answer)).to.equal("500 internal");
    expect(answer.text).not.to.match(/secret|at .*\.ts/);
    await broken.stop();
  });

  it("gives every answer a request id, and keeps one that is sent", async () => {
    const [given, kept] = [
      await api.anyone.get("/coins"),
      await api.anyone.get("/coins/x", { "x-request-id": "mine-12345" }),
    ];
    expect(given.headers.get("x-request-id")).to.match(/^[0-9a-f-]{36}$/);
    expect([kept.headers.get("x-request-id"), kept.body["requestId"]]).to.deep.equal(["mine-12345", "mine-12345"]);
  });

  const refusals: readonly [string, string, () => Promise<Answer>][] = [
    ["broken JSON", "400 invalid-json", () => watchlist("{")],
    ["another content type", "415 unsupported-media-type", () => watchlist("a=1", { "content-type": "text/plain" })],
    [
      "a body that is too large",
      "413 body-too-large",
      () => watchlist({ name: "x".repeat(20_000), products: ["A-B"] }),
    ],
    ["an unfit body", "400 invalid-body", () => watchlist({ name: "", products: ["btc"] })],
    ["control characters", "400 invalid-body", () => watchlist({ name: "a\u0000b", products: ["A-B"] })],
    ["fields it does not know", "400 invalid-body", () => watchlist({ name: "a", products: ["A-B"], admin: true })],
    [
      "no key",
      "400 idempotency-key-required",
      () => api.call("/api/v1/watchlists", { method: "POST", body: "{}", headers: JSON_TYPE }),
    ],
    ["a key that is no UUID", "400 idempotency-key-required", () => watchlist({}, { "idempotency-key": "1" })],
    ["an id that is no UUID", "400 invalid-parameters", () => api.anyone.get("/watchlists/1")],
    ["an unknown watchlist", "404 not-found", () => api.anyone.get(`/watchlists/${randomUUID()}`)],
    ["an unknown product", "404 not-found", () => api.anyone.get("/prices/NO-NE")],
    ["the latest trade of none", "404 not-found", () => api.anyone.get("/prices/NO-NE/latest")],
    ["a product that can't be one", "400 invalid-parameters", () => api.anyone.get("/prices/btc")],
    ["limits out of range", "400 invalid-parameters", () => api.anyone.get("/prices/BTC-USD?limit=501&cursor=-1")],
    ["a limit that is given twice", "400 invalid-parameters", () => api.anyone.get("/prices/BTC-USD?limit=1&limit=2")],
    ["a parameter it does not know", "400 invalid-parameters", () => api.anyone.get("/prices/BTC-USD?limits=1")],
    ["an unknown path", "404 not-found", () => api.call("/api/v2/prices")],
    ["a path that can't be decoded", "400 bad-request", () => api.anyone.get("/prices/%ff")],
    ["a method the path does not have", "405 method-not-allowed", () => api.call("/api/v1/prices", { method: "PUT" })],
    ["lists of nobody's", "401 unauthenticated", () => api.anyone.get("/watchlists")],
  ];
  for (const [what, expected, act] of refusals) {
    it(`refuses ${what}`, async () => {
      const answer = await act();
      expect(problem(answer)).to.equal(expected);
      expect(answer.text).not.to.match(/\.ts:|node_modules/);
      expect(answer.headers.get("cache-control")).to.equal("no-store");
    });
  }

  it("tells the methods that a path has", async () => {
    const allowed = async (path: string) =>
      (await api.call(`/api/v1${path}`, { method: "PATCH" })).headers.get("allow");
    expect(await allowed("/prices")).to.equal("GET, HEAD");
    expect(await allowed("/watchlists")).to.equal("POST, GET, HEAD");
    expect(await allowed(`/alert-rules/${unique("x")}`)).to.equal("GET, HEAD, PUT, DELETE");
  });
});
