-- Up Migration
-- By the time of the post: with TimescaleDB a hypertable of days, else partitioned by days, which the sentiment
-- processor makes ahead and drops when they are old. A post of a day that has no partition is in the default one.
create table sentiment_scores (
  symbol text not null,
  post text not null,
  time timestamptz not null,
  source text not null,
  score real not null check (score between -1 and 1),
  confidence real not null check (confidence between 0 and 1),
  model text not null,
  received_at timestamptz not null,
  -- The hour up to this post as it stood when this was stored, this one included. Kept, so that a message that is
  -- published again says the same.
  hour_mean real not null check (hour_mean between -1 and 1),
  hour_posts int not null check (hour_posts > 0),
  -- The score is carried along, so that an hour is read from the index alone.
  primary key (symbol, time, post) include (score)
) partition by range (time);
create table sentiment_scores_default partition of sentiment_scores default;

do $$
begin
  if exists (select 1 from pg_extension where extname = 'timescaledb') then
    -- It makes hypertables of plain tables only.
    create table plain (like sentiment_scores including all);
    drop table sentiment_scores;
    alter table plain rename to sentiment_scores;
    perform create_hypertable('sentiment_scores', 'time', chunk_time_interval => interval '1 day');
  end if;
end
$$;

-- Down Migration
drop table sentiment_scores;
