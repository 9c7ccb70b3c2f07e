import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:http";

import { expect } from "chai";

import { createApi } from "../../../services/api/app.ts";
import { type Price, sameRequest, type Store, type Watchlist } from "../../../services/api/store.ts";
import { createLifecycle } from "../../../services/shared/lifecycle.ts";
import type { KeyValue } from "../../../services/shared/redis.ts";
import { quiet } from "../support.ts";

const trade = (tradeId: number): Price => ({
  product: "BTC-USD",
  tradeId,
  price: "1.0",
  size: "2",
  side: "buy",
  time: "2026-11-24T07:00:00.000Z",
});

class Away extends Error {
  readonly code = "ECONNREFUSED";
}

class FakeStore implements Store {
  away = false;
  broken = false;
  reads = 0;
  readonly #byKey = new Map<string, Watchlist>();

  async check() {
    await this.#reach();
  }
  async latestPrices() {
    await this.#reach();
    return [trade(9)];
  }
  async prices(product: string, limit: number, before: number | undefined) {
    await this.#reach();
    const ids = product === "BTC-USD" ? [9, 8, 7, 6, 5] : [];
    return ids
      .filter((id) => id < (before ?? Infinity))
      .slice(0, limit)
      .map(trade);
  }
  async createWatchlist(key: string, wanted: { name: string; products: readonly string[] }) {
    await this.#reach();
    const there = this.#byKey.get(key);
    if (there) {
      return sameRequest(there, wanted)
        ? { outcome: "repeated" as const, watchlist: there }
        : { outcome: "conflict" as const };
    }
    const watchlist = { ...wanted, id: randomUUID(), createdAt: "2026-11-24T07:00:00.000Z" };
    this.#byKey.set(key, watchlist);
    return { outcome: "created" as const, watchlist };
  }
  async watchlist(id: string) {
    await this.#reach();
    return [...this.#byKey.values()].find((watchlist) => watchlist.id === id);
  }
  async deleteWatchlist(id: string) {
    return (await this.watchlist(id)) !== undefined;
  }
  async #reach() {
    this.reads += 1;
    if (this.away) throw new Away("connect ECONNREFUSED secret-host:5432");
    if (this.broken) throw new Error("column secret does not exist");
    return Promise.resolve();
  }
}

class FakeRedis implements KeyValue {
  away = false;
  readonly #values = new Map<string, string>();
  get(key: string) {
    return this.#do(() => this.#values.get(key) ?? null);
  }
  set(key: string, value: string) {
    return this.#do(() => void this.#values.set(key, value));
  }
  ping() {
    return this.#do(() => undefined);
  }
  close() {
    return Promise.resolve();
  }
  #do<T>(work: () => T): Promise<T> {
    return this.away ? Promise.reject(new Error("Redis is away")) : Promise.resolve(work());
  }
}

