-- Schedules of syncs, what their runs did, and who may execute durable work.

-- One sync of one connection: its schedule, where it got to, and the run under way.
create table plumb.syncs (
  id text primary key,
  environment text not null,
  integration_key text not null,
  connection_id text not null,
  name text not null,
  variant text not null default 'base',
  state text not null check (state in ('started', 'paused')),
  -- As the function declares it, and as this connection has it instead.
  frequency text not null,
  own_frequency text,
  period_ms bigint not null check (period_ms > 0),
  own_period_ms bigint check (own_period_ms > 0),
  due_at timestamptz not null,
  -- The mode of a run that somebody asked for; it runs also while the schedule is paused.
  asked text check (asked in ('incremental', 'full_refresh', 'full_refresh_and_clear_cache')),
  run_id text,
  -- Goes up with every slice: an execution that somebody else has taken over can not write any more.
  fence bigint not null default 0,
  stop_asked boolean not null default false,
  checkpoint json,
  checkpoint_version int not null default 0,
  -- In a row, since the last success.
  failures int not null default 0,
  -- Start of the last run that succeeded.
  last_sync_at timestamptz,
  created_at timestamptz not null default now(),
  unique (environment, integration_key, connection_id, name, variant),
  foreign key (environment, integration_key, connection_id)
    references plumb.connections (environment, integration_key, connection_id) on delete cascade
) with (fillfactor = 70);
create index syncs_due on plumb.syncs (due_at) where run_id is null and (state = 'started' or asked is not null);
create index syncs_running on plumb.syncs (environment, integration_key, connection_id) where run_id is not null;

create table plumb.sync_runs (
  id text primary key,
  -- No reference: what ran stays visible after its sync is gone.
  sync_id text not null,
  environment text not null,
  integration_key text not null,
  connection_id text not null,
  name text not null,
  variant text not null,
  mode text not null check (mode in ('incremental', 'full_refresh', 'full_refresh_and_clear_cache')),
  state text not null check (state in ('running', 'success', 'failed', 'paused', 'cancelled')),
  -- The version it runs on, from its first slice to its last.
  deployment_id text,
  -- What was asked for has been cleared away.
  prepared boolean not null default false,
  slices int not null default 0,
  counts json not null default '{}',
  error json,
  started_at timestamptz not null,
  finished_at timestamptz
) with (fillfactor = 70);
create index sync_runs_of_sync on plumb.sync_runs (sync_id, started_at desc);
create index sync_runs_of_environment on plumb.sync_runs (environment, started_at desc);
create index sync_runs_unfinished on plumb.sync_runs (started_at) where finished_at is null;

-- A place for one process that executes durable work. Its holder keeps an advisory lock on the name, and says that
-- it lives; whoever is silent for too long loses the session, and with it the lock.
create table plumb.engine_slots (
  slot text primary key,
  backend_pid int not null,
  seen_at timestamptz not null
);

-- How often work was begun since it last got anywhere.
create table plumb.engine_starts (
  workflow_id text primary key,
  starts int not null,
  started_at timestamptz not null default now()
);
