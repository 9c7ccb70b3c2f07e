-- Up Migration
create table prices (
  product text not null,
  trade_id bigint not null,
  price numeric not null,
  size numeric not null,
  side text not null check (side in ('buy', 'sell')),
  time timestamptz not null,
  -- Where the topic holds it; null for a trade that was stored before it was published (the feed's first one).
  kafka_partition int,
  kafka_offset bigint,
  -- Read backwards it also answers "latest of a product" and pages by trade id.
  primary key (product, trade_id)
);
create index prices_product_time on prices (product, time desc);

-- Down Migration
drop table prices;
