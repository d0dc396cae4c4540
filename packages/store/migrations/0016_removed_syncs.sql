-- Syncs that a deployment took away, as they were: whatever brings them back, a rollback or a later deployment, goes on
-- where they were. They go with their connection.
create table plumb.removed_syncs (
  id text primary key,
  environment text not null,
  integration_key text not null,
  connection_id text not null,
  name text not null,
  variant text not null,
  state text not null,
  own_frequency text,
  own_period_ms bigint,
  due_at timestamptz not null,
  asked text,
  checkpoint json,
  checkpoint_version int not null,
  failures int not null,
  last_sync_at timestamptz,
  created_at timestamptz not null,
  removed_at timestamptz not null default now(),
  unique (environment, integration_key, connection_id, name, variant),
  foreign key (environment, integration_key, connection_id)
    references plumb.connections (environment, integration_key, connection_id) on delete cascade
);
