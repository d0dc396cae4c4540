create table plumb.integrations (
  integration_key text primary key,
  body json not null
);

create table plumb.connections (
  integration_key text not null references plumb.integrations (integration_key),
  connection_id text not null,
  provider text not null,
  state text not null check (state in ('ok', 'refreshing', 'needs-reconnect', 'revoked')),
  connection_config json not null,
  metadata json not null,
  encrypted_credential text not null,
  credential_version int not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (integration_key, connection_id)
);

-- What attempts created in a test account, so that it can be found and removed again.
create table plumb.account_ledger (
  id bigint generated always as identity primary key,
  integration_key text not null,
  connection_id text not null,
  attempt_id text,
  receipt_id text not null,
  url text not null,
  resource_id text,
  created_at timestamptz not null,
  deleted_at timestamptz
);
create index account_ledger_attempt on plumb.account_ledger (attempt_id);
create index account_ledger_url on plumb.account_ledger (integration_key, connection_id, url);
