-- What was done (operations), and what was told while doing it (messages). Secrets are removed before anything is
-- written here.

create table plumb.operations (
  id text primary key,
  environment text not null,
  kind text not null,
  integration_key text,
  connection_id text,
  name text,
  state text not null,
  error json,
  started_at timestamptz not null,
  finished_at timestamptz
);
create index operations_newest on plumb.operations (environment, started_at desc, id desc);
create index operations_by_connection
  on plumb.operations (environment, integration_key, connection_id, started_at desc, id desc);
create index operations_oldest on plumb.operations (started_at);

create table plumb.messages (
  position bigint generated always as identity primary key,
  operation_id text not null,
  environment text not null,
  at timestamptz not null,
  level text not null,
  text text not null,
  details json,
  -- The words of text and details, without punctuation.
  search tsvector not null
);
create index messages_of_operation on plumb.messages (operation_id, position);
create index messages_by_word on plumb.messages using gin (search);
create index messages_oldest on plumb.messages using brin (at);
