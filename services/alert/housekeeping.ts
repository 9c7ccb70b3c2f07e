import type { Chore } from "../shared/housekeeping.ts";

export const CHORES: readonly Chore[] = [
  // Longer than the topic keeps messages: what is gone from there can not come again.
  { table: "alert_posts", key: "symbol, post", over: "seen_at < now() - interval '8 days'", age: "seen_at" },
  // A user's history. Its deliveries go with it; one that is not published yet waits for the outbox.
  {
    table: "alerts",
    key: "id",
    over: "fired_at < now() - interval '180 days' and published_at is not null",
    age: "fired_at",
  },
];
