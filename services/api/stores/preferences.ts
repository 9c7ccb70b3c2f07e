import type { Query } from "./database.ts";

/** How a user wants to be told. */
export interface Preferences {
  readonly email: boolean;
  /** In the user's own time, `22:00`; over midnight when `to` is the earlier. Null for none. */
  readonly quietHours: { readonly from: string; readonly to: string } | null;
  readonly timeZone: string;
}

export interface PreferenceStore {
  /** What applies, also for users who never said anything. */
  get(user: string): Promise<Preferences>;
  put(user: string, wanted: Preferences): Promise<Preferences>;
  /** No more mail to whom the token was given. @returns whether there is such a token */
  unsubscribe(token: string): Promise<boolean>;
  hasToken(token: string): Promise<boolean>;
}

/** As migration 7 sets them. */
const DEFAULTS: Preferences = { email: true, quietHours: null, timeZone: "UTC" };

const COLUMNS = `email, to_char(quiet_from, 'HH24:MI') as quiet_from, to_char(quiet_to, 'HH24:MI') as quiet_to, time_zone`;
const GET = `select ${COLUMNS} from notification_preferences where user_id = $1`;
const PUT = `
  insert into notification_preferences (user_id, email, quiet_from, quiet_to, time_zone) values ($1, $2, $3, $4, $5)
  on conflict (user_id) do update set email = excluded.email, quiet_from = excluded.quiet_from,
    quiet_to = excluded.quiet_to, time_zone = excluded.time_zone, updated_at = now()
  returning ${COLUMNS}`;
const UNSUBSCRIBE = `
  update notification_preferences set email = false, updated_at = now() where unsubscribe_token = $1 returning user_id`;
const BY_TOKEN = `select 1 from notification_preferences where unsubscribe_token = $1`;

interface Row {
  email: boolean;
  quiet_from: string | null;
  quiet_to: string | null;
  time_zone: string;
}

export function createPreferenceStore(query: Query): PreferenceStore {
  return {
    get: async (user) => (await query<Row>(GET, [user])).map(toPreferences)[0] ?? DEFAULTS,
    put: async (user, { email, quietHours, timeZone }) => {
      const rows = await query<Row>(PUT, [user, email, quietHours?.from ?? null, quietHours?.to ?? null, timeZone]);
      return rows.map(toPreferences)[0] ?? DEFAULTS;
    },
    unsubscribe: async (token) => (await query(UNSUBSCRIBE, [token])).length > 0,
    hasToken: async (token) => (await query(BY_TOKEN, [token])).length > 0,
  };
}

function toPreferences({ email, quiet_from: from, quiet_to: to, time_zone: timeZone }: Row): Preferences {
  return { email, quietHours: from === null || to === null ? null : { from, to }, timeZone };
}
