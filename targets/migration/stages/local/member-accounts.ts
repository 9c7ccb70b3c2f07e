/** What a member must have been told: each crossing once as an alert, each post's score once as a row and as an update. */
import type pg from "pg";
import { z } from "zod";
import { crossings, type Trade } from "../../load/crossings.ts";
import type { MemberRule } from "../../load/member.ts";
import type { MemberStream } from "../../load/member-stream.ts";
import type { Account } from "../../stage.ts";

const EXAMPLES = 5;

type Seen = ReturnType<MemberStream["seen"]>;

interface AlertRow {
  readonly id: string;
  readonly at: string;
  readonly value: string;
}

/** Each crossing of each rule: one row, and one update on the member's stream. */
export async function accountAlerts(client: pg.Client, rules: readonly MemberRule[], seen: Seen): Promise<Account> {
  const problems = { lost: [] as string[], doubled: [] as string[] };
  const trades = new Map<string, readonly Trade[]>();
  let acknowledged = 0;
  for (const rule of rules) {
    const ofProduct = trades.get(rule.product) ?? (await tradesOf(client, rule.product));
    trades.set(rule.product, ofProduct);
    const expected = crossings(rule, ofProduct).map(({ at, price }) => keyOf(at, price));
    const { rows } = await client.query<AlertRow>(
      "select id, (extract(epoch from time) * 1000)::bigint as at, value::text from alerts where rule_id = $1",
      [rule.id],
    );
    const fired = rows.map((row) => ({ id: row.id, key: keyOf(Number(row.at), row.value) }));
    const known = new Set(expected);
    acknowledged += expected.length;
    const what = `${rule.product} ${rule.direction} ${rule.threshold}`;
    problems.lost.push(
      ...expected.filter((key) => !fired.some((one) => one.key === key)).map((key) => `${what} at ${key}`),
      ...fired.filter(({ id }) => !seen.alerts.has(id)).map(({ id }) => `${what}: no update ${id}`),
    );
    problems.doubled.push(
      ...fired
        .filter(({ key }, index) => !known.has(key) || fired.findIndex((one) => one.key === key) < index)
        .map(({ key }) => `${what} at ${key}, which is no crossing or one that was told`),
      ...fired.filter(({ id }) => (seen.alerts.get(id) ?? 0) > 1).map(({ id }) => `${what}: update ${id} twice`),
    );
  }
  return account(
    "alerts",
    "crossings of the member's rules, looked up in Postgres and on its stream",
    acknowledged,
    problems,
  );
}

const cleanPost = z.object({ id: z.string(), symbol: z.string(), createdAt: z.iso.datetime() });

/** Each post that was said to be about a symbol: one row, and one update to whoever follows the symbol. */
export async function accountSentiment(
  client: pg.Client,
  cleanPosts: readonly Buffer[],
  seen: Seen,
  symbols: readonly string[],
): Promise<Account> {
  const said = cleanPosts.map((value) => cleanPost.parse(JSON.parse(value.toString("utf8"))));
  // Two feeds may carry one article under two times; what must not happen is that one telling of it is stored twice.
  const times = new Map<string, Set<string>>();
  for (const { id, symbol, createdAt } of said) {
    const key = `${symbol} ${id}`;
    times.set(key, (times.get(key) ?? new Set()).add(createdAt));
  }
  const expected = [...times.keys()];
  const { rows } = await client.query<{ symbol: string; post: string }>("select symbol, post from sentiment_scores");
  const stored = new Map<string, number>();
  for (const { symbol, post } of rows) stored.set(`${symbol} ${post}`, (stored.get(`${symbol} ${post}`) ?? 0) + 1);
  const followed = expected.filter((key) => symbols.includes(key.split(" ")[0] ?? ""));
  return account(
    "sentiment",
    "posts about a symbol, looked up in Postgres and on the member's stream",
    expected.length,
    {
      lost: [
        ...expected.filter((key) => !stored.has(key)),
        ...followed.filter((key) => !seen.sentiment.has(key)).map((key) => `no update ${key}`),
      ],
      doubled: [
        ...expected.filter((key) => (stored.get(key) ?? 0) > (times.get(key)?.size ?? 0)),
        ...followed.filter((key) => (seen.sentiment.get(key) ?? 0) > 1).map((key) => `update ${key} twice`),
      ],
    },
  );
}

async function tradesOf(client: pg.Client, product: string): Promise<readonly Trade[]> {
  const { rows } = await client.query<{ id: string; price: string; at: string }>(
    `select trade_id as id, price::text, floor(extract(epoch from time) * 1000)::bigint as at
     from prices where product = $1 order by trade_id`,
    [product],
  );
  return rows.map(({ id, price, at }) => ({ id: Number(id), price, at: Number(at) }));
}

const keyOf = (at: number, price: string): string => `${new Date(at).toISOString()} ${Number(price).toFixed(2)}`;

function account(
  subject: Account["subject"],
  what: string,
  acknowledged: number,
  { lost, doubled }: { readonly lost: readonly string[]; readonly doubled: readonly string[] },
): Account {
  return {
    ...{ subject, what, acknowledged, lost: lost.length, doubled: doubled.length },
    examples: [...lost, ...doubled].slice(0, EXAMPLES),
  };
}
