/** Rules that a market crosses now and then, and the certainty that whoever judges them knows them. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Caller, Person } from "./client.ts";
import { centsOf, WINDOW_SECONDS, type Rule } from "./crossings.ts";
import type { Database } from "./database.ts";
import type { Feed } from "./feed.ts";
import type { PostSource } from "./posts.ts";

const made = z.object({ id: z.string() });
/** Parts of the price, in thousandths: where lines lie around it, how far it must come back, how long they cool down. */
const LINES = [
  { away: 0, back: 1, cooldownSeconds: 0 },
  { away: 3, back: 1, cooldownSeconds: 1 },
];
/** Thousandths of a percent. */
const CHANGE = { threshold: 300, hysteresis: 100, cooldownSeconds: 0 } as const;
/** Asked of by nobody else. */
const SENTINEL = "KAS";
const PAUSE_MILLISECONDS = 250;

/** Somebody's rules at the market's last prices; the person has their alerts sent to `hook` as well. */
export async function makeRules(
  { caller, database, feed }: { readonly caller: Caller; readonly database: Database; readonly feed: Feed },
  { email, token }: Person,
  hook: string,
): Promise<readonly Rule[]> {
  // The API takes addresses outside only; here nothing is outside.
  await database.rows(
    "insert into webhooks (id, user_id, url, secret) select $1, id, $2, $3 from users where email = $4",
    [...[randomUUID(), hook, "whsec_c2VjcmV0"], email],
  );
  const lasts = await feed.lasts();
  const last = await feed.series(new Map([...lasts].map(([product, id]) => [product, id - 1])));
  const rules: Rule[] = [];
  for (const [product, [trade]] of last) {
    if (!trade) continue;
    for (const wanted of rulesAround(product, Number(centsOf(trade)))) {
      const answer = await caller.post({ path: "/api/v1/alert-rules", body: bodyOf(wanted), key: randomUUID(), token });
      rules.push({ ...wanted, id: made.parse(answer).id });
    }
  }
  return rules;
}

function rulesAround(product: string, cents: number): readonly Omit<Rule, "id">[] {
  const part = (thousandths: number): number => Math.max(1, Math.round((cents * thousandths) / 1000));
  return [
    ...LINES.flatMap(({ away, back, cooldownSeconds }) => {
      const common = { kind: "price", product, hysteresis: part(back), cooldownSeconds } as const;
      return [
        { ...common, direction: "above" as const, threshold: cents + part(away) },
        { ...common, direction: "below" as const, threshold: cents - part(away) },
      ];
    }),
    { ...CHANGE, kind: "change", product, direction: "above" },
    { ...CHANGE, kind: "change", product, direction: "below", threshold: -CHANGE.threshold },
  ];
}

function bodyOf({ kind, product, direction, threshold, hysteresis, cooldownSeconds }: Omit<Rule, "id">): object {
  const unit = kind === "price" ? 100 : 1000;
  const digits = kind === "price" ? 2 : 3;
  return {
    ...{ kind, subject: product, direction, cooldownSeconds },
    ...{ threshold: (threshold / unit).toFixed(digits), hysteresis: (hysteresis / unit).toFixed(digits) },
    ...(kind === "change" ? { windowSeconds: WINDOW_SECONDS } : {}),
  };
}

/**
 * Resolves when the alert service knows every rule made so far: it looks for changed ones now and then, all at once, and
 * a later one has fired.
 */
export async function untilRulesAreKnown(
  { caller, database, posts }: { readonly caller: Caller; readonly database: Database; readonly posts: PostSource },
  { token }: Person,
): Promise<void> {
  const body = { kind: "sentiment", subject: SENTINEL, direction: "above", threshold: "-1" };
  const answer = await caller.post({ path: "/api/v1/alert-rules", body, key: randomUUID(), token });
  const { id } = made.parse(answer);
  for (;;) {
    posts.write(SENTINEL);
    await sleep(PAUSE_MILLISECONDS);
    if ((await database.rows("select from alerts where rule_id = $1", [id])).length > 0) return;
  }
}
