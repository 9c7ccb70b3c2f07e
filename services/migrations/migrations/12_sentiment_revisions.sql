-- Up Migration
-- A post that the lexicon scored because the model was away may be scored again, once: 0 is the first score, 1 the
-- model's late one. A constant default rewrites no row, and a release that does not know the column writes 0.
alter table sentiment_scores add column revision smallint not null default 0 check (revision in (0, 1));

-- Down Migration
alter table sentiment_scores drop column revision;
