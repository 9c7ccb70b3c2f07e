import { createHmac, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import fc from "fast-check";
import { type JWTHeaderParameters, SignJWT } from "jose";

import { createVerifier, type Verifier } from "../../../services/shared/tokens.ts";
import { collectingLog } from "../support.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

interface Issuer {
  readonly kid: string;
  readonly key: KeyObject;
  readonly jwk: Record<string, unknown>;
}

function issuer(kid: string = randomUUID()): Issuer {
  const { privateKey: key, publicKey } = generateKeyPairSync("ed25519");
  return { kid, key, jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "EdDSA" } };
}

describe("services/shared/tokens", () => {
  const user = "6f9d2a39-0b7f-4b5c-9c22-1f6a1f0f5f10";
  let now: number;
  let ours: Issuer;
  /** What the issuer answers; undefined: nothing that could be read. */
  let served: unknown;
  let asked: number;
  let server: Server;
  let verifier: Verifier;
  let lines: Record<string, unknown>[];

  beforeEach(async () => {
    now = Date.parse("2026-11-24T07:00:00Z");
    ours = issuer();
    served = { keys: [ours.jwk] };
    asked = 0;
    server = createServer((_request, response) => {
      asked += 1;
      if (served === undefined) response.writeHead(503).end("away");
      else response.setHeader("content-type", "application/jwk-set+json").end(JSON.stringify(served));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { log, lines: collected } = collectingLog();
    lines = collected;
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`;
    verifier = createVerifier({ jwksUrl, log, now: () => now });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const seconds = (): number => Math.floor(now / SECOND);
  const sign = (
    claims: Record<string, unknown> = {},
    { key, kid }: Pick<Issuer, "key" | "kid"> = ours,
    header: Partial<JWTHeaderParameters> = {},
  ) => {
    const usual = {
      iss: "cryptotracker",
      aud: "cryptotracker",
      sub: user,
      jti: "1",
      iat: seconds(),
      exp: seconds() + 600,
    };
    return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: "EdDSA", kid, ...header }).sign(key);
  };
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

  it("says whom a token speaks for, and until when; the keys are fetched once", async () => {
    const expires = new Date((seconds() + 600) * SECOND);
    for (let n = 0; n < 3; n += 1) expect(await verifier.verify(await sign())).to.deep.equal({ user, expires });
    await Promise.all([1, 2, 3].map(async () => verifier.verify(await sign())));
    expect(asked).to.equal(1);
  });

  it("fetches once for all who wait", async () => {
    const token = await sign();
    const answers = await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    expect(answers.every((answer) => "user" in answer)).to.equal(true);
    expect(asked).to.equal(1);
  });

  const refusals: readonly [string, "expired" | "invalid", () => Promise<string> | string][] = [
    ["one that is out", "expired", () => sign({ iat: seconds() - 606, exp: seconds() - 6 })],
    [
      "one that would last longer than any of ours",
      "expired",
      () => sign({ iat: seconds() - 700, exp: seconds() + 9_999 }),
    ],
    ["one for others", "invalid", () => sign({ aud: "elsewhere" })],
    ["one for nobody", "invalid", () => sign({ aud: undefined })],
    ["one by another issuer", "invalid", () => sign({ iss: "elsewhere" })],
    ["one without an end", "invalid", () => sign({ exp: undefined })],
    ["one without an id", "invalid", () => sign({ jti: undefined })],
    ["one that begins later", "invalid", () => sign({ nbf: seconds() + 60 })],
    ["one issued in the future", "invalid", () => sign({ iat: seconds() + 60, exp: seconds() + 600 })],
    ["one about no user", "invalid", () => sign({ sub: "admin" })],
    ["one of an unknown key", "invalid", () => sign({}, issuer())],
    ["one of another key under our id", "invalid", () => sign({}, { ...issuer(), kid: ours.kid })],
    ["one without a key id", "invalid", () => sign({}, ours, { kid: undefined })],
    [
      "one whose header asks for what nobody knows",
      "invalid",
      () => sign({}, ours, { crit: ["x"], x: 1 }).catch(() => ""),
    ],
    ["no token", "invalid", () => ""],
    ["a very long one", "invalid", () => "a".repeat(1_000_000)],
  ];
  for (const [what, refused, make] of refusals) {
    it(`refuses ${what}`, async () => expect(await verifier.verify(await make())).to.deep.equal({ refused }));
  }

  it("refuses an unsigned token, and one signed with the public key as a password", async () => {
    const [, payload = ""] = (await sign()).split(".");
    const unsigned = `${part({ alg: "none", kid: ours.kid })}.${payload}.`;
    const head = `${part({ alg: "HS256", kid: ours.kid })}.${payload}`;
    const confused = `${head}.${createHmac("sha256", JSON.stringify(ours.jwk)).update(head).digest("base64url")}`;
    for (const token of [unsigned, confused])
      expect(await verifier.verify(token)).to.deep.equal({ refused: "invalid" });
  });

  it("refuses a token of which anything was changed", async () => {
    const token = await sign();
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: token.length - 2 }),
        fc.constantFrom("A", "b", "9", "_", "-", "."),
        async (at, character) => {
          fc.pre(token[at] !== character);
          const changed = token.slice(0, at) + character + token.slice(at + 1);
          expect(await verifier.verify(changed)).to.deep.equal({ refused: "invalid" });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("forgives clocks that differ by a few seconds", async () => {
    expect(await verifier.verify(await sign({ iat: seconds() + 4 }))).to.have.property("user", user);
    expect(await verifier.verify(await sign({ iat: seconds() - 604, exp: seconds() - 4 }))).to.have.property("user");
  });

  it("takes a new key at once, and the old one until its last token is out", async () => {
    await verifier.verify(await sign());
    const next = issuer();
    served = { keys: [next.jwk] };
    now += 11 * SECOND;
    expect(await verifier.verify(await sign({}, next))).to.have.property("user");
    expect(await verifier.verify(await sign())).to.have.property("user");
    now += 15 * MINUTE;
    expect(await verifier.verify(await sign())).to.deep.equal({ refused: "invalid" });
    expect(await verifier.verify(await sign({}, next))).to.have.property("user");
  });

  it("is not made to flood the issuer by ids that were made up", async () => {
    await verifier.verify(await sign());
    for (let n = 0; n < 50; n += 1) await verifier.verify(await sign({}, issuer()));
    expect(asked).to.equal(1);
    now += 11 * SECOND;
    for (let n = 0; n < 50; n += 1) await verifier.verify(await sign({}, issuer()));
    expect(asked).to.equal(2);
  });

  it("goes on with the keys it has while the issuer is away, for as long as a token can live", async () => {
    await verifier.verify(await sign());
    served = undefined;
    for (let n = 0; n < 7; n += 1) {
      now += 2 * MINUTE;
      expect(await verifier.verify(await sign())).to.have.property("user");
    }
    now += 2 * MINUTE;
    expect(await verifier.verify(await sign())).to.deep.equal({ refused: "unavailable" });
    served = { keys: [ours.jwk] };
    now += 2 * SECOND;
    expect(await verifier.verify(await sign())).to.have.property("user");
    const told = lines.map(({ msg }) => msg);
    expect(told).to.deep.equal(["token keys could not be fetched", "token keys can be fetched again"]);
  });

  it("can't say anything before the issuer was ever reached, asks again soon, and then can", async () => {
    served = undefined;
    expect(await verifier.verify(await sign())).to.deep.equal({ refused: "unavailable" });
    expect(await verifier.verify(await sign())).to.deep.equal({ refused: "unavailable" });
    expect(asked).to.equal(1);
    served = { keys: [ours.jwk] };
    now += SECOND;
    expect(await verifier.verify(await sign())).to.have.property("user");
  });

  it("takes an answer that is no key set for no answer, and passes by keys of another kind", async () => {
    for (const nonsense of [null, [], {}, { keys: "none" }, { keys: [{}] }, "text"]) {
      served = nonsense;
      now += 11 * SECOND;
      expect(await verifier.verify(await sign())).to.deep.equal({ refused: "unavailable" });
    }
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
    served = {
      keys: [
        { ...rsa, kid: "rsa" },
        { kty: "oct", kid: "oct", k: "AAAA" },
        { ...ours.jwk, use: "enc", kid: "enc" },
        ours.jwk,
      ],
    };
    now += 11 * SECOND;
    expect(await verifier.verify(await sign())).to.have.property("user");
    expect(await verifier.verify(await sign({}, { ...ours, kid: "enc" }))).to.deep.equal({ refused: "invalid" });
  });
});
