import type { Chore } from "../shared/housekeeping.ts";

/**
 * Ended deliveries. Longer than the topic keeps alerts, or one that is read again would be planned, and sent, again; and
 * as long as a failed one may still be made due (replay.ts).
 */
export const CHORES: readonly Chore[] = [
  {
    table: "deliveries",
    key: "alert_id, channel",
    over: "ended_at < now() - interval '30 days' and status in ('sent', 'suppressed', 'failed')",
    age: "ended_at",
  },
];
