-- What syncs store of each connection, and in which order it changed.

-- Absent for an environment whose payloads are encrypted.
create table plumb.record_settings (
  environment text primary key references plumb.environments (name) on delete cascade,
  payloads text not null check (payloads in ('encrypted', 'plain'))
);

-- The records of one model and variant of one connection. Whoever changes any of them locks its row first: changes
-- are committed in the order of their numbers, so that a reader who has seen a number has seen all below it.
create table plumb.record_streams (
  id bigint generated always as identity primary key,
  environment text not null,
  integration_key text not null,
  connection_id text not null,
  model text not null,
  variant text not null,
  -- Encrypts payloads, and keeps hashes from telling what they are of. Empty once the stream is abandoned: nobody can
  -- read its payloads then, whoever still has them.
  encrypted_key text not null,
  -- Records that are not deleted.
  live bigint not null default 0,
  -- Of the last change; never goes back, whatever the clock does.
  changed_at timestamptz not null default '-infinity',
  -- Since when records are marked as seen.
  window_opened_at timestamptz,
  created_at timestamptz not null,
  -- The connection is gone, or its records were given up: nobody finds them any more, and retention removes them.
  abandoned_at timestamptz
) with (fillfactor = 70);
create unique index record_streams_name
  on plumb.record_streams (environment, integration_key, connection_id, model, variant)
  where abandoned_at is null;
create index record_streams_abandoned on plumb.record_streams (abandoned_at) where abandoned_at is not null;

create function plumb.abandon_records() returns trigger language plpgsql as $$
begin
  update plumb.record_streams set abandoned_at = now(), encrypted_key = ''
  where environment = old.environment and integration_key = old.integration_key
    and connection_id = old.connection_id and abandoned_at is null;
  return null;
end $$;
create trigger connections_abandon_records after delete on plumb.connections
  for each row execute function plumb.abandon_records();

-- One sequence for all: numbers that were seen stay below those of records that are stored anew.
create sequence plumb.record_changes cache 1;

create table plumb.records (
  stream_id bigint not null,
  external_id text collate "C" not null,
  hash bytea not null,
  change bigint not null,
  first_seen_at timestamptz not null,
  last_modified_at timestamptz not null,
  last_action text not null,
  deleted_at timestamptz,
  pruned_at timestamptz,
  -- Plain, encrypted, or neither once it was pruned.
  payload jsonb,
  sealed bytea,
  primary key (stream_id, external_id)
) partition by hash (stream_id);
create index records_changes on plumb.records (stream_id, change);
alter table plumb.records alter column sealed set storage external;

do $$
begin
  for remainder in 0..255 loop
    execute format(
      'create table plumb.records_%s partition of plumb.records for values with (modulus 256, remainder %s)',
      remainder, remainder);
  end loop;
end $$;

-- Hashes of the ids that were seen since a window was opened, one row per batch: a few bytes for each record.
create table plumb.record_seen (
  stream_id bigint not null,
  ids bigint[] not null
);
alter table plumb.record_seen alter column ids set storage external;
create index record_seen_stream on plumb.record_seen (stream_id);

-- For owners who keep payloads plain and read them with SQL. NUL is in them as \u0001 and "0".
create view plumb.synced_records as
select s.environment, s.integration_key, s.connection_id, s.model, s.variant, r.external_id, r.payload,
  r.first_seen_at, r.last_modified_at, r.last_action, r.deleted_at, r.pruned_at
from plumb.record_streams s join plumb.records r on r.stream_id = s.id
where s.abandoned_at is null;
