import type { Pool } from "../shared/postgres.ts";
import { levelOf } from "./decimal.ts";
import { alertId } from "./identity.ts";
import { FRESH, type RuleState } from "./rule.ts";
import type { Stored } from "./rule-book.ts";
import type { Turn } from "./watch.ts";

export interface Digest {
  readonly count: number;
  readonly revisions: number;
}

export interface Changes {
  readonly rules: readonly Stored[];
  /** Rules that are switched off. */
  readonly off: readonly { readonly id: string; readonly revision: number }[];
  /** What all rules that are on give together. */
  readonly digest: Digest;
}

export interface Numbered<P> {
  readonly post: P;
  readonly turn: number;
}

export interface Store {
  /** What was changed after the revision. */
  changedSince(revision: number): Promise<Changes>;
  /** The rules of the ids, or all; those that are not there or switched off are left out. */
  rules(ids?: readonly string[]): Promise<readonly Stored[]>;
  /**
   * Stores the turns and their alerts, each rule's all or none.
   *
   * @returns the rules whose turns were not stored: changed since they were read, or turned by another replica
   */
  save(turns: readonly Turn[]): Promise<ReadonlySet<string>>;
  /** Numbers posts in the order of their first sight; those that have a number keep it. */
  numbered<P extends { symbol: string; post: string }>(posts: readonly P[]): Promise<readonly Numbered<P>[]>;
  /** Throws when Postgres is away or the schema isn't there yet. */
  check(): Promise<void>;
}

const RULE = `
  select r.id, r.revision, r.enabled, r.kind, r.subject, r.direction, r.threshold::text, r.hysteresis::text,
    r.cooldown_seconds, r.window_seconds, r.updated_at,
    s.revision as state_revision, s.armed, s.alerted_at, s.position
  from alert_rules r left join alert_states s on s.rule_id = r.id`;

const DIGEST = `select count(*) as count, coalesce(sum(revision), 0) as revisions from alert_rules where enabled`;

// A rule that is gone or changed saves nothing; the lock keeps it there until the commit, so that no key can dangle.
// Whoever turns a rule must know the turn before: of two replicas that found the same, or different ones, one stores.
const SAVE = `
  with given as (
    select * from unnest($1::uuid[], $2::bigint[], $3::boolean[], $4::timestamptz[], $5::bigint[], $6::bigint[])
      as given (rule_id, revision, armed, alerted_at, position, expected)
  ), live as (
    select r.id, r.user_id, r.kind, r.subject, r.direction, r.threshold
    from alert_rules r join given on given.rule_id = r.id and given.revision = r.revision
    where r.enabled order by r.id for key share of r
  ), saved as (
    insert into alert_states as held (rule_id, revision, armed, alerted_at, position)
    select rule_id, revision, armed, alerted_at, position from given where rule_id in (select id from live)
    order by rule_id
    on conflict (rule_id) do update
      set revision = excluded.revision, armed = excluded.armed, alerted_at = excluded.alerted_at,
        position = excluded.position, updated_at = now()
      where held.revision < excluded.revision or (held.revision = excluded.revision
        and held.position = (select expected from given where given.rule_id = held.rule_id))
    returning rule_id
  ), fired as (
    insert into alerts (id, rule_id, user_id, kind, subject, direction, threshold, value, time)
    select alert.id, live.id, user_id, kind, subject, direction, threshold, alert.value, alert.time
    from unnest($7::uuid[], $8::uuid[], $9::numeric[], $10::timestamptz[]) as alert (id, rule_id, value, time)
    join live on live.id = alert.rule_id join saved on saved.rule_id = alert.rule_id
    order by alert.id
    on conflict (id) do nothing
  )
  select rule_id from saved`;

// The update changes nothing; it is there because a row that is only skipped is not returned.
const POSTS = `
  with given as (
    select symbol, post, min(n) as n from unnest($1::text[], $2::text[]) with ordinality as t (symbol, post, n)
    group by symbol, post
  )
  insert into alert_posts (symbol, post) select symbol, post from given order by n
  on conflict (symbol, post) do update set post = excluded.post
  returning symbol, post, turn`;