describe("services/api/app", () => {
  let store: FakeStore;
  let redis: FakeRedis;
  let server: Server;
  let base: string;

  beforeEach(async () => {
    store = new FakeStore();
    redis = new FakeRedis();
    server = createServer(createApi({ store, redis, lifecycle: createLifecycle({ log: quiet }), log: quiet }));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(base + path, init);
    const text = await response.text();
    const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body, text };
  };
  const post = (body: string | object, headers: Record<string, string> = {}) =>
    call("/api/v1/watchlists", {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": "application/json", "idempotency-key": randomUUID(), ...headers },
    });
  const problem = ({ status, headers, body }: Awaited<ReturnType<typeof call>>) => {
    expect(headers.get("content-type")).to.match(/^application\/problem\+json/);
    expect(body["status"]).to.equal(status);
    return `${status} ${String(body["type"]).replace("urn:cryptotracker:problem:", "")}`;
  };

  it("shows latest prices, from the cache the second time", async () => {
    const first = await call("/api/v1/prices");
    const second = await call("/api/v1/prices");
    expect(second.body)
      .to.deep.equal(first.body)
      .and.deep.equal({ prices: [trade(9)] });
    expect([first, second].map(({ headers }) => headers.get("x-cache"))).to.deep.equal(["miss", "hit"]);
    expect(store.reads).to.equal(1);
  });

  it("pages by trade id, newest first, until there is no more", async () => {
    const ids: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body } = await call(`/api/v1/prices/BTC-USD?limit=2${cursor && `&cursor=${cursor}`}`);
      ids.push(...(body["prices"] as Price[]).map(({ tradeId }) => tradeId));
      cursor = body["nextCursor"] as string | null;
    }
    expect(ids).to.deep.equal([9, 8, 7, 6, 5]);
  });

  it("passes by a dead cache and stays ready", async () => {
    redis.away = true;
    const { status, headers } = await call("/api/v1/prices");
    expect([status, headers.get("x-cache")]).to.deep.equal([200, "bypass"]);
    expect((await call("/ready")).body).to.deep.equal({
      status: "ready",
      checks: { postgres: "ok", redis: "degraded" },
    });
  });

  it("answers 503 with Retry-After while Postgres is away, and is alive but not ready", async () => {
    store.away = true;
    const answers = [await call("/api/v1/prices"), await post({ name: "a", products: ["BTC-USD"] })];
    for (const answer of answers) {
      expect(problem(answer)).to.equal("503 unavailable");
      expect(Number(answer.headers.get("retry-after"))).to.be.greaterThan(0);
      expect(answer.text).not.to.include("secret");
    }
    expect((await call("/ready")).status).to.equal(503);
    expect((await call("/health")).status).to.equal(200);
  });

  it("hides what it did not foresee", async () => {
    store.broken = true;
    const answer = await call("/api/v1/prices");
    expect(problem(answer)).to.equal("500 internal");
    expect(answer.text).not.to.match(/secret|at .*\.ts/);
  });

  it("creates a watchlist once per key", async () => {
    const key = { "idempotency-key": randomUUID() };
    const wanted = { name: " mine ", products: ["BTC-USD", "ETH-USD"] };
    const first = await post(wanted, key);
    const second = await post(wanted, { "idempotency-key": key["idempotency-key"].toUpperCase() });
    expect([first.status, second.status]).to.deep.equal([201, 201]);
    expect(second.text).to.equal(first.text);
    expect(first.headers.get("idempotency-replayed")).to.equal(null);
    expect(second.headers.get("idempotency-replayed")).to.equal("true");
    expect(first.body).to.include({ name: "mine" });
    const location = first.headers.get("location") ?? "";
    expect((await call(location)).body).to.deep.equal(first.body);
    expect((await call(location, { method: "DELETE" })).status).to.equal(204);
    expect(problem(await post({ ...wanted, name: "other" }, key))).to.equal("422 idempotency-key-reused");
  });

  const json = { "content-type": "application/json" };
  const refusals: [string, string, () => Promise<Awaited<ReturnType<typeof call>>>][] = [
    ["broken JSON", "400 invalid-json", () => post("{")],
    ["another content type", "415 unsupported-media-type", () => post("a=1", { "content-type": "text/plain" })],
    ["a body that is too large", "413 body-too-large", () => post({ name: "x".repeat(20_000), products: ["A-B"] })],
    ["an unfit body", "400 invalid-body", () => post({ name: "", products: ["btc"] })],
    ["control characters", "400 invalid-body", () => post({ name: "a\u0000b", products: ["A-B"] })],
    ["fields it does not know", "400 invalid-body", () => post({ name: "a", products: ["A-B"], admin: true })],
    [
      "no key",
      "400 idempotency-key-required",
      () => call("/api/v1/watchlists", { method: "POST", body: "{}", headers: json }),
    ],
    ["a key that is no UUID", "400 idempotency-key-required", () => post({}, { "idempotency-key": "1" })],
    ["an id that is no UUID", "400 invalid-parameters", () => call("/api/v1/watchlists/1")],
    ["an unknown watchlist", "404 not-found", () => call(`/api/v1/watchlists/${randomUUID()}`)],
    ["an unknown product", "404 not-found", () => call("/api/v1/prices/NO-NE")],
    ["a product that can't be one", "400 invalid-parameters", () => call("/api/v1/prices/btc")],
    ["limits out of range", "400 invalid-parameters", () => call("/api/v1/prices/BTC-USD?limit=501&cursor=-1")],
    ["an unknown path", "404 not-found", () => call("/api/v2/prices")],
    ["a path that can't be decoded", "400 bad-request", () => call("/api/v1/prices/%ff")],
    ["a method the path does not have", "405 method-not-allowed", () => call("/api/v1/prices", { method: "PUT" })],
  ];
  for (const [what, expected, act] of refusals) {
    it(`refuses ${what}`, async () => {
      const answer = await act();
      expect(problem(answer)).to.equal(expected);
      expect(answer.text).not.to.match(/\.ts:|node_modules/);
    });
  }
});
