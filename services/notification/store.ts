import type { Pool } from "../shared/postgres.ts";
import type { AlertMessage } from "../shared/topics/alerts.ts";
import type { Delivery, Target } from "./delivery.ts";

/** What is a delivery's own: the attempt tells it from one that another replica has begun since. */
export type Claim = Pick<Delivery, "channel" | "attempt"> & { readonly alert: Pick<AlertMessage, "id"> };

export interface Store {
  /** Makes a delivery for each channel of the alerts' users; those that are there stay as they are. Committed when it resolves. */
  plan(alerts: readonly string[], withPush: boolean): Promise<void>;
  /** Takes deliveries that are due, or whose worker did not come back. They are ours for `CLAIM_SECONDS`. */
  claim(holder: string, most: number): Promise<readonly Delivery[]>;
  /** Each of these is false when the delivery is not ours any more. */
  sent(holder: string, claim: Claim): Promise<boolean>;
  suppressed(holder: string, claim: Claim, reason: string): Promise<boolean>;
  failed(holder: string, claim: Claim, reason: string): Promise<boolean>;
  /** @param counts whether the attempt was one */
  later(holder: string, claim: Claim, when: Date, reason: string | null, counts: boolean): Promise<boolean>;
  /** Sends no more to a receiver that is gone. */
  forget(channel: string): Promise<void>;
  /** Makes failed deliveries due again. @returns how many */
  replay(since: Date, kind: Target["kind"] | undefined): Promise<number>;
  /** Throws when Postgres is away or the schema isn't there yet. */
  check(): Promise<void>;
}

/** Above the time that any attempt takes, and how late a delivery is whose worker died. */
export const CLAIM_SECONDS = 60;

// The lock keeps the alerts there until the commit: a user who leaves now must make no dead letter of them.
// Whoever has said nothing has no preferences, but a mail needs its token.
const PLAN = `
  with alert as (select id, user_id from alerts where id = any($1) order by id for key share),
  token as (
    insert into notification_preferences (user_id) select distinct user_id from alert order by user_id
    on conflict (user_id) do nothing
  )
  insert into deliveries (alert_id, channel, user_id, status)
  select id, 'email', user_id, 'waiting' from alert
    where not exists (select from notification_preferences p where p.user_id = alert.user_id and not p.email)
  union all
  select alert.id, 'webhook:' || hook.id, user_id, 'waiting' from alert join webhooks hook using (user_id)
    where hook.disabled_at is null
  union all
  select alert.id, 'push:' || subscription.id, user_id, 'waiting'
    from alert join push_subscriptions subscription using (user_id) where $2
  on conflict (alert_id, channel) do nothing`;

const CLAIM = `
  with due as (
    select alert_id, channel from deliveries
    where status in ('waiting', 'sending') and next_attempt_at <= now()
      and (claimed_until is null or claimed_until <= now())
    order by next_attempt_at limit $2 for update skip locked
  ), claimed as (
    update deliveries d set status = 'sending', attempts = attempts + 1, claimed_by = $1,
      claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS})
    from due where d.alert_id = due.alert_id and d.channel = due.channel
    returning d.alert_id, d.channel, d.user_id, d.attempts
  )
  select c.channel, c.attempts, a.id, a.user_id, a.rule_id, a.kind, a.subject, a.direction, a.threshold::text,
    a.value::text, a.time, a.fired_at, u.email as address, p.email as wanted, p.unsubscribe_token,
    p.quiet_from::text, p.quiet_to::text, coalesce(p.time_zone, 'UTC') as time_zone,
    w.id as hook, w.url, w.secret, s.id as subscription, s.endpoint, s.p256dh, s.auth
  from claimed c join alerts a on a.id = c.alert_id join users u on u.id = c.user_id
    left join notification_preferences p on p.user_id = c.user_id
    left join webhooks w on c.channel = 'webhook:' || w.id and w.user_id = c.user_id and w.disabled_at is null
    left join push_subscriptions s on c.channel = 'push:' || s.id and s.user_id = c.user_id`;

