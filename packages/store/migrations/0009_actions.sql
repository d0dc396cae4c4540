-- Actions whose answer must be kept: those with an idempotency key, and those that run later. Every other action
-- leaves its log only.

create table plumb.action_calls (
  environment text not null references plumb.environments (name),
  id text not null,
  integration_key text not null,
  connection_id text not null,
  action text not null,
  input json,
  -- SHA-256 of what was asked: integration, connection, action and input.
  request_hash text not null,
  idempotency_key text,
  queued boolean not null,
  max_retries int not null,
  state text not null check (state in ('queued', 'running', 'done')),
  attempts int not null default 0,
  -- The process that runs it; it holds the lock of that name while it lives.
  owner text,
  -- Whether an attempt has begun to change the account.
  wrote boolean not null default false,
  outcome json,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (environment, id)
);
create unique index action_calls_key on plumb.action_calls (environment, idempotency_key)
  where idempotency_key is not null;
create index action_calls_oldest on plumb.action_calls (created_at);
