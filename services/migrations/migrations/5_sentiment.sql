-- Up Migration
-- Partitioned by the time of the post; with TimescaleDB it is a hypertable. Who is late by weeks is in the default one.
do $$
begin
  if exists (select 1 from pg_extension where extname = 'timescaledb') then
    create table sentiment_scores (
      symbol text not null,
      post text not null,
      time timestamptz not null,
      source text not null,
      score real not null check (score between -1 and 1),
      confidence real not null check (confidence between 0 and 1),
      model text not null,
      received_at timestamptz not null,
      primary key (symbol, time, post)
    );
    perform create_hypertable('sentiment_scores', 'time', chunk_time_interval => interval '1 day');
  else
    create table sentiment_scores (
      symbol text not null,
      post text not null,
      time timestamptz not null,
      source text not null,
      score real not null check (score between -1 and 1),
      confidence real not null check (confidence between 0 and 1),
      model text not null,
      received_at timestamptz not null,
      primary key (symbol, time, post)
    ) partition by range (time);
    create table sentiment_scores_default partition of sentiment_scores default;
  end if;
end
$$;

-- Down Migration
drop table sentiment_scores;
