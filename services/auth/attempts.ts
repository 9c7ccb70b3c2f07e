import { againWhenCut, type Pool } from "../shared/postgres.ts";

/** Failed sign-ins of one address, whether it has an account or not. */
export interface Attempts {
  /**
   * Counts an attempt as failed before its password is looked at, so that a hundred at once can't all be looked at.
   * A sign-in that succeeds takes the count away (see `Sessions.open`).
   *
   * @returns undefined when it may go on, else whole seconds until the next one may
   */
  begin(subject: Buffer): Promise<number | undefined>;
}

/** How failures turn into waiting. */
export interface Backoff {
  /** So many may fail before any wait: people mistype. */
  readonly free: number;
  /** Seconds after the first failure beyond; doubled by each further one. */
  readonly firstSeconds: number;
  /**
   * Seconds at the most. An address can be blocked by anyone who knows it, so the end must be bearable for its owner;
   * sessions that are open already are not touched by it. It leaves a guesser about a hundred tries a day.
   */
  readonly mostSeconds: number;
  /** After so many quiet seconds the count begins anew. */
  readonly forgetSeconds: number;
}

/** @source NIST SP 800-63B-4, section 3.2.2: an increasing wait after failed attempts. Our figures. */
export const BACKOFF: Backoff = { free: 5, firstSeconds: 1, mostSeconds: 900, forgetSeconds: 86_400 };

const COUNTED = `
  case when known.last_at < clock_timestamp() - make_interval(secs => $5) then 1 else known.failures + 1 end`;

// The exponent is bounded, or the power would overflow long before `least` looks at it.
const blockedAfter = (failures: string): string => `
  case when (${failures}) > $2::int then clock_timestamp() + make_interval(secs =>
    least($4::float8, $3::float8 * power(2, least((${failures}) - $2::int - 1, 30)))) end`;

const BEGIN = `
  insert into sign_in_failures as known (subject, failures, blocked_until, last_at)
  values ($1, 1, ${blockedAfter("1")}, clock_timestamp())
  on conflict (subject) do update set
    failures = ${COUNTED}, blocked_until = ${blockedAfter(COUNTED)}, last_at = clock_timestamp()
  where known.blocked_until is null or known.blocked_until <= clock_timestamp()`;

const WAIT = `
  select ceil(extract(epoch from blocked_until - clock_timestamp()))::int as seconds
  from sign_in_failures where subject = $1`;

export function createAttempts(pool: Pick<Pool, "query">, backoff: Backoff = BACKOFF): Attempts {
  const { free, firstSeconds, mostSeconds, forgetSeconds } = backoff;
  return {
    begin: async (subject) => {
      const { rowCount } = await againWhenCut(() =>
        pool.query(BEGIN, [subject, free, firstSeconds, mostSeconds, forgetSeconds]),
      );
      if (rowCount === 1) return undefined;
      const { rows } = await againWhenCut(() => pool.query<{ seconds: number | null }>(WAIT, [subject]));
      return Math.max(1, rows[0]?.seconds ?? 1);
    },
  };
}
