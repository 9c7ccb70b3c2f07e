-- Up Migration
create table users (
  id uuid primary key,
  -- As it was given, and as it is compared: an address in another case is the same one.
  email text not null,
  email_key text not null unique,
  -- argon2id in its own encoding, parameters and salt included.
  password_hash text not null,
  created_at timestamptz not null default now(),
  failed_attempts int not null default 0,
  locked_until timestamptz
);

-- A family is one sign-in; each refresh uses a token up and issues the next of its family.
create table refresh_tokens (
  id uuid primary key,
  family uuid not null,
  user_id uuid not null references users on delete cascade,
  -- SHA-256: who reads the table can not use what it says.
  token_hash bytea not null unique,
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
create index refresh_tokens_family on refresh_tokens (family);
create index refresh_tokens_user on refresh_tokens (user_id);
create index refresh_tokens_expiry on refresh_tokens (expires_at);

-- Who did what to an account. No address, no token, no password: a user by id, a client by a keyed hash.
create table auth_events (
  id bigint generated always as identity primary key,
  user_id uuid,
  event text not null,
  client_hash text,
  request_id text not null,
  at timestamptz not null default now()
);
create index auth_events_user on auth_events (user_id, at desc);

alter table watchlists add column user_id uuid references users on delete cascade;
create index watchlists_user on watchlists (user_id);

-- Down Migration
alter table watchlists drop column user_id;
drop table auth_events;
drop table refresh_tokens;
drop table users;
