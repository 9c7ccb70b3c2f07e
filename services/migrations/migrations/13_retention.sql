-- Up Migration
-- By which old alerts and ended deliveries are found, to be deleted a batch at a time.
create index alerts_age on alerts (fired_at) where published_at is not null;
create index deliveries_ended on deliveries (ended_at) where ended_at is not null;

-- Down Migration
drop index deliveries_ended;
drop index alerts_age;