const OURS = `where alert_id = $1 and channel = $2 and claimed_by = $3 and attempts = $4 and status = 'sending'`;
const END = `
  update deliveries set status = $5, reason = $6, ended_at = now(), claimed_by = null, claimed_until = null ${OURS}`;
const LATER = `
  update deliveries set status = 'waiting', next_attempt_at = $5, reason = $6, attempts = attempts - $7::int,
    claimed_by = null, claimed_until = null ${OURS}`;

const REPLAY = `
  update deliveries set status = 'waiting', attempts = 0, next_attempt_at = now(), ended_at = null
  where status = 'failed' and ended_at >= $1 and ($2::text is null or split_part(channel, ':', 1) = $2)`;

interface Row {
  channel: string;
  attempts: number;
  id: string;
  user_id: string;
  rule_id: string;
  kind: AlertMessage["kind"];
  subject: string;
  direction: AlertMessage["direction"];
  threshold: string;
  value: string;
  time: Date;
  fired_at: Date;
  address: string;
  wanted: boolean | null;
  unsubscribe_token: string | null;
  quiet_from: string | null;
  quiet_to: string | null;
  time_zone: string;
  hook: string | null;
  url: string | null;
  secret: string | null;
  subscription: string | null;
  endpoint: string | null;
  p256dh: string | null;
  auth: string | null;
}

export function createStore(pool: Pick<Pool, "query">): Store {
  const ours = async (text: string, holder: string, { alert, channel, attempt }: Claim, rest: readonly unknown[]) =>
    (await pool.query(text, [alert.id, channel, holder, attempt, ...rest])).rowCount === 1;
  return {
    plan: async (alerts, withPush) => {
      await pool.query(PLAN, [alerts, withPush]);
    },
    claim: async (holder, most) => (await pool.query<Row>(CLAIM, [holder, most])).rows.map(toDelivery),
    sent: (holder, claim) => ours(END, holder, claim, ["sent", null]),
    suppressed: (holder, claim, reason) => ours(END, holder, claim, ["suppressed", reason]),
    failed: (holder, claim, reason) => ours(END, holder, claim, ["failed", reason]),
    later: (holder, claim, when, reason, counts) => ours(LATER, holder, claim, [when, reason, counts ? 0 : 1]),
    forget: async (channel) => {
      const [kind, id] = channel.split(":", 2);
      if (kind === "webhook") await pool.query("update webhooks set disabled_at = now() where id = $1", [id]);
      if (kind === "push") await pool.query("delete from push_subscriptions where id = $1", [id]);
    },
    replay: async (since, kind) => (await pool.query(REPLAY, [since, kind ?? null])).rowCount ?? 0,
    check: async () => {
      await pool.query("select 1 from deliveries, notification_preferences, webhooks, push_subscriptions limit 0");
    },
  };
}

function toDelivery(row: Row): Delivery {
  const { quiet_from: from, quiet_to: to, time_zone: timeZone } = row;
  return {
    channel: row.channel,
    attempt: row.attempts,
    alert: {
      v: 1,
      id: row.id,
      user: row.user_id,
      rule: row.rule_id,
      kind: row.kind,
      subject: row.subject,
      direction: row.direction,
      threshold: row.threshold,
      value: row.value,
      time: row.time.toISOString(),
      firedAt: row.fired_at.toISOString(),
    },
    target: targetOf(row),
    timeZone,
    quiet: from === null || to === null ? undefined : { from, to, timeZone },
  };
}

function targetOf(row: Row): Target {
  const { channel, address, wanted, unsubscribe_token: unsubscribeToken } = row;
  if (channel === "email") {
    // Without preferences there is no token, and no link to stop the mails by.
    return { kind: "email", address, wanted: wanted ?? false, unsubscribeToken: unsubscribeToken ?? "" };
  }
  if (channel.startsWith("webhook:")) {
    const { hook: id, url, secret } = row;
    return { kind: "webhook", hook: id === null || url === null || secret === null ? undefined : { id, url, secret } };
  }
  const { subscription: id, endpoint, p256dh, auth } = row;
  const known = id !== null && endpoint !== null && p256dh !== null && auth !== null;
  return { kind: "push", subscription: known ? { id, endpoint, p256dh, auth } : undefined };
}
