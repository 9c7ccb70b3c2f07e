import { randomUUID } from "node:crypto";

import type { Database } from "./database.ts";
import { CREATED_PAGE, microseconds, pageValues, type Placed, type Position, refuseMoreThan } from "./kept.ts";

/** What a browser gives for it to be sent messages. @source Push API, PushSubscription */
export interface NewPushSubscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** Without its keys and with the push service's name alone: an endpoint is all that it takes to find a browser. */
export interface PushSubscription {
  readonly id: string;
  readonly service: string;
  readonly createdAt: string;
}

export interface PushSubscriptionStore {
  /**
   * Makes or renews the subscription of an endpoint. One browser has one, so it goes to whoever signed in there last.
   * Committed when it resolves. @throws Problem 409 when the user has as many as one may
   */
  put(user: string, wanted: NewPushSubscription): Promise<{ readonly made: boolean; readonly item: PushSubscription }>;
  list(user: string, after: Position | undefined, limit: number): Promise<readonly Placed<PushSubscription>[]>;
  remove(user: string, id: string): Promise<boolean>;
}

export const MOST_PUSH_SUBSCRIPTIONS = 20;

const COLUMNS = `id, endpoint, created_at, ${microseconds("created_at")} as position`;
const RENEW = `
  update push_subscriptions set p256dh = $3, auth = $4 where user_id = $1 and endpoint = $2 returning ${COLUMNS}`;
const TAKE = `
  insert into push_subscriptions (id, user_id, endpoint, p256dh, auth) values ($1, $2, $3, $4, $5)
  on conflict (endpoint) do update
    set id = excluded.id, user_id = excluded.user_id, p256dh = excluded.p256dh, auth = excluded.auth, created_at = now()
  returning ${COLUMNS}`;
const LIST = `select ${COLUMNS} from push_subscriptions ${CREATED_PAGE}`;
const REMOVE = `delete from push_subscriptions where id = $1 and user_id = $2 returning id`;

interface Row {
  id: string;
  endpoint: string;
  created_at: Date;
  position: string;
}

export function createPushSubscriptionStore(database: Database): PushSubscriptionStore {
  const { query } = database;
  return {
    put: (user, { endpoint, keys: { p256dh, auth } }) =>
      database.inTurn(`push_subscriptions of ${user}`, async (query) => {
        const [renewed] = await query<Row>(RENEW, [user, endpoint, p256dh, auth]);
        if (renewed) return { made: false, item: toSubscription(renewed) };
        await refuseMoreThan(query, "push_subscriptions", user, MOST_PUSH_SUBSCRIPTIONS);
        const [taken] = await query<Row>(TAKE, [randomUUID(), user, endpoint, p256dh, auth]);
        if (!taken) throw new Error("a subscription was stored and is not there");
        return { made: true, item: toSubscription(taken) };
      }),
    list: async (user, after, limit) => {
      const rows = await query<Row>(LIST, pageValues(user, after, limit));
      return rows.map((row) => ({ item: toSubscription(row), position: [row.position, row.id] }));
    },
    remove: async (user, id) => (await query(REMOVE, [id, user])).length > 0,
  };
}

function toSubscription({ id, endpoint, created_at }: Row): PushSubscription {
  return { id, service: new URL(endpoint).hostname, createdAt: created_at.toISOString() };
}
