-- What a list of connections shows and is searched by, why one does not work, and when its token ends.
alter table plumb.connections
  add column number bigint generated always as identity,
  add column end_user jsonb,
  add column tags jsonb not null default '{}',
  add column error json,
  add column token_expires_at timestamptz,
  add column last_fetched_at timestamptz;
create unique index connections_number on plumb.connections (environment, number);
create index connections_end_user on plumb.connections (environment, (end_user ->> 'id'));
create index connections_due on plumb.connections (environment, token_expires_at)
  where token_expires_at is not null;

alter table plumb.integrations
  add column created_at timestamptz not null default now(),
  add column updated_at timestamptz not null default now();

-- A customer's permission to connect accounts, for half an hour. Only the hash of its token is kept.
create table plumb.connect_sessions (
  id text primary key,
  environment text not null references plumb.environments (name),
  token_hash text not null unique,
  body json not null,
  -- The connection to be authorised again; null for new ones.
  reconnect json,
  -- The connection that came of it.
  connected json,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index connect_sessions_expired on plumb.connect_sessions (expires_at);

-- One way to a provider and back. Its state is kept as a hash, and works once.
create table plumb.authorizations (
  state_hash text primary key,
  session_id text not null references plumb.connect_sessions (id) on delete cascade,
  environment text not null references plumb.environments (name),
  integration_key text not null,
  -- Of a cookie: who begins in a browser has to end in it.
  browser_hash text not null,
  encrypted_body text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index authorizations_session on plumb.authorizations (session_id);

-- Clients that were registered by themselves at authorization servers.
create table plumb.oauth_clients (
  environment text not null,
  integration_key text not null,
  issuer text not null,
  redirect_uri text not null,
  encrypted_client text not null,
  created_at timestamptz not null,
  primary key (environment, integration_key, issuer, redirect_uri),
  foreign key (environment, integration_key)
    references plumb.integrations (environment, integration_key) on delete cascade
);
