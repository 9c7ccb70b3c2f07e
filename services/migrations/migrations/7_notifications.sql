-- Up Migration
create table notification_preferences (
  user_id uuid primary key references users on delete cascade,
  email boolean not null default true,
  -- Quiet hours in the user's own time; null for none. From 22:00 to 07:00 goes over midnight.
  quiet_from time,
  quiet_to time,
  time_zone text not null default 'UTC',
  -- In the link of each mail; whoever has it may only unsubscribe.
  unsubscribe_token uuid not null unique default gen_random_uuid(),
  updated_at timestamptz not null default now(),
  check ((quiet_from is null) = (quiet_to is null))
);

create table webhooks (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  url text not null,
  -- What our signature is made with; shown once, when it is created.
  secret text not null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
create index webhooks_user on webhooks (user_id);

-- @source Push API, PushSubscription
create table push_subscriptions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  endpoint text not null unique,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null default now()
);
create index push_subscriptions_user on push_subscriptions (user_id);

-- One a channel and alert: what is to be sent, what was, what was given up.
create table deliveries (
  alert_id uuid not null references alerts on delete cascade,
  -- email, webhook:<id>, push:<id>
  channel text not null check (channel ~ '^(email|(webhook|push):[0-9a-f-]{36})$'),
  user_id uuid not null references users on delete cascade,
  status text not null check (status in ('waiting', 'sending', 'sent', 'suppressed', 'failed')),
  -- Those that were begun, also by one that died before it could tell how it ended.
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  -- Whose turn it is, until when: a worker that died gives it back by not finishing.
  claimed_by text,
  claimed_until timestamptz,
  -- Why it is suppressed or failed, or must be tried again; in our words, since a server's may name the person.
  reason text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (alert_id, channel)
);
create index deliveries_due on deliveries (next_attempt_at) where status in ('waiting', 'sending');
create index deliveries_failed on deliveries (ended_at) where status = 'failed';
create index deliveries_user on deliveries (user_id);

-- Down Migration
drop table deliveries;
drop table push_subscriptions;
drop table webhooks;
drop table notification_preferences;
