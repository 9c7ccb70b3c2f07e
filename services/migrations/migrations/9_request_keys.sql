-- Up Migration
-- The Idempotency-Key that a row was made under, and the hash of what was sent with it, since a row may change later. The
-- key lives as long as its row.
alter table alert_rules add column request_key uuid, add column request_hash text;
create unique index alert_rules_request_key on alert_rules (user_id, request_key);
alter table webhooks add column request_key uuid, add column request_hash text;
create unique index webhooks_request_key on webhooks (user_id, request_key);
-- Null for those that were made before, which nothing could change.
alter table watchlists add column request_hash text;
-- What a user's list is read by, page by page.
create index webhooks_page on webhooks (user_id, created_at, id);
create index push_subscriptions_page on push_subscriptions (user_id, created_at, id);
create index watchlists_page on watchlists (user_id, created_at, id);

-- Down Migration
drop index watchlists_page;
drop index push_subscriptions_page;
drop index webhooks_page;
alter table watchlists drop column request_hash;
alter table webhooks drop column request_key, drop column request_hash;
alter table alert_rules drop column request_key, drop column request_hash;
