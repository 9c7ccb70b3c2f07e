import type { Chore } from "../shared/housekeeping.ts";

/** What is told of a person is kept no longer than it serves. */
export const CHORES: readonly Chore[] = [
  { table: "sessions", key: "id", over: "expires_at < now() - interval '1 day'", age: "expires_at" },
  { table: "sign_in_failures", key: "subject", over: "last_at < now() - interval '1 day'", age: "last_at" },
  { table: "auth_events", key: "id", over: "at < now() - interval '180 days'", age: "at" },
];
