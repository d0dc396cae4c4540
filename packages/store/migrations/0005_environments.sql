-- Environments isolate everything: integrations, connections, and all that belongs to them. What was stored before
-- there were any belongs to `dev`.

create table plumb.environments (
  name text primary key check (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  created_at timestamptz not null default now()
);
insert into plumb.environments (name) values ('dev');

alter table plumb.connections drop constraint connections_integration_key_fkey;
alter table plumb.connections drop constraint connections_pkey;
alter table plumb.integrations drop constraint integrations_pkey;

alter table plumb.integrations
  add column environment text not null default 'dev' references plumb.environments (name);
alter table plumb.integrations alter column environment drop default;
alter table plumb.integrations add primary key (environment, integration_key);

alter table plumb.connections add column environment text not null default 'dev';
alter table plumb.connections alter column environment drop default;
alter table plumb.connections add primary key (environment, integration_key, connection_id);
alter table plumb.connections
  add foreign key (environment, integration_key) references plumb.integrations (environment, integration_key);
create index connections_by_id on plumb.connections (environment, connection_id);

-- Keys that open the API of one environment. The key itself is known to its owner alone; its hash finds it.
create table plumb.secret_keys (
  id text primary key,
  environment text not null references plumb.environments (name),
  name text not null,
  hash text not null unique,
  scopes json not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index secret_keys_environment on plumb.secret_keys (environment, created_at);
