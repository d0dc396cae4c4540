-- Hashes of the ids that an execution has saved, one row per batch, for as long as it runs. They are in no log: what is
-- unchanged writes none, and who misses rows after a crash of the database deletes nothing.

create unlogged table plumb.execution_seen (
  stream_id bigint not null,
  -- The execution, by a number of its own.
  execution bigint not null,
  ids bigint[] not null,
  seen_at timestamptz not null default now()
);
alter table plumb.execution_seen alter column ids set storage external;
create index execution_seen_stream on plumb.execution_seen (stream_id, execution);
create index execution_seen_oldest on plumb.execution_seen (seen_at);

create sequence plumb.execution_numbers;