interface RuleRow {
  id: string;
  revision: string;
  enabled: boolean;
  kind: "price" | "change" | "sentiment";
  subject: string;
  direction: "above" | "below";
  threshold: string;
  hysteresis: string;
  cooldown_seconds: number;
  window_seconds: number;
  updated_at: Date;
  state_revision: string | null;
  armed: boolean | null;
  alerted_at: Date | null;
  position: string | null;
}

export function createStore(pool: Pick<Pool, "query">): Store {
  return {
    changedSince: async (revision) => {
      const { rows } = await pool.query<RuleRow>(`${RULE} where r.revision > $1`, [revision]);
      const { rows: sums } = await pool.query<{ count: string; revisions: string }>(DIGEST);
      return {
        rules: rows.filter(({ enabled }) => enabled).map(toStored),
        off: rows.filter(({ enabled }) => !enabled).map((row) => ({ id: row.id, revision: Number(row.revision) })),
        digest: { count: Number(sums[0]?.count), revisions: Number(sums[0]?.revisions) },
      };
    },
    rules: async (ids) => {
      const { rows } = ids
        ? await pool.query<RuleRow>(`${RULE} where r.enabled and r.id = any($1)`, [ids])
        : await pool.query<RuleRow>(`${RULE} where r.enabled`);
      return rows.map(toStored);
    },
    save: async (turns) => {
      const last = new Map(turns.map((turn) => [turn.entry.rule.id, turn]));
      const first = new Map(turns.toReversed().map((turn) => [turn.entry.rule.id, turn]));
      const states = [...last.values()];
      const alerts = turns.filter(({ after }) => !after.armed);
      const { rows } = await pool.query<{ rule_id: string }>(SAVE, [
        states.map(({ entry }) => entry.rule.id),
        states.map(({ entry }) => entry.rule.revision),
        states.map(({ after }) => after.armed),
        states.map(({ after }) => (after.alertedAt === null ? null : new Date(after.alertedAt))),
        states.map(({ after }) => after.position),
        states.map(({ entry }) => first.get(entry.rule.id)?.before.position ?? null),
        alerts.map(({ entry, observation }) => alertId(entry.rule.id, observation.identity)),
        alerts.map(({ entry }) => entry.rule.id),
        alerts.map(({ observation }) => observation.value),
        alerts.map(({ observation }) => observation.time),
      ]);
      const saved = new Set(rows.map(({ rule_id }) => rule_id));
      return new Set([...last.keys()].filter((id) => !saved.has(id)));
    },
    numbered: async (posts) => {
      const values = [posts.map(({ symbol }) => symbol), posts.map(({ post }) => post)];
      const { rows } = await pool.query<{ symbol: string; post: string; turn: string }>(POSTS, values);
      const turns = new Map(rows.map(({ symbol, post, turn }) => [`${symbol} ${post}`, Number(turn)]));
      return posts.map((post) => {
        const turn = turns.get(`${post.symbol} ${post.post}`);
        if (turn === undefined) throw new Error("a post was numbered and has no number");
        return { post, turn };
      });
    },
    check: async () => {
      await pool.query("select 1 from alert_rules, alert_states, alerts, alert_posts limit 0");
    },
  };
}

function toStored(row: RuleRow): Stored {
  const revision = Number(row.revision);
  return {
    rule: {
      id: row.id,
      revision,
      kind: row.kind,
      subject: row.subject,
      direction: row.direction,
      threshold: levelOf(row.threshold),
      hysteresis: levelOf(row.hysteresis),
      cooldownMs: row.cooldown_seconds * 1000,
      windowSeconds: row.window_seconds,
      since: row.updated_at.getTime(),
    },
    // What was stored under another revision says nothing of this one.
    state: row.state_revision === row.revision ? stateOf(row) : FRESH,
  };
}

const stateOf = ({ armed, alerted_at: alertedAt, position }: RuleRow): RuleState => ({
  armed: armed ?? true,
  alertedAt: alertedAt?.getTime() ?? null,
  position: position === null ? null : Number(position),
});
