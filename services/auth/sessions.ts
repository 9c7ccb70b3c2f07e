import { randomBytes, randomUUID } from "node:crypto";

import { againWhenCut, type Pool } from "../shared/postgres.ts";
import type { Caller } from "./accounts.ts";
import type { Keys } from "./keys.ts";
import { hashOf, readToken, SECRET_BYTES, writeToken } from "./refresh-token.ts";

/** A session after a sign-in or a refresh: what the client goes on with. */
export interface Session {
  readonly user: string;
  readonly refreshToken: string;
  readonly expires: Date;
}

/**
 * Sessions with rotating refresh tokens (RFC 9700, section 4.14.2): a refresh uses its token up and gives the next.
 *
 * A used token that comes again means that two have it, and nobody can say which is the thief: the whole session ends.
 * But for a few seconds, and only while the next token is unused, the same token gives the same next one again: a
 * client that lost the answer is no thief, nor are two tabs that refresh at once. That opens no second line of tokens,
 * so a thief who is this quick still collides with the owner at the refresh after.
 */
export interface Sessions {
  /** Opens one, and takes the count of failed sign-ins of `subject` away. Committed when it resolves. */
  open(user: string, subject: Buffer, caller: Caller): Promise<Session>;
  /** @returns undefined when the token is unknown, used up, out or revoked */
  refresh(token: string, caller: Caller): Promise<Session | "reused" | undefined>;
  /** Ends the token's session, also by a token that is used up; what is unknown has ended already. */
  close(token: string, caller: Caller): Promise<void>;
}

export interface SessionOptions {
  /** From sign-in to the next sign-in, however often it is refreshed. */
  readonly lifetimeSeconds: number;
  /** How long a used token may come again. */
  readonly graceSeconds: number;
}

/** @source NIST SP 800-63B-4, section 2.1.3: at level 1, signing in anew after 30 days. The grace is ours: a request's timeout and a retry. */
export const SESSION: SessionOptions = { lifetimeSeconds: 30 * 86_400, graceSeconds: 10 };

// One statement, and the ids are chosen before it: run twice it opens one session.
const OPEN = `
  with session as (
    insert into sessions (id, user_id, expires_at, token_hash)
    values ($1, $2, clock_timestamp() + make_interval(secs => $4), $3)
    on conflict (id) do update set id = excluded.id returning expires_at
  ), forgiven as (delete from sign_in_failures where subject = $5),
  event as (
    insert into auth_events (user_id, event, client_hash, request_id) values ($2, 'sign-in', $6, $7)
  )
  select expires_at from session`;

const LIVE = `revoked_at is null and expires_at > clock_timestamp()`;

// Of many at once the row lets one through; the others look again when it is done and find another token there.
const ROTATE = `
  update sessions set previous_hash = token_hash, token_hash = $3, rotated_at = clock_timestamp()
  where id = $1 and token_hash = $2 and ${LIVE}
  returning user_id, expires_at`;

const REPEAT = `
  select user_id, expires_at from sessions
  where id = $1 and previous_hash = $2 and token_hash = $3
    and rotated_at > clock_timestamp() - make_interval(secs => $4) and ${LIVE}`;

const REVOKE = `
  with revoked as (
    update sessions set revoked_at = clock_timestamp() where id = $1 and ${LIVE} returning user_id
  )
  insert into auth_events (user_id, event, client_hash, request_id)
  select user_id, $2, $3, $4 from revoked`;

interface SessionRow {
  user_id: string;
  expires_at: Date;
}

/** Every method may safely run twice: a refresh whose commit was not heard of is repeated within its grace. */
export function createSessions(
  pool: Pick<Pool, "query">,
  keys: Pick<Keys, "successor">,
  { lifetimeSeconds, graceSeconds }: SessionOptions = SESSION,
): Sessions {
  const one = async <R extends object>(text: string, values: readonly unknown[]): Promise<R | undefined> =>
    (await againWhenCut(() => pool.query<R>(text, [...values]))).rows[0];
  /** @returns whether there was a session to end */
  const revoke = async (session: string, event: "sign-out" | "refresh-reused", { clientHash, requestId }: Caller) =>
    (await againWhenCut(() => pool.query(REVOKE, [session, event, clientHash, requestId]))).rowCount === 1;

  return {
    open: async (user, subject, { clientHash, requestId }) => {
      const token = { session: randomUUID(), secret: randomBytes(SECRET_BYTES) };
      const values = [token.session, user, hashOf(token.secret), lifetimeSeconds, subject, clientHash, requestId];
      const row = await one<SessionRow>(OPEN, values);
      if (!row) throw new Error("a session was opened and is not there");
      return { user, refreshToken: writeToken(token), expires: row.expires_at };
    },
    refresh: async (token, caller) => {
      const { session, secret } = readToken(token);
      const next = keys.successor(secret);
      const hashes = [session, hashOf(secret), hashOf(next)];
      const row = (await one<SessionRow>(ROTATE, hashes)) ?? (await one<SessionRow>(REPEAT, [...hashes, graceSeconds]));
      if (row) {
        return { user: row.user_id, refreshToken: writeToken({ session, secret: next }), expires: row.expires_at };
      }
      return (await revoke(session, "refresh-reused", caller)) ? "reused" : undefined;
    },
    close: async (token, caller) => {
      await revoke(readToken(token).session, "sign-out", caller);
    },
  };
}
