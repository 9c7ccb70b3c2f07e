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

export interface NewAlertRule {
  readonly kind: "price" | "change" | "sentiment";
  readonly subject: string;
  readonly direction: "above" | "below";
  /** Decimals as text, and as they were given. */
  readonly threshold: string;
  readonly hysteresis: string;
  readonly cooldownSeconds: number;
  /** Of change rules only. */
  readonly windowSeconds?: number | undefined;
  readonly enabled: boolean;
}

export interface AlertRule extends NewAlertRule {
  readonly id: string;
  /** Rises with every change. */
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface AlertRuleStore {
  /** Committed when it resolves. @throws Problem 409 when the user has as many as one may */
  create(user: string, key: string, wanted: NewAlertRule): Promise<Creation<AlertRule>>;
  list(user: string, after: Position | undefined, limit: number): Promise<readonly Placed<AlertRule>[]>;
  find(user: string, id: string): Promise<AlertRule | undefined>;
  /** One that is as wanted already stays as it is: a new revision would be judged anew. */
  replace(user: string, id: string, wanted: NewAlertRule): Promise<AlertRule | undefined>;
  remove(user: string, id: string): Promise<boolean>;
}

export const MOST_ALERT_RULES = 100;
/** Of rules that look at no window the column keeps its default, and nobody reads it. */
const NO_WINDOW = 3_600;

const COLUMNS = `id, kind, subject, direction, threshold::text, hysteresis::text, cooldown_seconds, window_seconds,
  enabled, revision, created_at, updated_at, ${microseconds("created_at")} as position, request_hash`;
const INSERT = `
  insert into alert_rules (id, user_id, request_key, request_hash, kind, subject, direction, threshold, hysteresis,
    cooldown_seconds, window_seconds, enabled)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning ${COLUMNS}`;
const BY_KEY = `select ${COLUMNS} from alert_rules where user_id = $1 and request_key = $2`;
const LIST = `select ${COLUMNS} from alert_rules ${CREATED_PAGE}`;
const FIND = `select ${COLUMNS} from alert_rules where id = $1 and user_id = $2`;
const REPLACE = `
  update alert_rules set kind = $3, subject = $4, direction = $5, threshold = $6, hysteresis = $7,
    cooldown_seconds = $8, window_seconds = $9, enabled = $10
  where id = $1 and user_id = $2
    and (kind, subject, direction, threshold, hysteresis, cooldown_seconds, window_seconds, enabled)
      is distinct from ($3, $4, $5, $6::numeric, $7::numeric, $8::int, $9::int, $10::boolean)
  returning ${COLUMNS}`;
const REMOVE = `delete from alert_rules where id = $1 and user_id = $2 returning id`;

interface Row {
  id: string;
  kind: NewAlertRule["kind"];
  subject: string;
  direction: NewAlertRule["direction"];
  threshold: string;
  hysteresis: string;
  cooldown_seconds: number;
  window_seconds: number;
  enabled: boolean;
  revision: string;
  created_at: Date;
  updated_at: Date;
  position: string;
  request_hash: string | null;
}

export function createAlertRuleStore(database: Database): AlertRuleStore {
  const { query } = database;
  const find = async (user: string, id: string) => (await query<Row>(FIND, [id, user])).map(toAlertRule)[0];

  return {
    create: async (user, key, wanted) => {
      const hash = requestHash(wanted);
      const creation = await createKept<Row>(database, {
        ...{ table: "alert_rules", user, most: MOST_ALERT_RULES },
        there: async (query) => (await query<Row>(BY_KEY, [user, key]))[0],
        isSame: (row) => row.request_hash === hash,
        insert: async (query) => (await query<Row>(INSERT, [randomUUID(), user, key, hash, ...valuesOf(wanted)]))[0],
      });
      return creation.outcome === "conflict" ? creation : { ...creation, made: toAlertRule(creation.made) };
    },
    list: async (user, after, limit) => {
      const rows = await query<Row>(LIST, pageValues(user, after, limit));
      return rows.map((row) => ({ item: toAlertRule(row), position: [row.position, row.id] }));
    },
    find,
    replace: async (user, id, wanted) => {
      const [changed] = await query<Row>(REPLACE, [id, user, ...valuesOf(wanted)]);
      return changed ? toAlertRule(changed) : await find(user, id);
    },
    remove: async (user, id) => (await query(REMOVE, [id, user])).length > 0,
  };
}

function valuesOf(wanted: NewAlertRule): readonly unknown[] {
  const { kind, subject, direction, threshold, hysteresis, cooldownSeconds, windowSeconds, enabled } = wanted;
  return [kind, subject, direction, threshold, hysteresis, cooldownSeconds, windowSeconds ?? NO_WINDOW, enabled];
}

function toAlertRule(row: Row): AlertRule {
  const { id, kind, subject, direction, threshold, hysteresis, enabled } = row;
  return {
    ...{ id, kind, subject, direction, threshold, hysteresis, cooldownSeconds: row.cooldown_seconds },
    ...(kind === "change" ? { windowSeconds: row.window_seconds } : {}),
    ...{ enabled, revision: Number(row.revision) },
    ...{ createdAt: row.created_at.toISOString(), updatedAt: row.updated_at.toISOString() },
  };
}
