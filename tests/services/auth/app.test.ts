import { decodeJwt, decodeProtectedHeader } from "jose";
import { expect } from "chai";

import { BACKOFF } from "../../../services/auth/attempts.ts";
import { LIMITS } from "../../../services/auth/limits.ts";
import { deriveArgon2id } from "../../../services/auth/passwords.ts";
import { createVerifier } from "../../../services/shared/tokens.ts";
import { type Database, freshDatabase, needs, quiet, unique } from "../support.ts";
import { type Answer, CHEAP, cookieOf, type Overrides, PASSWORD, problem, type Replica, startAuth } from "./server.ts";

describe("services/auth/app on Postgres and Redis", () => {
  let database: Database;
  let auth: Replica;
  let start: (overrides?: Partial<Overrides>) => Promise<Replica>;
  const started: Replica[] = [];

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    start = async (overrides) => {
      const replica = await startAuth(this, database.url, overrides);
      started.push(replica);
      return replica;
    };
    auth = await start();
  });
  after(async () => {
    await Promise.all(started.map((replica) => replica.stop()));
    await (database as Database | undefined)?.drop();
  });

  const newEmail = () => `${unique("ann")}@example.com`;
  const eventsOf = async (user: unknown) => {
    const { rows } = await database.pool.query<{ event: string }>(
      "select event from auth_events where user_id = $1 order by id",
      [user],
    );
    return rows.map(({ event }) => event);
  };

  describe("the whole way", () => {
    it("signs up, signs in, says who one is, refreshes and signs out", async () => {
      const email = newEmail();
      const signedUp = await auth.post("sign-up", { email: email.toUpperCase(), password: PASSWORD });
      expect([signedUp.status, signedUp.body]).to.deep.equal([202, { status: "accepted" }]);

      const { status, body, headers } = await auth.post("sign-in", { email, password: PASSWORD });
      expect(status).to.equal(200);
      expect(body).to.include({ tokenType: "Bearer", expiresIn: 600 });
      expect([headers.get("set-cookie"), headers.get("cache-control")]).to.deep.equal([null, "no-store"]);

      const me = await auth.me(body["accessToken"]);
      expect(me.status).to.equal(200);
      expect(me.body).to.include({ email: email.toUpperCase().replace("EXAMPLE.COM", "example.com") });

      const refreshed = await auth.post("refresh", { refreshToken: body["refreshToken"] });
      expect(refreshed.status).to.equal(200);
      expect(refreshed.body["sessionExpiresAt"]).to.equal(body["sessionExpiresAt"]);
      expect((await auth.me(refreshed.body["accessToken"])).body).to.deep.equal(me.body);

      const { refreshToken } = refreshed.body;
      expect((await auth.post("sign-out", { refreshToken })).status).to.equal(204);
      expect((await auth.post("sign-out", { refreshToken })).status).to.equal(204);
      expect(problem(await auth.post("refresh", { refreshToken }))).to.equal("401 unauthenticated");
      expect(await eventsOf(me.body["id"])).to.deep.equal(["sign-up", "sign-in", "sign-out"]);
    });

    it("issues what the contract says and nothing personal", async () => {
      const { accessToken } = await auth.member();
      const claims = decodeJwt(accessToken);
      expect(Object.keys(claims).sort()).to.deep.equal(["aud", "exp", "iat", "iss", "jti", "sub"]);
      expect(claims).to.include({ iss: "cryptotracker", aud: "cryptotracker" });
      expect((claims.exp ?? 0) - (claims.iat ?? 0)).to.equal(600);
      expect(decodeProtectedHeader(accessToken)).to.deep.equal({ alg: "EdDSA", typ: "JWT", kid: auth.keys.jwk.kid });
    });

    it("shows its public key, which a verifier elsewhere takes, and lets it be cached", async () => {
      const jwks = await auth.call("/.well-known/jwks.json");
      expect(jwks.body).to.deep.equal({ keys: [auth.keys.jwk] });
      expect(jwks.headers.get("content-type")).to.match(/^application\/jwk-set\+json/);
      expect(jwks.headers.get("cache-control")).to.equal("public, max-age=300");
      // Without a cache-control of its own, fetch adds "no-cache" to a conditional request.
      const again = await auth.call("/.well-known/jwks.json", {
        headers: { "if-none-match": jwks.headers.get("etag") ?? "", "cache-control": "max-age=0" },
      });
      expect([again.status, again.text]).to.deep.equal([304, ""]);

      const { accessToken } = await auth.member();
      const verifier = createVerifier({ jwksUrl: `${auth.base}/.well-known/jwks.json`, log: quiet });
      expect(await verifier.verify(accessToken)).to.have.property("user", decodeJwt(accessToken).sub);
    });

    it("has two sides that know each other's sessions", async () => {
      const secret = unique("a signing secret that both sides share");
      const [blue, green] = [await start({ secret }), await start({ secret })];
      const { accessToken, refreshToken } = await blue.member();
      expect((await green.me(accessToken)).status).to.equal(200);
      expect((await green.call("/.well-known/jwks.json")).text).to.equal(
        (await blue.call("/.well-known/jwks.json")).text,
      );
      const answers = await Promise.all([blue, green].map((side) => side.post("refresh", { refreshToken })));
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200]);
      expect(answers[0]?.body["refreshToken"]).to.equal(answers[1]?.body["refreshToken"]);
    });
  });

  describe("browsers", () => {
    it("keeps the refresh token in a cookie that scripts and other sites don't get", async () => {
      const { email } = await auth.member();
      const signedIn = await auth.post("sign-in", { email, password: PASSWORD, refreshToken: "cookie" });
      expect(signedIn.body).to.not.have.property("refreshToken");
      expect(signedIn.headers.get("set-cookie")).to.match(
        /^__Secure-refresh=[\w-]{64}; Path=\/auth; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
      );
      const refreshed = await auth.post("refresh", {}, { cookie: `theme=dark; ${cookieOf(signedIn)}` });
      expect(refreshed.status).to.equal(200);
      expect(cookieOf(refreshed))
        .to.match(/^__Secure-refresh=[\w-]{64}$/)
        .and.not.equal(cookieOf(signedIn));
      expect(refreshed.body).to.not.have.property("refreshToken");

      const out = await auth.post("sign-out", {}, { cookie: cookieOf(refreshed) });
      expect([out.status, cookieOf(out)]).to.deep.equal([204, "__Secure-refresh="]);
      const after = await auth.post("refresh", {}, { cookie: cookieOf(refreshed) });
      expect([problem(after), cookieOf(after)]).to.deep.equal(["401 unauthenticated", "__Secure-refresh="]);
    });

    it("needs no TLS in development", async () => {
      const plain = await start({ secure: false });
      const { email } = await plain.member();
      const { headers } = await plain.post("sign-in", { email, password: PASSWORD, refreshToken: "cookie" });
      expect(headers.get("set-cookie")).to.match(
        /^refresh=[\w-]{64}; Path=\/auth; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
      );
    });

    it("refuses what another site has a browser send, and leaves the session alone", async () => {
      const { email } = await auth.member();
      const cookie = cookieOf(await auth.post("sign-in", { email, password: PASSWORD, refreshToken: "cookie" }));
      for (const from of ["cross-site", "same-site"]) {
        for (const path of ["refresh", "sign-out"]) {
          expect(problem(await auth.post(path, {}, { cookie, "sec-fetch-site": from }))).to.equal("403 cross-site");
        }
      }
      const form = { cookie, "content-type": "application/x-www-form-urlencoded" };
      expect(problem(await auth.post("refresh", "a=1", form))).to.equal("415 unsupported-media-type");
      expect((await auth.post("refresh", {}, { cookie, "sec-fetch-site": "same-origin" })).status).to.equal(200);
    });
  });

  describe("what it does not tell", () => {
    it("answers a sign-up with a taken address as any other, after the same work, and changes nothing", async () => {
      const { email } = await auth.member();
      const before = auth.hashes();
      const taken = await auth.post("sign-up", { email, password: "another long password of mine" });
      const between = auth.hashes();
      const fresh = await auth.post("sign-up", { email: newEmail(), password: PASSWORD });
      expect([taken.status, taken.text]).to.deep.equal([fresh.status, fresh.text]);
      expect([between - before, auth.hashes() - between]).to.deep.equal([1, 1]);
      const withOther = await auth.post("sign-in", { email, password: "another long password of mine" });
      expect(problem(withOther)).to.equal("401 invalid-credentials");
      expect((await auth.post("sign-in", { email, password: PASSWORD })).status).to.equal(200);
    });

    it("refuses an unknown address as it does a wrong password: same answer, same work", async () => {
      const { email } = await auth.member();
      const before = auth.hashes();
      const wrong = await auth.post("sign-in", { email, password: "not the password" });
      const between = auth.hashes();
      const unknown = await auth.post("sign-in", { email: newEmail(), password: "not the password" });
      const shown = ({ body }: Answer) => ({ ...body, requestId: "its own" });
      expect(shown(wrong)).to.deep.equal(shown(unknown));
      expect([wrong.status, unknown.status]).to.deep.equal([401, 401]);
      expect([between - before, auth.hashes() - between]).to.deep.equal([1, 1]);
    });

    it("blocks an unknown address as it does a known one, and then does no work for either", async () => {
      const strict = await start({ backoff: { ...BACKOFF, free: 2, firstSeconds: 30 } });
      const { email } = await strict.member();
      for (const address of [email, newEmail()]) {
        for (let n = 0; n < 3; n += 1) {
          const failed = await strict.post("sign-in", { email: address, password: "not the password" });
          expect(problem(failed)).to.equal("401 invalid-credentials");
        }
        const before = strict.hashes();
        const blocked = await strict.post("sign-in", { email: address, password: PASSWORD });
        expect(problem(blocked)).to.equal("429 too-many-requests");
        expect(Number(blocked.headers.get("retry-after"))).to.be.within(1, 30);
        expect(strict.hashes() - before).to.equal(0);
      }
    });
  });

  describe("failures in a row", () => {
    it("lets the owner in again when the block is over, and forgets what failed", async () => {
      const strict = await start({ backoff: { ...BACKOFF, free: 1, firstSeconds: 30 } });
      const { email } = await strict.member();
      for (let n = 0; n < 2; n += 1) await strict.post("sign-in", { email, password: "not the password" });
      expect((await strict.post("sign-in", { email, password: PASSWORD })).status).to.equal(429);
      await database.pool.query("update sign_in_failures set blocked_until = now() where subject = $1", [
        strict.keys.addressHash(email),
      ]);
      expect((await strict.post("sign-in", { email, password: PASSWORD })).status).to.equal(200);
      const failed = await strict.post("sign-in", { email, password: "not the password" });
      expect(failed.status).to.equal(401);
    });

    it("looks at no more passwords when guesses come all at once", async () => {
      const strict = await start({ backoff: { ...BACKOFF, free: 3, firstSeconds: 60 } });
      const { email } = await strict.member();
      const before = strict.hashes();
      const guesses = Array.from({ length: 30 }, (_, n) => strict.post("sign-in", { email, password: `guess ${n}` }));
      const answers = (await Promise.all(guesses)).map(({ status }) => status);
      expect(answers.filter((status) => status === 401).length).to.equal(4);
      expect(answers.filter((status) => status === 429).length).to.equal(26);
      expect(strict.hashes() - before).to.equal(4);
    });

    it("keeps open sessions open while the address is blocked", async () => {
      const strict = await start({ backoff: { ...BACKOFF, free: 0, firstSeconds: 60 } });
      const { email, refreshToken } = await strict.member();
      await strict.post("sign-in", { email, password: "not the password" });
      expect((await strict.post("sign-in", { email, password: PASSWORD })).status).to.equal(429);
      expect((await strict.post("refresh", { refreshToken })).status).to.equal(200);
    });
  });

  describe("floods", () => {
    const few = {
      signUp: { ...LIMITS.signUp, most: 2 },
      signIn: { ...LIMITS.signIn, most: 2 },
      refresh: { ...LIMITS.refresh, most: 2 },
    };
    const from = (address: string) => ({ "x-forwarded-for": address });

    it("limits each client network over all replicas, whatever it writes into X-Forwarded-For", async () => {
      const secret = unique("a signing secret that both sides share");
      const [blue, green] = [await start({ secret, limits: few }), await start({ secret, limits: few })];
      const body = { refreshToken: "A".repeat(64) };
      const statuses: number[] = [];
      for (const side of [blue, green, blue, green]) {
        const forged = `198.51.100.${statuses.length}, 203.0.113.7, 10.0.0.9`;
        statuses.push((await side.post("refresh", body, from(forged))).status);
      }
      expect(statuses).to.deep.equal([401, 401, 429, 429]);
      const refused = await blue.post("refresh", body, from("203.0.113.7"));
      expect(problem(refused)).to.equal("429 too-many-requests");
      expect(Number(refused.headers.get("retry-after"))).to.be.within(1, 60);
      expect((await blue.post("refresh", body, from("203.0.113.8"))).status).to.equal(401);
    });

    it("goes on without Redis, and says that it is degraded", async () => {
      const alone = await start({ limits: few, redisUrl: "redis://127.0.0.1:1" });
      for (let n = 0; n < 4; n += 1) {
        expect((await alone.post("refresh", { refreshToken: "A".repeat(64) })).status).to.equal(401);
      }
      const ready = await alone.call("/ready");
      expect([ready.status, ready.body]).to.deep.equal([
        200,
        { status: "ready", checks: { postgres: "ok", redis: "degraded" } },
      ]);
    });

    it("hashes few at once, lets some wait and refuses the rest with 503, and loses nobody it accepted", async () => {
      const release = Promise.withResolvers<undefined>();
      let atOnce = 0;
      let most = 0;
      const busy = await start({
        gate: { running: 2, waiting: 3 },
        derive: async (...args) => {
          atOnce += 1;
          most = Math.max(most, atOnce);
          await release.promise;
          atOnce -= 1;
          return deriveArgon2id(...args);
        },
      });
      const emails = Array.from({ length: 12 }, newEmail);
      let refused = 0;
      const answers = emails.map(async (email) => {
        const answer = await busy.post("sign-up", { email, password: PASSWORD });
        if (answer.status === 503) refused += 1;
        if (refused === 7) release.resolve(undefined);
        return { email, answer };
      });
      for (const { email, answer } of await Promise.all(answers)) {
        if (answer.status === 503) {
          expect(problem(answer)).to.equal("503 unavailable");
          expect(answer.headers.get("retry-after")).to.equal("2");
        }
        const { rowCount } = await database.pool.query("select 1 from users where email = $1", [email]);
        expect([answer.status, rowCount]).to.deep.equal(answer.status === 503 ? [503, 0] : [202, 1]);
      }
      expect([refused, most]).to.deep.equal([7, 2]);
    });
  });

  it("makes one account of twenty sign-ups at once, and all are acknowledged", async () => {
    const email = newEmail();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => auth.post("sign-up", { email, password: PASSWORD })),
    );
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([202]));
    const { rowCount } = await database.pool.query("select 1 from users where email = $1", [email]);
    expect(rowCount).to.equal(1);
    expect((await auth.post("sign-in", { email, password: PASSWORD })).status).to.equal(200);
  });

  it("takes a password typed on another keyboard: it compares NFKC", async () => {
    const { email } = await auth.member(newEmail(), "caf\u00e9 on the corner");
    expect((await auth.post("sign-in", { email, password: "cafe\u0301 on the corner" })).status).to.equal(200);
  });

  it("hashes anew with today's parameters when an older account signs in, once", async () => {
    const { email } = await auth.member();
    const today = await start({ parameters: { ...CHEAP, passes: 3 } });
    const hashOf = async () => {
      const { rows } = await database.pool.query<{ password_hash: string }>(
        "select password_hash from users where email = $1",
        [email],
      );
      return rows[0]?.password_hash;
    };
    expect(await hashOf()).to.include("t=1");
    expect((await today.post("sign-in", { email, password: PASSWORD })).status).to.equal(200);
    const renewed = await hashOf();
    expect(renewed).to.include("t=3");
    expect((await today.post("sign-in", { email, password: PASSWORD })).status).to.equal(200);
    expect(await hashOf()).to.equal(renewed);
  });

  it("ends a session whose token is used twice, and says so", async () => {
    const strict = await start({ session: { lifetimeSeconds: 60, graceSeconds: 0 } });
    const { accessToken, refreshToken } = await strict.member();
    const next = await strict.post("refresh", { refreshToken });
    const reused = await strict.post("refresh", { refreshToken });
    expect(problem(reused)).to.equal("401 unauthenticated");
    expect(reused.body["detail"]).to.match(/used before/);
    expect(problem(await strict.post("refresh", { refreshToken: next.body["refreshToken"] }))).to.equal(
      "401 unauthenticated",
    );
    expect(await eventsOf(decodeJwt(accessToken).sub)).to.deep.equal(["sign-up", "sign-in", "refresh-reused"]);
  });

  it("refuses an access token that isn't one of its own", async () => {
    const stranger = await start();
    const { accessToken } = await stranger.member();
    const [head, payload] = accessToken.split(".");
    for (const token of [accessToken, `${head ?? ""}.${payload ?? ""}.`, "x", "", "a".repeat(5_000)]) {
      const answer = await auth.me(token);
      expect(problem(answer)).to.equal("401 unauthenticated");
      expect(answer.headers.get("www-authenticate")).to.include("Bearer");
    }
    expect(problem(await auth.call("/auth/v1/me"))).to.equal("401 unauthenticated");
  });

  it("is not ready while Postgres is away, answers 503 with Retry-After, and is alive", async function () {
    const away = await startAuth(this, "postgres://user:s3cret@127.0.0.1:1/none");
    started.push(away);
    const answers = [
      await away.post("sign-up", { email: newEmail(), password: PASSWORD }),
      await away.post("sign-in", { email: newEmail(), password: PASSWORD }),
      await away.post("refresh", { refreshToken: "A".repeat(64) }),
      await away.post("sign-out", { refreshToken: "A".repeat(64) }),
    ];
    for (const answer of answers) {
      expect(problem(answer)).to.equal("503 unavailable");
      expect(Number(answer.headers.get("retry-after"))).to.be.greaterThan(0);
      expect(answer.text).to.not.include("s3cret");
    }
    expect((await away.call("/ready")).status).to.equal(503);
    expect((await away.call("/health")).status).to.equal(200);
  });

  it("says that it drains", async () => {
    const leaving = await start();
    await leaving.lifecycle.drain("test");
    expect((await leaving.call("/ready")).body).to.have.property("status", "draining");
    expect((await leaving.call("/health")).status).to.equal(200);
  });

  const refusals: readonly [string, string, (auth: Replica) => ReturnType<Replica["call"]>][] = [
    ["broken JSON", "400 invalid-json", ({ post }) => post("sign-in", "{")],
    ["an empty body", "400 invalid-body", ({ post }) => post("sign-in", "")],
    ["a list", "400 invalid-body", ({ post }) => post("refresh", "[]")],
    ["a body that is too large", "413 body-too-large", ({ post }) => post("sign-up", { email: "x".repeat(5_000) })],
    ["fields it does not know", "400 invalid-body", ({ post }) => post("refresh", { admin: true })],
    ["no address", "400 invalid-body", ({ post }) => post("sign-up", { email: "ann", password: PASSWORD })],
    ["a weak password", "400 invalid-body", ({ post }) => post("sign-up", { email: newEmail(), password: "short" })],
    [
      "half a character",
      "400 invalid-body",
      ({ post }) => post("sign-up", `{"email":"a@example.com","password":"a lighthouse in \\ud800"}`),
    ],
    ["a token of another form", "400 invalid-body", ({ post }) => post("refresh", { refreshToken: "x" })],
    ["no token at all", "401 unauthenticated", ({ post }) => post("refresh", {})],
    ["another method", "405 method-not-allowed", ({ call }) => call("/auth/v1/sign-in")],
    [
      "another method for keys",
      "405 method-not-allowed",
      ({ call }) => call("/.well-known/jwks.json", { method: "PUT" }),
    ],
    ["an unknown path", "404 not-found", ({ call }) => call("/auth/v2/sign-in")],
  ];
  for (const [what, expected, act] of refusals) {
    it(`refuses ${what}`, async () => {
      const answer = await act(auth);
      expect(problem(answer)).to.equal(expected);
      expect(answer.text).not.to.match(/\.ts:|node_modules/);
    });
  }
});
