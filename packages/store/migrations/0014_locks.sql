-- Locks that functions of one connection share. A row whose time is up is a lock that anybody may take.

create table plumb.locks (
  environment text not null,
  integration_key text not null,
  connection_id text not null,
  key text collate "C" not null,
  -- The execution that holds it.
  owner text not null,
  expires_at timestamptz not null,
  primary key (environment, integration_key, connection_id, key)
) with (fillfactor = 70);
create index locks_expired on plumb.locks (expires_at);
