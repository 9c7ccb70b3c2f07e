/** Where everything acknowledged must have ended, looked up by identity and never by counting alone. */
import pg from "pg";
import type { Account } from "../../stage.ts";
import type { Ledger } from "../../load/load.ts";
import type { Emitted } from "./exchange.ts";

const EXAMPLES = 5;

/** Opens a client for one look-up and closes it. */
export async function withDatabase<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Trades in Postgres, of those that the exchange sent. */
export async function storedTrades(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>("select count(*) from prices");
  return Number(rows[0]?.count ?? 0);
}

/** Every acknowledged watchlist: its row is there, under the id that was acknowledged, once. */
export async function accountWrites(client: pg.Client, { acknowledged }: Ledger): Promise<Account> {
  const { rows } = await client.query<{ id: string; key: string; name: string }>(
    "select id, idempotency_key as key, name from watchlists",
  );
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const rowsOfName = new Map<string, number>();
  for (const { name } of rows) rowsOfName.set(name, (rowsOfName.get(name) ?? 0) + 1);
  const lost = acknowledged.filter(({ key, id }) => byKey.get(key)?.id !== id);
  const doubled = acknowledged.filter(({ name }) => (rowsOfName.get(name) ?? 0) > 1);
  return {
    subject: "writes",
    what: "acknowledged watchlists looked up in Postgres by key and id",
    acknowledged: acknowledged.length,
    lost: lost.length,
    doubled: doubled.length,
    examples: [...lost, ...doubled].slice(0, EXAMPLES).map(({ key }) => key),
  };
}

/** Every trade that the exchange sent: one row, whichever side was reading. */
export async function accountFeed(client: pg.Client, emitted: Emitted): Promise<Account> {
  const { rows } = await client.query<{ product: string; id: string }>("select product, trade_id as id from prices");
  const stored = new Map<string, number>();
  for (const { product, id } of rows) stored.set(`${product} ${id}`, (stored.get(`${product} ${id}`) ?? 0) + 1);
  const sent = Object.entries(emitted).flatMap(([product, { first, last }]) =>
    Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => `${product} ${first + index}`),
  );
  const lost = sent.filter((trade) => !stored.has(trade));
  const doubled = sent.filter((trade) => (stored.get(trade) ?? 0) > 1);
  return {
    subject: "feed",
    what: "trades that the exchange sent, looked up in Postgres by product and id",
    acknowledged: sent.length,
    lost: lost.length,
    doubled: doubled.length,
    examples: [...lost, ...doubled].slice(0, EXAMPLES),
  };
}

/** Every update to every subscriber: the trades of a product from its first one to the exchange's last, each once. */
export function accountStream({ stream }: Ledger, emitted: Emitted): Account {
  const tails = stream.map((state) => {
    const last = emitted[state.product]?.last;
    // Contiguous ids: what lies beyond the last one seen is lost as much as a hole.
    const tail = last === undefined || state.last === null ? 0 : Math.max(0, last - state.last);
    return { ...state, tail };
  });
  const silent = tails.filter(({ seen }) => seen === 0).length;
  return {
    subject: "stream",
    what: "updates that subscribers must have had, by product and trade id",
    acknowledged: tails.reduce((sum, { seen, missing, tail }) => sum + seen + missing + tail, 0),
    lost: tails.reduce((sum, { missing, tail }) => sum + missing + tail, silent),
    doubled: tails.reduce((sum, { doubled }) => sum + doubled, 0),
    examples: tails
      .filter(({ missing, doubled, tail, seen }) => missing + doubled + tail > 0 || seen === 0)
      .slice(0, EXAMPLES)
      .map(
        ({ subscriber, product, examples, tail }) =>
          `subscriber ${subscriber} ${product} ${examples.join(" ")} tail ${tail}`,
      ),
  };
}
