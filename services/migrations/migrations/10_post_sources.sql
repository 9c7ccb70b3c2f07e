-- Up Migration
-- How far each stream of each source of posts has been read: Jetstream's cursor, a feed's validators and what it showed
-- last, what a listing showed last. Written after the topic has the posts.
create table post_sources (
  source text not null,
  -- Whom the source was asked for; a listing's or a feed's URL.
  stream text not null,
  position jsonb not null,
  -- Of the ownership that wrote it: an owner of before cannot turn it back.
  fence bigint not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (source, stream)
);

-- What names of authors and ids of posts are hashed with. Made once for a deployment, so that both sides of a migration
-- hash alike; it never leaves the database but to the service that hashes.
create table post_digest_key (
  only_one boolean primary key default true check (only_one),
  key bytea not null check (length(key) = 32)
);
-- gen_random_uuid() is cryptographically strong, 122 bits a call, and needs no extension.
insert into post_digest_key (key)
select sha256(convert_to(string_agg(gen_random_uuid()::text, ''), 'UTF8')) from generate_series(1, 4);

-- Down Migration
drop table post_digest_key;
drop table post_sources;
