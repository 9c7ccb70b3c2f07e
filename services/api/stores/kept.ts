/** What users keep: made once per Idempotency-Key, at most so many each, listed by when they were made. */
import { createHash } from "node:crypto";

import { z } from "zod";

import { Problem } from "../../shared/problem.ts";
import { createCursor } from "../http/pages.ts";
import type { Database, Query } from "./database.ts";

export type Creation<T> =
  | { readonly outcome: "created" | "repeated"; readonly made: T }
  /** The key was used before, with another body. */
  | { readonly outcome: "conflict" };

/** A row that knows what request made it. */
export interface Requested {
  readonly request_hash: string | null;
}

export interface CreateOptions<R extends Requested> {
  readonly table: string;
  readonly user: string;
  readonly most: number;
  /** The row that the key made, if it did. */
  readonly there: (query: Query) => Promise<R | undefined>;
  readonly isSame: (row: R) => boolean;
  readonly insert: (query: Query) => Promise<R | undefined>;
}

/**
 * Makes a row, unless its key has made one or the user has as many as one may.
 *
 * One user's requests take turns, so that many at once are no way around the limit. Committed when it resolves.
 * @throws Problem 409 when there are too many
 */
export async function createKept<R extends Requested>(
  database: Database,
  { table, user, most, there, isSame, insert }: CreateOptions<R>,
): Promise<Creation<R>> {
  return await database.inTurn(`${table} of ${user}`, async (query) => {
    const known = await there(query);
    if (known !== undefined) return isSame(known) ? { outcome: "repeated", made: known } : { outcome: "conflict" };
    await refuseMoreThan(query, table, user, most);
    const made = await insert(query);
    return made === undefined ? { outcome: "conflict" } : { outcome: "created", made };
  });
}

/** @throws Problem 409 */
export async function refuseMoreThan(query: Query, table: string, user: string, most: number): Promise<void> {
  const [row] = await query<{ count: string }>(`select count(*) from ${table} where user_id = $1`, [user]);
  if (Number(row?.count) < most) return;
  throw new Problem("too-many-kept", `You have ${most} of these, which is the most; delete one first.`);
}

/** The same for the same request: its fields have the order of their schema. */
export function requestHash(wanted: object): string {
  return createHash("sha256").update(JSON.stringify(wanted)).digest("base64url");
}

/** Where a list stands: when its last row was made, in microseconds since 1970, and its id. */
const position = z.tuple([z.string().regex(/^\d{1,17}$/), z.uuid()]);
export type Position = z.infer<typeof position>;

export const positionCursor = (list: string) => createCursor(list, position);

/** The column that a position's first part is read from. JavaScript's dates have no microseconds. */
export const microseconds = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;
/** A position's first part, as Postgres compares it. */
export const instantOf = (parameter: string): string =>
  `(timestamptz 'epoch' + ${parameter}::bigint * interval '1 microsecond')`;

/** The condition and order of a page; `$1` is the user, `$2` and `$3` the position or null, `$4` the limit. */
export const CREATED_PAGE = `
  where user_id = $1 and ($2::bigint is null or (created_at, id) > (${instantOf("$2")}, $3::uuid))
  order by created_at, id limit $4`;

/** Values of {@link CREATED_PAGE}; one row more than the page has tells whether there is another. */
export const pageValues = (user: string, after: Position | undefined, limit: number): readonly unknown[] => [
  user,
  after?.[0] ?? null,
  after?.[1] ?? null,
  limit + 1,
];

/** A row of a list, and where the list stands with it. */
export interface Placed<T> {
  readonly item: T;
  readonly position: Position;
}
