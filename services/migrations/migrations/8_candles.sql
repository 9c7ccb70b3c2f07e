-- Up Migration
-- What prices look like by the minute and by the hour: a day's candle is made of 24 rows, where it would be of a million.
create table candles (
  product text not null,
  seconds int not null check (seconds in (60, 3600)),
  start timestamptz not null,
  first_id bigint not null,
  open numeric not null,
  high numeric not null,
  low numeric not null,
  last_id bigint not null,
  close numeric not null,
  volume numeric not null,
  trades bigint not null,
  primary key (product, seconds, start)
);

-- Of the rows that a statement really put in: a trade that comes again is not counted again, whoever writes it. Candles
-- are taken in one order, so that two writers wait for each other and never in a circle.
create function roll_up_prices() returns trigger language plpgsql as $$
begin
  insert into candles as held (product, seconds, start, first_id, open, high, low, last_id, close, volume, trades)
  select product, width.seconds, date_bin(make_interval(secs => width.seconds), time, timestamptz 'epoch') as start,
    min(trade_id), (array_agg(price order by trade_id))[1], max(price), min(price),
    max(trade_id), (array_agg(price order by trade_id desc))[1], sum(size), count(*)
  from added cross join (values (60), (3600)) as width (seconds)
  group by 1, 2, 3 order by 1, 2, 3
  on conflict (product, seconds, start) do update set
    open = case when excluded.first_id < held.first_id then excluded.open else held.open end,
    first_id = least(held.first_id, excluded.first_id),
    high = greatest(held.high, excluded.high),
    low = least(held.low, excluded.low),
    close = case when excluded.last_id > held.last_id then excluded.close else held.close end,
    last_id = greatest(held.last_id, excluded.last_id),
    volume = held.volume + excluded.volume,
    trades = held.trades + excluded.trades;
  return null;
end
$$;
-- Writers wait from here until the commit, so that every trade is either rolled up below or by the trigger.
create trigger prices_rolled_up after insert on prices
  referencing new table as added for each statement execute function roll_up_prices();

insert into candles (product, seconds, start, first_id, open, high, low, last_id, close, volume, trades)
select product, width.seconds, date_bin(make_interval(secs => width.seconds), time, timestamptz 'epoch'),
  min(trade_id), (array_agg(price order by trade_id))[1], max(price), min(price),
  max(trade_id), (array_agg(price order by trade_id desc))[1], sum(size), count(*)
from prices cross join (values (60), (3600)) as width (seconds)
group by 1, 2, 3;

-- Down Migration
drop trigger prices_rolled_up on prices;
drop function roll_up_prices;
drop table candles;
