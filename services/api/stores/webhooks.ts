import { randomBytes, randomUUID } from "node:crypto";

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

export interface Webhook {
  readonly id: string;
  readonly url: string;
  /** False when its owner switched it off, or we did because it never took anything. */
  readonly enabled: boolean;
  readonly createdAt: string;
}

/** As its owner sees it once. */
export interface WebhookWithSecret extends Webhook {
  readonly secret: string;
}

export interface WebhookStore {
  /** Committed when it resolves. @throws Problem 409 when the user has as many as one may */
  create(user: string, key: string, url: string): Promise<Creation<WebhookWithSecret>>;
  list(user: string, after: Position | undefined, limit: number): Promise<readonly Placed<Webhook>[]>;
  find(user: string, id: string): Promise<Webhook | undefined>;
  replace(user: string, id: string, wanted: { url: string; enabled: boolean }): Promise<Webhook | undefined>;
  remove(user: string, id: string): Promise<boolean>;
}

export const MOST_WEBHOOKS = 10;
/** @source Standard Webhooks, "Signature scheme": 24 to 64 bytes, base64, behind this prefix */
const SECRET = { prefix: "whsec_", bytes: 32 } as const;

const COLUMNS = `id, url, disabled_at, created_at, ${microseconds("created_at")} as position`;
const WITH_SECRET = `${COLUMNS}, secret, request_hash`;
const INSERT = `
  insert into webhooks (id, user_id, request_key, request_hash, url, secret) values ($1, $2, $3, $4, $5, $6)
  returning ${WITH_SECRET}`;
const BY_KEY = `select ${WITH_SECRET} from webhooks where user_id = $1 and request_key = $2`;
const LIST = `select ${COLUMNS} from webhooks ${CREATED_PAGE}`;
const FIND = `select ${COLUMNS} from webhooks where id = $1 and user_id = $2`;
const REPLACE = `
  update webhooks set url = $3, disabled_at = case when $4::boolean then null else coalesce(disabled_at, now()) end
  where id = $1 and user_id = $2 returning ${COLUMNS}`;
const REMOVE = `delete from webhooks where id = $1 and user_id = $2 returning id`;

interface Row {
  id: string;
  url: string;
  disabled_at: Date | null;
  created_at: Date;
  position: string;
}
type SecretRow = Row & { secret: string; request_hash: string | null };

export function createWebhookStore(database: Database): WebhookStore {
  const { query } = database;
  return {
    create: async (user, key, url) => {
      const hash = requestHash({ url });
      const secret = SECRET.prefix + randomBytes(SECRET.bytes).toString("base64");
      const creation = await createKept<SecretRow>(database, {
        ...{ table: "webhooks", user, most: MOST_WEBHOOKS },
        there: async (query) => (await query<SecretRow>(BY_KEY, [user, key]))[0],
        isSame: (row) => row.request_hash === hash,
        insert: async (query) => (await query<SecretRow>(INSERT, [randomUUID(), user, key, hash, url, secret]))[0],
      });
      if (creation.outcome === "conflict") return creation;
      return { ...creation, made: { ...toWebhook(creation.made), secret: creation.made.secret } };
    },
    list: async (user, after, limit) => {
      const rows = await query<Row>(LIST, pageValues(user, after, limit));
      return rows.map((row) => ({ item: toWebhook(row), position: [row.position, row.id] }));
    },
    find: async (user, id) => (await query<Row>(FIND, [id, user])).map(toWebhook)[0],
    replace: async (user, id, { url, enabled }) =>
      (await query<Row>(REPLACE, [id, user, url, enabled])).map(toWebhook)[0],
    remove: async (user, id) => (await query(REMOVE, [id, user])).length > 0,
  };
}

function toWebhook({ id, url, disabled_at, created_at }: Row): Webhook {
  return { id, url, enabled: disabled_at === null, createdAt: created_at.toISOString() };
}
