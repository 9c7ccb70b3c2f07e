import type { Query } from "./database.ts";
import { instantOf, microseconds, type Placed, type Position } from "./kept.ts";

/** What fired: a rule's line that was crossed, once. */
export interface Alert {
  readonly id: string;
  readonly rule: string;
  readonly kind: string;
  readonly subject: string;
  readonly direction: string;
  readonly threshold: string;
  readonly value: string;
  /** When what crossed the line happened, and when that was found. */
  readonly time: string;
  readonly firedAt: string;
}

export interface AlertStore {
  /** Newest first. */
  list(user: string, after: Position | undefined, limit: number): Promise<readonly Placed<Alert>[]>;
}

// The order of the index, which is why the comparison is not of two rows. The first condition is what the index needs.
const LIST = `
  select id, rule_id, kind, subject, direction, threshold::text, value::text, time, fired_at,
    ${microseconds("fired_at")} as position
  from alerts
  where user_id = $1 and ($2::bigint is null or (fired_at <= ${instantOf("$2")}
    and (fired_at < ${instantOf("$2")} or id > $3::uuid)))
  order by fired_at desc, id limit $4`;

interface Row {
  id: string;
  rule_id: string;
  kind: string;
  subject: string;
  direction: string;
  threshold: string;
  value: string;
  time: Date;
  fired_at: Date;
  position: string;
}

export function createAlertStore(query: Query): AlertStore {
  return {
    list: async (user, after, limit) => {
      const rows = await query<Row>(LIST, [user, after?.[0] ?? null, after?.[1] ?? null, limit + 1]);
      return rows.map((row) => ({ item: toAlert(row), position: [row.position, row.id] }));
    },
  };
}

function toAlert({ id, rule_id, kind, subject, direction, threshold, value, time, fired_at }: Row): Alert {
  return {
    ...{ id, rule: rule_id, kind, subject, direction, threshold, value },
    ...{ time: time.toISOString(), firedAt: fired_at.toISOString() },
  };
}
