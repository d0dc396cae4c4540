-- What an attempt was given before its agent began. Attempts from before these tables have no row: it is not known.

create table plumb.operation_lists (
  hash text primary key,
  body json not null
);

create table plumb.attempt_givens (
  attempt_id text primary key references plumb.attempts (id),
  draft_hash text not null,
  operations_hash text not null references plumb.operation_lists (hash)
);

create table plumb.attempt_skills (
  attempt_id text not null references plumb.attempts (id),
  skill text not null,
  version text not null,
  primary key (attempt_id, skill)
);
