-- Up Migration
create table users (
  id uuid primary key,
  -- As it was given, and as it is compared: an address in another case is the same one.
  email text not null,
  email_key text not null unique,
  -- argon2id in its own encoding, parameters and salt included.
  password_hash text not null,
  created_at timestamptz not null default now()
);

-- One row a sign-in. A refresh puts the next token in the current one's place, so the row is what refreshes of one
-- session take turns at, and what ends all of its tokens at once.
create table sessions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  created_at timestamptz not null default now(),
  -- Of the whole session: refreshing does not move it.
  expires_at timestamptz not null,
  -- SHA-256: who reads the table can not use what it says.
  token_hash bytea not null,
  previous_hash bytea,
  rotated_at timestamptz,
  revoked_at timestamptz
);
create index sessions_user on sessions (user_id);
create index sessions_expiry on sessions (expires_at);

-- By a keyed hash of the address, whether it has an account or not: a lock must not tell which.
create table sign_in_failures (
  subject bytea primary key,
  failures int not null,
  blocked_until timestamptz,
  last_at timestamptz not null
);
create index sign_in_failures_age on sign_in_failures (last_at);

-- Who did what to an account. No address, no token, no password: a user by id, a client by a keyed hash.
create table auth_events (
  id bigint generated always as identity primary key,
  user_id uuid,
  event text not null,
  client_hash text not null,
  request_id text not null,
  at timestamptz not null default now()
);
create index auth_events_user on auth_events (user_id, at desc);
create index auth_events_age on auth_events (at);

alter table watchlists add column user_id uuid references users on delete cascade;
create index watchlists_user on watchlists (user_id);

-- Down Migration
alter table watchlists drop column user_id;
drop table auth_events;
drop table sign_in_failures;
drop table sessions;
drop table users;
