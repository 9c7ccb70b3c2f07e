/** Everything acknowledged, looked up by identity where it must have ended. */
import type { Database } from "./database.ts";
import type { Subscriber } from "../../../targets/migration/load/subscriber.ts";
import type { Series } from "./feed.ts";
import type { Write } from "./writes.ts";

export interface Account {
  /** `trades in Postgres`. */
  readonly what: string;
  readonly all: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
}

/** @param found each identity that was found, as often as it was */
export function accountOf(what: string, wanted: readonly string[], found: readonly string[]): Account {
  const times = new Map<string, number>();
  for (const id of found) times.set(id, (times.get(id) ?? 0) + 1);
  const known = new Set(wanted);
  return {
    what,
    all: wanted.length,
    lost: wanted.filter((id) => !times.has(id)),
    // What nobody asked for is one too many as well.
    doubled: [...times].flatMap(([id, count]) => (count > 1 || !known.has(id) ? [id] : [])),
  };
}

/** A row each, and counted once in the candles, which are rolled up from what was really put in. */
export async function accountTrades(database: Database, series: Series): Promise<readonly Account[]> {
  const wanted = [...series].flatMap(([product, trades]) => trades.map(({ trade_id: id }) => `${product} ${id}`));
  const found: string[] = [];
  const counted: string[] = [];
  for (const [product, trades] of series) {
    const rows = await database.rows<{ id: string }>(
      "select trade_id as id from prices where product = $1 and trade_id between $2 and $3",
      [product, trades.at(0)?.trade_id ?? 0, trades.at(-1)?.trade_id ?? -1],
    );
    found.push(...rows.map(({ id }) => `${product} ${id}`));
    const sums = await database.rows<{ trades: string }>(
      "select sum(trades) as trades from candles where product = $1 and seconds = 60",
      [product],
    );
    counted.push(`${product} ${sums[0]?.trades ?? 0}`);
  }
  const lasts = [...series].map(([product, trades]) => `${product} ${trades.at(-1)?.trade_id ?? 0}`);
  return [accountOf("trades stored", wanted, found), accountOf("products counted in candles", lasts, counted)];
}

/** @param posts ids as they are stored, with their symbol */
export async function accountSentiment(database: Database, posts: readonly string[], symbols: readonly string[]) {
  const rows = await database.rows<{ id: string }>(
    "select post || ' ' || symbol as id from sentiment_scores where symbol = any($1)",
    [symbols],
  );
  return accountOf(
    "posts scored",
    posts,
    rows.map(({ id }) => id),
  );
}

/** Tables by the column that holds each write's mark, and what the answer called it. */
const KEPT = {
  signUps: "select email as mark, email as id from users where email = any($1)",
  watchlists: "select name as mark, id from watchlists where name = any($1)",
  rules: "select threshold::text as mark, id from alert_rules where threshold = any($1::numeric[])",
} as const;

export async function accountWrites(
  database: Database,
  acknowledged: Readonly<Record<keyof typeof KEPT, readonly Write[]>>,
): Promise<readonly Account[]> {
  const accounts: Account[] = [];
  for (const kind of ["signUps", "watchlists", "rules"] as const) {
    const writes = acknowledged[kind];
    const rows = await database.rows<Write>(KEPT[kind], [writes.map(({ mark }) => mark)]);
    const named = ({ mark, id }: Write): string => `${mark} ${id}`;
    accounts.push(accountOf(`${kind} acknowledged`, writes.map(named), rows.map(named)));
  }
  return accounts;
}

/** Every subscriber: each product's trades up to the exchange's last one, without a gap, each once. */
export function accountStream(subscribers: readonly Subscriber[], lasts: ReadonlyMap<string, number>): Account {
  const each = subscribers.flatMap((subscriber, index) => {
    const { products, declaredGaps } = subscriber.state();
    return Object.entries(products).map(([product, { missing, last, doubled, examples }]) => ({
      name: `subscriber ${index} ${product} up to ${last} ${examples.join(" ")}`,
      lost: missing > 0 || last !== lasts.get(product) || declaredGaps > 0,
      doubled: doubled > 0,
    }));
  });
  return {
    what: "subscriptions without gap or double",
    all: each.length,
    lost: each.flatMap(({ name, lost }) => (lost ? [name] : [])),
    doubled: each.flatMap(({ name, doubled }) => (doubled ? [name] : [])),
  };
}
