-- Up Migration
-- The exchange that a product is known by: candles, alerts and the stream follow it alone. Held here, so that a setting
-- that changes cannot put two exchanges' trade ids into one row of numbers.
create table product_exchanges (
  product text primary key,
  exchange text not null
);
-- What was traded until now came from the one exchange there was. One index look-up a product.
insert into product_exchanges
with recursive known as (
  (select product from prices order by product limit 1)
  union all
  select (select p.product from prices p where p.product > known.product order by p.product limit 1)
  from known where known.product is not null
)
select product, 'coinbase' from known where product is not null;

-- Trades of a product at the exchanges that it is not known by: to compare with, kept for a week.
create table exchange_prices (
  exchange text not null,
  product text not null,
  trade_id bigint not null,
  price numeric not null,
  size numeric not null,
  side text not null check (side in ('buy', 'sell')),
  time timestamptz not null,
  kafka_partition int,
  kafka_offset bigint,
  primary key (product, exchange, trade_id)
);
create index exchange_prices_time on exchange_prices (time);

-- Down Migration
drop table exchange_prices;
drop table product_exchanges;
