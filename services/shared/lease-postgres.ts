import type { LeaseStore } from "./lease.ts";
import type { Pool } from "./postgres.ts";

const ACQUIRE = `
  insert into leases as held (name, holder, fence, expires_at)
  values ($1, $2, 1, clock_timestamp() + make_interval(secs => $3))
  on conflict (name) do update
    set holder = excluded.holder, fence = held.fence + 1,
        expires_at = clock_timestamp() + make_interval(secs => $3)
    where held.expires_at <= clock_timestamp()
  returning fence`;

const RENEW = `
  update leases set expires_at = clock_timestamp() + make_interval(secs => $4)
  where name = $1 and holder = $2 and fence = $3 and expires_at > clock_timestamp()`;

// The row stays, or the fence would start again at 1.
const RELEASE = `
  update leases set expires_at = clock_timestamp() where name = $1 and holder = $2 and fence = $3`;

/** Leases in Postgres: each call is one statement, so that it needs no session of its own. */
export function createLeaseStore(pool: Pick<Pool, "query">): LeaseStore {
  return {
    acquire: async (name, holder, seconds) => {
      const { rows } = await pool.query<{ fence: string }>(ACQUIRE, [name, holder, seconds]);
      return rows[0] ? Number(rows[0].fence) : undefined;
    },
    renew: async (name, holder, fence, seconds) =>
      (await pool.query(RENEW, [name, holder, fence, seconds])).rowCount === 1,
    release: async (name, holder, fence) => {
      await pool.query(RELEASE, [name, holder, fence]);
    },
  };
}
