/** Who may ask, how often, and what they need not be told again. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { LIMITS, type Limits } from "../../../services/api/http/limits.ts";
import { signAccessToken } from "../../../services/auth/access-token.ts";
import { deriveKeys } from "../../../services/auth/keys.ts";
import { createVerifier } from "../../../services/shared/tokens.ts";
import { type Database, freshDatabase, needs, quiet, unique } from "../support.ts";
import { type Api, problem, startApi } from "./server.ts";

const WATCHLIST = { name: "mine", products: ["BTC-USD"] };

describe("services/api access", () => {
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

  describe("tokens", () => {
    it("let their user in, and nobody without one", async () => {
      const ann = await api.member();
      expect((await ann.get("/alert-rules")).status).to.equal(200);
      const absent = await api.anyone.get("/alert-rules");
      expect(problem(absent)).to.equal("401 unauthenticated");
      expect(absent.headers.get("www-authenticate")).to.equal('Bearer realm="cryptotracker"');
    });

    it("that are out, or not ours, are refused with the reason, also where nobody need be signed in", async () => {
      const user = (await api.member()).id;
      const old = api.as(await signAccessToken(api.keys, user, Date.now() - 3_600_000));
      const foreign = api.as(await signAccessToken(await deriveKeys(unique("somebody else's signing secret")), user));
      const asked = [
        old.get("/alerts"),
        old.get("/coins"),
        foreign.get("/alerts"),
        api.as("x").post("/watchlists", WATCHLIST),
      ];
      const answers = await Promise.all(asked);
      expect(answers.map(problem)).to.deep.equal(Array(4).fill("401 unauthenticated"));
      const challenges = answers.map(({ headers }) => headers.get("www-authenticate"));
      expect(challenges[0]).to.match(/error="invalid_token", error_description="The access token has expired/);
      expect(challenges[2]).to.match(/error="invalid_token", error_description="The access token is not valid/);
    });

    it("of an account that is gone make nothing", async () => {
      const gone = await api.member();
      await database.pool.query("delete from users where id = $1", [gone.id]);
      const made = [
        gone.post("/watchlists", WATCHLIST),
        gone.post("/alert-rules", { kind: "price", subject: "BTC-USD", direction: "above", threshold: "1" }),
        gone.post("/webhooks", { url: "https://hooks.ann.dev/" }),
        gone.put("/notification-preferences", { email: true, quietHours: null, timeZone: "UTC" }),
      ];
      expect((await Promise.all(made)).map(problem)).to.deep.equal(Array(4).fill("401 unauthenticated"));
    });
  });

  describe("while the issuer is away", () => {
    let issuer: Server;
    let alone: Api;
    let token: string;

    before(async function () {
      // Listens, so that the port is its own, and answers nothing of use.
      issuer = createServer((_request, response) => response.writeHead(503).end());
      await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
      const jwksUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/.well-known/jwks.json`;
      alone = await startApi(this, database.url, { verifier: createVerifier({ jwksUrl, log: quiet }) });
      token = (await alone.member()).token;
    });
    after(async () => {
      await alone.stop();
      await new Promise((resolve) => issuer.close(resolve));
    });

    it("it is ready, and answers what is the same for everyone", async () => {
      expect((await alone.call("/ready")).status).to.equal(200);
      expect((await alone.as(token).get("/coins")).status).to.equal(200);
    });

    it("it makes nothing without its owner, and says when to ask again", async () => {
      for (const answer of [
        await alone.as(token).post("/watchlists", WATCHLIST),
        await alone.as(token).get("/alerts"),
      ]) {
        expect(problem(answer)).to.equal("503 unavailable");
        expect(answer.headers.get("retry-after")).to.equal("2");
      }
      expect((await alone.anyone.post("/watchlists", WATCHLIST)).status).to.equal(201);
    });
  });

  describe("limits", () => {
    const few = (): Limits => ({
      userReads: { ...LIMITS.userReads, name: unique("reads"), most: 3 },
      userWrites: { ...LIMITS.userWrites, name: unique("writes"), most: 1 },
      networkReads: { ...LIMITS.networkReads, name: unique("reads"), most: 2 },
      networkWrites: { ...LIMITS.networkWrites, name: unique("writes"), most: 1 },
    });

    it("count each user, each network, reads and writes apart", async function () {
      const limits = few();
      const limited = await startApi(this, database.url, { limits, redisUrl: needs(this, "REDIS_URL") });
      const [ann, bob] = [await limited.member(), await limited.member()];
      const reads = [
        await ann.get("/alerts"),
        await ann.get("/coins"),
        await ann.get("/coins"),
        await ann.get("/coins"),
      ];
      expect(reads.map(({ status }) => status)).to.deep.equal([200, 200, 200, 429]);
      expect(reads.map(({ headers }) => headers.get("ratelimit")?.replace(/t=\d+/, ""))).to.deep.equal(
        [2, 1, 0, 0].map((left) => `"${limits.userReads.name}";r=${left};`),
      );
      expect(reads[0]?.headers.get("ratelimit-policy")).to.equal(`"${limits.userReads.name}";q=3;w=60`);
      const [, , , over] = reads;
      expect(over && problem(over)).to.equal("429 too-many-requests");
      expect(Number(over?.headers.get("retry-after"))).to.be.within(1, 60);

      expect((await ann.post("/watchlists", WATCHLIST)).status).to.equal(201);
      expect((await bob.get("/coins")).status).to.equal(200);
      const from = (address: string) => limited.anyone.get("/coins", { "x-forwarded-for": address });
      // The /64 of an IPv6 address is one network; a token that is none is nobody's.
      const addresses = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1", "203.0.113.9"];
      const statuses: number[] = [];
      for (const address of addresses) statuses.push((await from(address)).status);
      expect(statuses).to.deep.equal([200, 200, 429, 200, 200]);
      await limited.stop();
    });

    it("keep no address in Redis", async function () {
      const redisUrl = needs(this, "REDIS_URL");
      const limits = few();
      const limited = await startApi(this, database.url, { limits, redisUrl });
      await limited.anyone.get("/coins", { "x-forwarded-for": "203.0.113.77" });
      await limited.stop();
      const { Redis } = await import("ioredis");
      const redis = new Redis(redisUrl);
      const keys = await redis.keys(`rate:${limits.networkReads.name}:*`);
      await redis.quit();
      expect(keys).to.have.length(1);
      expect(keys[0])
        .to.match(/:[\w-]{22}$/)
        .and.not.include("203.0.113");
    });

    it("refuse nobody while Redis is away, and then tell nothing", async function () {
      const alone = await startApi(this, database.url, { limits: few() });
      const answers = await Promise.all(Array.from({ length: 10 }, () => alone.anyone.get("/coins")));
      expect(answers.map(({ status }) => status)).to.deep.equal(Array(10).fill(200));
      expect(answers[0]?.headers.has("ratelimit")).to.equal(false);
      await alone.stop();
    });
  });

  describe("what a client has already", () => {
    it("is not sent again, whichever way the tag is written, until it changes", async () => {
      const ann = await api.member();
      const { headers, text } = await ann.get("/watchlists");
      const tag = headers.get("etag") ?? "";
      expect(tag).to.match(/^"[\w-]{22}"$/);
      for (const given of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
        const again = await ann.get("/watchlists", { "if-none-match": given });
        expect([again.status, again.text, again.headers.get("etag")], given).to.deep.equal([304, "", tag]);
        expect(again.headers.get("cache-control")).to.equal("private, no-cache");
        expect(again.headers.get("vary")).to.equal("authorization");
      }
      for (const given of ['"other"', tag.replaceAll('"', ""), `W/"other"`])
        expect((await ann.get("/watchlists", { "if-none-match": given })).text, given).to.equal(text);
      await ann.post("/watchlists", WATCHLIST);
      const changed = await ann.get("/watchlists", { "if-none-match": tag });
      expect([changed.status, changed.headers.get("etag") === tag]).to.deep.equal([200, false]);
    });

    it("has the same tag by HEAD, and the length that GET would have", async () => {
      const get = await api.anyone.get("/coins");
      const head = await api.call("/api/v1/coins", { method: "HEAD" });
      expect([head.status, head.text]).to.deep.equal([200, ""]);
      for (const name of ["etag", "content-length", "content-type", "cache-control"])
        expect(head.headers.get(name), name).to.equal(get.headers.get(name));
    });

    it("is kept as long as it is good for, and what is secret not at all", async () => {
      const ann = await api.member();
      const cacheControl = async (answer: Promise<{ headers: Headers }>) => (await answer).headers.get("cache-control");
      expect(await cacheControl(api.anyone.get("/coins"))).to.equal("public, max-age=60");
      expect(await cacheControl(api.anyone.get("/prices"))).to.equal("public, max-age=1");
      expect(await cacheControl(ann.get("/alert-rules"))).to.equal("private, no-cache");
      const made = await ann.post("/webhooks", { url: "https://hooks.ann.dev/" });
      expect([made.headers.get("cache-control"), made.headers.has("etag")]).to.deep.equal(["no-store", false]);
    });
  });
});
