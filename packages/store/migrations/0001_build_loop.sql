-- Documents are of type json, not jsonb: evidence must come back as it went in, and jsonb refuses
-- NUL characters and lone surrogates, and forgets the order of keys.

create table plumb.runs (
  id text primary key,
  fingerprint text not null,
  model text not null,
  briefs json not null,
  state text not null check (state in ('running', 'finished', 'failed')),
  output_path text not null,
  started_at timestamptz not null,
  finished_at timestamptz
);
create index runs_unfinished on plumb.runs (fingerprint, started_at) where state = 'running';

create table plumb.interactions (
  run_id text not null references plumb.runs (id) on delete cascade,
  key text not null,
  position int not null,
  integration_key text not null,
  interaction json not null,
  outcome text check (outcome in ('accepted', 'rejected', 'blocked', 'exhausted')),
  attempt_id text,
  primary key (run_id, key)
);

create table plumb.attempts (
  id text primary key,
  run_id text not null,
  interaction_key text not null,
  number int not null check (number >= 1),
  model text not null,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  reasoning_tokens bigint not null default 0,
  cache_read_tokens bigint not null default 0,
  cache_write_tokens bigint not null default 0,
  cost_usd double precision not null default 0,
  trace_length int not null default 0,
  artefacts json not null default '[]',
  started_at timestamptz not null,
  finished_at timestamptz,
  unique (run_id, interaction_key, number),
  foreign key (run_id, interaction_key) references plumb.interactions (run_id, key)
);

create table plumb.verdicts (
  attempt_id text primary key references plumb.attempts (id),
  kind text not null check (kind in ('accepted', 'rejected', 'blocked', 'exhausted')),
  body json not null
);

create table plumb.findings (
  attempt_id text not null references plumb.attempts (id),
  position int not null,
  check_name text not null,
  behaviour text not null,
  severity text not null check (severity in ('reject', 'warn', 'note')),
  body json not null,
  primary key (attempt_id, position)
);
create index findings_behaviour on plumb.findings (behaviour, severity);

create table plumb.trace_events (
  attempt_id text not null references plumb.attempts (id),
  sequence int not null check (sequence >= 1),
  at timestamptz not null,
  kind text not null,
  body json not null,
  primary key (attempt_id, sequence)
);

create table plumb.receipts (
  id text primary key,
  chain text not null,
  sequence int not null check (sequence >= 1),
  hash text not null,
  attempt_id text,
  execution_id text,
  body json not null,
  unique (chain, sequence)
);
create index receipts_attempt on plumb.receipts (attempt_id) where attempt_id is not null;
create index receipts_execution on plumb.receipts (execution_id) where execution_id is not null;

create table plumb.executions (
  id text primary key,
  attempt_id text,
  purpose text not null,
  function_name text not null,
  source_hash text not null,
  started_at timestamptz not null,
  position bigint generated always as identity,
  body json not null
);
create index executions_attempt on plumb.executions (attempt_id, position) where attempt_id is not null;

create table plumb.submissions (
  attempt_id text not null references plumb.attempts (id),
  position bigint generated always as identity,
  hash text not null,
  body json not null,
  primary key (attempt_id, position)
);

create function plumb.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on plumb.% is refused: its rows are evidence, appended and never changed.', tg_op, tg_table_name
    using errcode = 'restrict_violation', hint = 'Append a new row instead.';
end
$$;

create trigger append_only before update or delete or truncate on plumb.trace_events
  for each statement execute function plumb.refuse_change();
create trigger append_only before update or delete or truncate on plumb.receipts
  for each statement execute function plumb.refuse_change();
create trigger append_only before update or delete or truncate on plumb.executions
  for each statement execute function plumb.refuse_change();
create trigger append_only before update or delete or truncate on plumb.submissions
  for each statement execute function plumb.refuse_change();
alter table plumb.trace_events enable always trigger append_only;
alter table plumb.receipts enable always trigger append_only;
alter table plumb.executions enable always trigger append_only;
alter table plumb.submissions enable always trigger append_only;
