/** One signed-up user of the load: alert rules around today's prices, and everything that a member's stream tells. */
import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type Call, type Client, createClient } from "./client.ts";
import { type MemberStream, startMemberStream } from "./member-stream.ts";
import { endingOf } from "./requests.ts";

export interface MemberOptions {
  readonly baseUrl: string;
  readonly wsUrl: string;
  /** What it sets alerts on, and whose symbols it follows the sentiment of. */
  readonly products: readonly string[];
  /** Topic → number of its partitions: it asks for everything from the beginning. */
  readonly partitions: Readonly<Record<"alerts" | "sentiment", number>>;
  readonly signal: AbortSignal;
}

/** An alert rule that was acknowledged. */
export interface MemberRule {
  readonly id: string;
  readonly product: string;
  readonly direction: "above" | "below";
  /** Decimal text with two digits behind the point, as prices have them here. */
  readonly threshold: string;
  readonly hysteresis: string;
  /** Unix time in milliseconds: what happened before is not judged. */
  readonly since: number;
}

export interface Member {
  readonly rules: readonly MemberRule[];
  readonly stream: MemberStream;
}

/**
 * Far enough from today's price that nothing crosses before the rule is known everywhere, near enough that a walk of
 * some minutes does.
 */
const DISTANCE = 0.006;
/** How far it must come back: a few crossings for each time that a price lingers at a line. */
const HYSTERESIS = 0.001;
const TRIES = 20;
const PAUSE_MILLISECONDS = 500;

const signedIn = z.object({ accessToken: z.string() });
const latest = z.object({ prices: z.array(z.object({ product: z.string(), price: z.string() })) });
const created = z.object({ id: z.string(), updatedAt: z.iso.datetime() });

/** @throws Error when the services refuse it for good */
export async function startMember(options: MemberOptions): Promise<Member> {
  const { baseUrl, products, signal } = options;
  const client = createClient({ baseUrl });
  const password = randomBytes(18).toString("base64url");
  const account = { email: `rehearsal-${randomUUID()}@example.com`, password };
  const token = async (): Promise<string> => {
    const body = await insist(client, post("/auth/v1/sign-in", account), signal);
    return signedIn.parse(body).accessToken;
  };
  await insist(client, post("/auth/v1/sign-up", account), signal);
  const authorization = `Bearer ${await token()}`;
  const { prices } = latest.parse(await insist(client, { method: "GET", path: "/api/v1/prices" }, signal));
  const rules: MemberRule[] = [];
  for (const { product, price } of prices.filter((one) => products.includes(one.product))) {
    for (const direction of ["above", "below"] as const) {
      const away = direction === "above" ? DISTANCE : -DISTANCE;
      const threshold = (Number(price) * (1 + away)).toFixed(2);
      const hysteresis = (Number(price) * HYSTERESIS).toFixed(2);
      const wish = { kind: "price", subject: product, direction, threshold, hysteresis, cooldownSeconds: 0 };
      const headers = { authorization, "idempotency-key": randomUUID() };
      const answer = await insist(client, post("/api/v1/alert-rules", wish, headers), signal);
      const { id, updatedAt } = created.parse(answer);
      rules.push({ id, product, direction, threshold, hysteresis, since: Date.parse(updatedAt) });
    }
  }
  const symbols = [...new Set(products.map((product) => product.split("-")[0] ?? product))];
  return { rules, stream: startMemberStream({ ...options, symbols, token }) };
}

function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Call {
  return { method: "POST", path, headers, body: JSON.stringify(body) };
}

/** Tries until it is answered with a 2xx: a side that has just come up may not know its tables' first prices yet. */
async function insist(client: Client, call: Call, signal: AbortSignal): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    const attempt = await client.call(call);
    if (attempt.answered && attempt.status < 300) return JSON.parse(attempt.body);
    if (tries >= TRIES || signal.aborted) throw new Error(`${call.path}: ${endingOf(attempt)} after ${tries} tries`);
    await sleep(PAUSE_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}
