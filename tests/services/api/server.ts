/** The API on a real Postgres and Redis, with tokens of this test's own. */
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import type { Context } from "mocha";

import { createApi } from "../../../services/api/app.ts";
import { createNetworkHash, type Limits, LIMITS } from "../../../services/api/http/limits.ts";
import { createStores, type Stores } from "../../../services/api/stores/index.ts";
import { signAccessToken } from "../../../services/auth/access-token.ts";
import { deriveKeys } from "../../../services/auth/keys.ts";
import { createHttpServer } from "../../../services/shared/http.ts";
import { createLifecycle } from "../../../services/shared/lifecycle.ts";
import { createPool } from "../../../services/shared/postgres.ts";
import { connectRedis } from "../../../services/shared/redis.ts";
import { type Verifier, verifierBy } from "../../../services/shared/tokens.ts";
import { collectingLog, needs, unique, until } from "../support.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface Overrides {
  readonly limits: Limits;
  readonly redisUrl: string;
  readonly verifier: Verifier;
  readonly now: () => number;
  /** Changes what the stores give. */
  readonly wrap: (stores: Stores) => Stores;
}

/** No limit that a test meets by accident. */
const WIDE: Limits = {
  userReads: { ...LIMITS.userReads, most: 1e6 },
  userWrites: { ...LIMITS.userWrites, most: 1e6 },
  networkReads: { ...LIMITS.networkReads, most: 1e6 },
  networkWrites: { ...LIMITS.networkWrites, most: 1e6 },
};

export const JSON_TYPE = { "content-type": "application/json" } as const;
const NOWHERE = "redis://127.0.0.1:1";

export type Api = Awaited<ReturnType<typeof startApi>>;
export type Member = Awaited<ReturnType<Api["member"]>>;

/** Without a shared cache unless it is given: what one test has stored another must not read. */
export async function startApi(context: Context, databaseUrl: string, overrides: Partial<Overrides> = {}) {
  const { log, lines } = collectingLog();
  const pool = createPool({ connectionString: databaseUrl, log, name: unique("api") });
  const redis = connectRedis({ url: overrides.redisUrl ?? NOWHERE, log, commandTimeout: 2_000 });
  const lifecycle = createLifecycle({ log });
  const keys = await deriveKeys(unique("a signing secret of this test alone"));
  const stores = createStores(pool);
  const handler = createApi({
    stores: overrides.wrap?.(stores) ?? stores,
    redis,
    verifier:
      overrides.verifier ?? verifierBy((kid) => Promise.resolve(kid === keys.jwk.kid ? keys.verifying : undefined)),
    limits: overrides.limits ?? WIDE,
    networkHash: createNetworkHash(unique("secret")),
    lifecycle,
    log,
    ...(overrides.now ? { now: overrides.now } : {}),
  });
  const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: 75 });
  await http.listen(0, "127.0.0.1");
  const base = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`;
  if (overrides.redisUrl === needs(context, "REDIS_URL")) {
    await until(() =>
      redis.ping().then(
        () => true,
        () => false,
      ),
    );
  }

  const call = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(base + path, { redirect: "manual", ...init });
    const text = await response.text();
    const isJson = text !== "" && /json/.test(response.headers.get("content-type") ?? "");
    const body = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body, text };
  };
  /** What one user can do; null for nobody. */
  const as = (token: string | null) => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    const send =
      (method: string) =>
      (path: string, body: unknown, more: Record<string, string> = {}): Promise<Answer> =>
        call(`/api/v1${path}`, {
          method,
          body: typeof body === "string" ? body : JSON.stringify(body),
          headers: { ...headers, ...JSON_TYPE, ...more },
        });
    const post = send("POST");
    return {
      get: (path: string, more: Record<string, string> = {}) =>
        call(`/api/v1${path}`, { headers: { ...headers, ...more } }),
      delete: (path: string) => call(`/api/v1${path}`, { method: "DELETE", headers }),
      put: send("PUT"),
      /** With a new Idempotency-Key unless one is given. */
      post: (path: string, body: unknown, more: Record<string, string> = {}) =>
        post(path, body, { "idempotency-key": randomUUID(), ...more }),
    };
  };
  /** A user with an account, and what they sign in with. */
  const member = async () => {
    const id = randomUUID();
    const insert = "insert into users (id, email, email_key, password_hash) values ($1, $2, $2, 'none')";
    await pool.query(insert, [id, `${id}@example.com`]);
    const token = await signAccessToken(keys, id);
    return { id, token, ...as(token) };
  };

  return {
    ...{ base, lines, pool, keys, call, as, member, anyone: as(null) },
    stop: async () => {
      http.server.closeAllConnections();
      await http.close();
      await redis.close();
      await pool.end();
    },
  };
}

/** Status and kind of a problem document, in one word each. */
export function problem({ status, headers, body }: Answer): string {
  if (!headers.get("content-type")?.startsWith("application/problem+json")) return `${status} is no problem document`;
  return `${status} ${String(body["type"]).replace("urn:cryptotracker:problem:", "")}`;
}

/** The paths of the fields that a problem document names. */
export function faults({ body }: Answer): readonly string[] {
  return (body["errors"] as { path: string }[]).map(({ path }) => path);
}

export const itemsOf = <T = Record<string, unknown>>({ body }: Answer): readonly T[] => body["items"] as T[];

/** What a request has made. */
export async function made(answer: Promise<Answer>): Promise<Record<string, unknown>> {
  const { status, body, text } = await answer;
  expect(status, text).to.equal(201);
  return body;
}
