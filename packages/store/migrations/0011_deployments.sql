-- What runs in an environment. A deployment is never changed: it is live, then superseded, and goes when enough
-- newer ones are kept. Each holds all functions of its environment, so that one row decides what is live.
create table plumb.deployments (
  environment text not null references plumb.environments (name),
  id text not null,
  number int not null,
  state text not null check (state in ('live', 'superseded')),
  content_hash text not null,
  created_at timestamptz not null,
  created_by text not null,
  message text,
  restored_from text,
  superseded_at timestamptz,
  primary key (environment, id),
  unique (environment, number)
);
create unique index deployments_live on plumb.deployments (environment) where state = 'live';

-- Code and what it declares, once for all deployments of an environment that have it. Code arrives before the
-- deployment that needs it does.
create table plumb.function_bundles (
  environment text not null references plumb.environments (name),
  hash text not null,
  code text not null,
  definition json not null,
  created_at timestamptz not null,
  primary key (environment, hash)
);

create table plumb.deployed_functions (
  environment text not null,
  deployment_id text not null,
  integration_key text not null,
  kind text not null check (kind in ('action', 'sync', 'on-event')),
  name text not null,
  file_name text not null,
  source_hash text not null,
  bundle_hash text not null,
  allow json not null,
  primary key (environment, deployment_id, integration_key, kind, name),
  foreign key (environment, deployment_id) references plumb.deployments (environment, id) on delete cascade,
  foreign key (environment, bundle_hash) references plumb.function_bundles (environment, hash)
);
create index deployed_functions_bundle on plumb.deployed_functions (environment, bundle_hash);

-- What functions read with getEnvironmentVariables; encrypted by the caller.
create table plumb.function_variables (
  environment text not null references plumb.environments (name),
  name text not null,
  encrypted_value text not null,
  updated_at timestamptz not null,
  primary key (environment, name)
);
