/** Whatever is sent to whichever path: an answer that says what is wrong, never one that says that we are. */
import { expect } from "chai";
import fc from "fast-check";

import { type Database, freshDatabase, needs } from "../services/support.ts";
import { type Answer, PASSWORD, problem, type Replica, startAuth } from "../services/auth/server.ts";
import { seeded } from "./seeded.ts";

const RUNS = 500;

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ maxLength: 80 }));
const token = fc.oneof(fc.stringMatching(/^[\w-]{64}$/), text);
const field = fc.oneof(text, token, fc.emailAddress(), fc.constantFrom(PASSWORD, "cookie", "body"), fc.jsonValue());
const body = fc.oneof(
  fc.record({ email: field, password: field, refreshToken: field }, { requiredKeys: [] }),
  fc.record({ email: fc.emailAddress(), password: fc.oneof(fc.constant(PASSWORD), text) }),
  fc.record({ refreshToken: token }),
  fc.dictionary(fc.oneof(text, fc.constantFrom("__proto__", "constructor", "toString")), field, { maxKeys: 4 }),
  fc.jsonValue(),
);
/** What a client can put into a header at all. */
const headerText = fc.stringMatching(/^[\t\x20-\x7e\xa0-\xff]{0,80}$/);
const headers = fc.record(
  {
    cookie: fc.oneof(
      headerText,
      fc.stringMatching(/^__Secure-refresh=[\w-]{64}$/),
      fc.constant("__Secure-refresh=%ff"),
    ),
    "x-forwarded-for": fc.oneof(headerText, fc.ipV6(), fc.ipV4()),
    "x-request-id": headerText,
    "content-type": fc.constantFrom("application/json", "application/json; charset=latin1", "text/plain", ""),
    "content-encoding": fc.constantFrom("gzip", "identity", "br", "none of these"),
    "if-none-match": headerText,
  },
  { requiredKeys: [] },
);

describe("fuzz: services/auth under whatever is sent to it", () => {
  seeded("auth");
  let database: Database;
  let auth: Replica;

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    auth = await startAuth(this, database.url);
  });
  after(async () => {
    await (auth as Replica | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });

  const judge = (answer: Answer, ...fine: readonly number[]): void => {
    if (fine.includes(answer.status)) return;
    expect(problem(answer)).to.match(/^4\d\d /);
    expect(answer.text).to.not.match(/node_modules|\.ts:\d|select |insert /);
  };

  const posts: readonly [string, readonly number[]][] = [
    ["sign-up", [202]],
    ["sign-in", [200]],
    ["refresh", [200]],
    ["sign-out", [204]],
  ];
  for (const [path, fine] of posts) {
    it(`POST /${path} answers any JSON with any headers`, async function () {
      this.timeout(120_000);
      const seen = new Set<number>();
      await fc.assert(
        fc.asyncProperty(body, headers, async (sent, extra) => {
          const answer = await auth.post(path, sent, extra);
          seen.add(answer.status);
          judge(answer, ...fine);
        }),
        { numRuns: RUNS },
      );
      expect([...seen]).to.include(400);
      expect(seen.size).to.be.at.least(3);
    });

    it(`POST /${path} answers any bytes`, async function () {
      this.timeout(120_000);
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          const init = { method: "POST", headers: { "content-type": "application/json" }, body: Buffer.from(bytes) };
          judge(await auth.call(`/auth/v1/${path}`, init), ...fine);
        }),
        { numRuns: RUNS },
      );
    });
  }

  it("GET /me answers any authorization", async function () {
    this.timeout(120_000);
    const { accessToken } = await auth.member();
    const part = fc.oneof(fc.base64String({ maxLength: 60 }), fc.constantFrom(...accessToken.split(".")));
    const authorization = fc.oneof(
      headerText,
      fc.tuple(part, part, part).map((parts) => `Bearer ${parts.join(".").replaceAll("=", "")}`),
    );
    await fc.assert(
      fc.asyncProperty(authorization, async (given) => {
        judge(await auth.call("/auth/v1/me", { headers: { authorization: given } }), 200);
      }),
      { numRuns: RUNS },
    );
  });

  it("GET /.well-known/jwks.json answers any headers with the same keys", async function () {
    this.timeout(120_000);
    const expected = (await auth.call("/.well-known/jwks.json")).text;
    await fc.assert(
      fc.asyncProperty(headers, async (extra) => {
        const answer = await auth.call("/.well-known/jwks.json", { headers: extra });
        expect([answer.status, answer.text]).to.be.deep.oneOf([
          [200, expected],
          [304, ""],
        ]);
      }),
      { numRuns: RUNS },
    );
  });

  it("answers any path", async function () {
    this.timeout(120_000);
    const piece = fc.oneof(
      fc.webSegment(),
      fc.constantFrom("auth", "v1", "me", ".well-known", "jwks.json", "%ff", ".."),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 5 }),
        fc.constantFrom("GET", "PUT", "DELETE", "OPTIONS"),
        async (pieces, method) => {
          judge(await auth.call(`/${pieces.join("/")}`, { method }), 200);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
