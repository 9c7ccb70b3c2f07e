/** The auth service on a real Postgres and Redis, as cheap as tests need it, with everything that it logs and hashes. */
import type { AddressInfo } from "node:net";

import type { Context } from "mocha";

import { createAccounts } from "../../../services/auth/accounts.ts";
import { createAuth } from "../../../services/auth/app.ts";
import { type Backoff, BACKOFF, createAttempts } from "../../../services/auth/attempts.ts";
import { createRefreshCookie } from "../../../services/auth/cookie.ts";
import { createGate, type GateOptions } from "../../../services/auth/gate.ts";
import { deriveKeys } from "../../../services/auth/keys.ts";
import { type Limits, LIMITS } from "../../../services/auth/limits.ts";
import { type Argon2Parameters, createHasher, type Derive, deriveArgon2id } from "../../../services/auth/passwords.ts";
import { createSessions, type SessionOptions, SESSION } from "../../../services/auth/sessions.ts";
import { createHttpServer } from "../../../services/shared/http.ts";
import { createLifecycle } from "../../../services/shared/lifecycle.ts";
import { createPool } from "../../../services/shared/postgres.ts";
import { createRateLimiter } from "../../../services/shared/rate-limit.ts";
import { connectRedis } from "../../../services/shared/redis.ts";
import { collectingLog, needs, unique } from "../support.ts";

/** The least that argon2 takes. */
export const CHEAP: Argon2Parameters = { memoryKiB: 8, passes: 1, lanes: 1 };
export const PASSWORD = "a lighthouse in the fog";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface Overrides {
  readonly secret: string;
  readonly parameters: Argon2Parameters;
  readonly derive: Derive;
  readonly session: SessionOptions;
  readonly backoff: Backoff;
  readonly gate: GateOptions;
  readonly limits: Limits;
  readonly secure: boolean;
  readonly redisUrl: string;
}

/** No limit that a test meets by accident. */
const WIDE: Limits = {
  signUp: { ...LIMITS.signUp, most: 1e6 },
  signIn: { ...LIMITS.signIn, most: 1e6 },
  refresh: { ...LIMITS.refresh, most: 1e6 },
};

export type Replica = Awaited<ReturnType<typeof startAuth>>;

/** One replica. `databaseUrl` is a schema that the test made. */
export async function startAuth(context: Context, databaseUrl: string, overrides: Partial<Overrides> = {}) {
  const secret = overrides.secret ?? unique("a signing secret of this test alone");
  const { log, lines } = collectingLog();
  const pool = createPool({ connectionString: databaseUrl, log, name: "auth-test" });
  const redis = connectRedis({ url: overrides.redisUrl ?? needs(context, "REDIS_URL"), log });
  const lifecycle = createLifecycle({ log });
  const keys = await deriveKeys(secret);
  let hashes = 0;
  const derive = overrides.derive ?? deriveArgon2id;
  const counted: Derive = (...args) => {
    hashes += 1;
    return derive(...args);
  };
  const handler = createAuth({
    accounts: createAccounts(pool),
    attempts: createAttempts(pool, overrides.backoff ?? BACKOFF),
    sessions: createSessions(pool, keys, overrides.session ?? SESSION),
    hasher: createHasher(overrides.parameters ?? CHEAP, counted),
    gate: createGate(overrides.gate ?? { running: 4, waiting: 1_000 }),
    limiter: createRateLimiter(redis, log),
    limits: overrides.limits ?? WIDE,
    cookie: createRefreshCookie(overrides.secure ?? true),
    keys,
    redis,
    lifecycle,
    log,
  });
  const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: 75 });
  await http.listen(0, "127.0.0.1");
  const base = `http://127.0.0.1:${(http.server.address() as AddressInfo).port}`;

  const call = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(base + path, init);
    const text = await response.text();
    const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body, text };
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    call(`/auth/v1/${path}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });

  return {
    base,
    lines,
    keys,
    lifecycle,
    redis,
    pool,
    call,
    post,
    hashes: () => hashes,
    me: (token: unknown) => call("/auth/v1/me", { headers: { authorization: `Bearer ${String(token)}` } }),
    /** Signs up, signs in, and gives what the client then holds. */
    member: async (email = `${unique("ann")}@example.com`, password = PASSWORD) => {
      await post("sign-up", { email, password });
      const { body } = await post("sign-in", { email, password });
      return { email, accessToken: String(body["accessToken"]), refreshToken: String(body["refreshToken"]) };
    },
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

/** The refresh cookie that an answer sets, as a client sends it back. */
export const cookieOf = ({ headers }: Answer): string => (headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
