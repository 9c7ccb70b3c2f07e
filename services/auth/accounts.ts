import { randomUUID } from "node:crypto";

import { againWhenCut, type Pool } from "../shared/postgres.ts";
import type { Email } from "./email.ts";

/** Who asked, as far as the audit log may know it. */
export interface Caller {
  readonly clientHash: string;
  readonly requestId: string;
}

export interface Account {
  readonly id: string;
  readonly passwordHash: string;
}

export interface Profile {
  readonly id: string;
  readonly email: string;
  readonly createdAt: string;
}

export interface Accounts {
  /** Makes an account unless the address has one. Committed when it resolves; does not tell which of the two it was. */
  create(email: Email, passwordHash: string, caller: Caller): Promise<void>;
  find(emailKey: string): Promise<Account | undefined>;
  profile(id: string): Promise<Profile | undefined>;
  /** Replaces the hash that was verified, unless someone else has replaced it by now. */
  rehash(account: Account, passwordHash: string): Promise<void>;
  /** Writes what happened to the audit log. */
  record(event: "sign-in-failed" | "sign-in-blocked", user: string | undefined, caller: Caller): Promise<void>;
  /** Throws when Postgres is away or the schema isn't there yet. */
  check(): Promise<void>;
}

const CREATE = `
  with made as (
    insert into users (id, email, email_key, password_hash) values ($1, $2, $3, $4)
    on conflict (email_key) do nothing returning id
  )
  insert into auth_events (user_id, event, client_hash, request_id)
  select max(id::text)::uuid, case when count(*) = 1 then 'sign-up' else 'sign-up-repeated' end, $5, $6 from made`;

const RECORD = `insert into auth_events (user_id, event, client_hash, request_id) values ($1, $2, $3, $4)`;

interface UserRow {
  id: string;
  email: string;
  password_hash: string;
  created_at: Date;
}

/** SQL behind accounts. Every method may safely run twice; at worst the audit log has a line twice. */
export function createAccounts(pool: Pick<Pool, "query">): Accounts {
  const query = async <R extends object>(text: string, values: readonly unknown[]): Promise<R[]> =>
    (await againWhenCut(() => pool.query<R>(text, [...values]))).rows;

  return {
    create: async ({ address, key }, passwordHash, { clientHash, requestId }) => {
      await query(CREATE, [randomUUID(), address, key, passwordHash, clientHash, requestId]);
    },
    find: async (emailKey) => {
      const [row] = await query<UserRow>("select id, password_hash from users where email_key = $1", [emailKey]);
      return row && { id: row.id, passwordHash: row.password_hash };
    },
    profile: async (id) => {
      const [row] = await query<UserRow>("select id, email, created_at from users where id = $1", [id]);
      return row && { id: row.id, email: row.email, createdAt: row.created_at.toISOString() };
    },
    rehash: async ({ id, passwordHash: verified }, passwordHash) => {
      await query("update users set password_hash = $3 where id = $1 and password_hash = $2", [
        id,
        verified,
        passwordHash,
      ]);
    },
    record: async (event, user, { clientHash, requestId }) => {
      await query(RECORD, [user ?? null, event, clientHash, requestId]);
    },
    check: async () => {
      await query("select 1 from users, sessions, sign_in_failures, auth_events limit 0", []);
    },
  };
}
