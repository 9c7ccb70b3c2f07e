-- Up Migration
create table watchlists (
  id uuid primary key,
  idempotency_key uuid not null unique,
  name text not null,
  products text[] not null,
  created_at timestamptz not null default now()
);

-- Down Migration
drop table watchlists;
