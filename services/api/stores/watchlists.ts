import { randomUUID } from "node:crypto";

import type { Database } from "./database.ts";
import {
  CREATED_PAGE,
  createKept,
  type Creation,
  microseconds,
  pageValues,
  type Placed,
  type Position,
  requestHash,
} from "./kept.ts";

export interface NewWatchlist {
  readonly name: string;
  readonly products: readonly string[];
}

export interface Watchlist extends NewWatchlist {
  readonly id: string;
  readonly createdAt: string;
}

/**
 * Watchlists of users and of nobody. One of a user is there for that user alone; one of nobody is there for whoever
 * knows its id.
 */
export interface WatchlistStore {
  /** Committed when it resolves. @throws Problem 409 when the user has as many as one may */
  create(user: string | null, key: string, wanted: NewWatchlist): Promise<Creation<Watchlist>>;
  list(user: string, after: Position | undefined, limit: number): Promise<readonly Placed<Watchlist>[]>;
  find(user: string | null, id: string): Promise<Watchlist | undefined>;
  /** @returns undefined when there is none */
  replace(user: string | null, id: string, wanted: NewWatchlist): Promise<Watchlist | undefined>;
  /** @returns whether there was one */
  remove(user: string | null, id: string): Promise<boolean>;
}

export const MOST_WATCHLISTS = 100;

const COLUMNS = `id, user_id, name, products, created_at, ${microseconds("created_at")} as position, request_hash`;
const INSERT = `
  insert into watchlists (id, user_id, idempotency_key, request_hash, name, products) values ($1, $2, $3, $4, $5, $6)
  on conflict (idempotency_key) do nothing returning ${COLUMNS}`;
const BY_KEY = `select ${COLUMNS} from watchlists where idempotency_key = $1`;
const LIST = `select ${COLUMNS} from watchlists ${CREATED_PAGE}`;
const MINE = `id = $1 and (user_id is null or user_id = $2)`;
const FIND = `select ${COLUMNS} from watchlists where ${MINE}`;
const REPLACE = `update watchlists set name = $3, products = $4 where ${MINE} returning ${COLUMNS}`;
const REMOVE = `delete from watchlists where ${MINE} returning id`;

/** Between our insert and our look-up the row may be deleted; then the key is free again. */
const CREATE_ATTEMPTS = 3;

interface Row {
  id: string;
  user_id: string | null;
  name: string;
  products: string[];
  created_at: Date;
  position: string;
  request_hash: string | null;
}

export function createWatchlistStore(database: Database): WatchlistStore {
  const { query } = database;
  const valuesOf = (user: string | null, key: string, wanted: NewWatchlist): readonly unknown[] => {
    const { name, products } = wanted;
    return [randomUUID(), user, key, requestHash({ name, products }), name, products];
  };

  /** Of nobody there may be any number, so no turns are taken. */
  const createAnonymous = async (key: string, wanted: NewWatchlist): Promise<Creation<Row>> => {
    for (let attempt = 0; attempt < CREATE_ATTEMPTS; attempt += 1) {
      const [made] = await query<Row>(INSERT, valuesOf(null, key, wanted));
      if (made) return { outcome: "created", made };
      const [there] = await query<Row>(BY_KEY, [key]);
      if (!there) continue;
      return isSame(there, null, wanted) ? { outcome: "repeated", made: there } : { outcome: "conflict" };
    }
    return { outcome: "conflict" };
  };
  const createOwned = (user: string, key: string, wanted: NewWatchlist): Promise<Creation<Row>> =>
    createKept<Row>(database, {
      ...{ table: "watchlists", user, most: MOST_WATCHLISTS },
      there: async (query) => (await query<Row>(BY_KEY, [key]))[0],
      isSame: (row) => isSame(row, user, wanted),
      insert: async (query) => (await query<Row>(INSERT, valuesOf(user, key, wanted)))[0],
    });

  return {
    create: async (user, key, wanted) => {
      const creation = await (user === null ? createAnonymous(key, wanted) : createOwned(user, key, wanted));
      return creation.outcome === "conflict" ? creation : { ...creation, made: toWatchlist(creation.made) };
    },
    list: async (user, after, limit) => {
      const rows = await query<Row>(LIST, pageValues(user, after, limit));
      return rows.map((row) => ({ item: toWatchlist(row), position: [row.position, row.id] }));
    },
    find: async (user, id) => (await query<Row>(FIND, [id, user])).map(toWatchlist)[0],
    replace: async (user, id, { name, products }) =>
      (await query<Row>(REPLACE, [id, user, name, products])).map(toWatchlist)[0],
    remove: async (user, id) => (await query(REMOVE, [id, user])).length > 0,
  };
}

/** Whether a repeated key stands for the same request, of the same owner. */
function isSame(row: Row, user: string | null, { name, products }: NewWatchlist): boolean {
  const hash = row.request_hash ?? requestHash({ name: row.name, products: row.products });
  return row.user_id === user && hash === requestHash({ name, products });
}

function toWatchlist({ id, name, products, created_at }: Row): Watchlist {
  return { id, name, products, createdAt: created_at.toISOString() };
}
