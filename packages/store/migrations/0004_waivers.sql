-- A person's decision that a finding does not reject. One per finding; taking it back means building anew.

create table plumb.waivers (
  finding_id text primary key,
  attempt_id text not null references plumb.attempts (id),
  behaviour text not null,
  reason text not null,
  decided_by text not null,
  at timestamptz not null,
  body json not null
);
create index waivers_attempt on plumb.waivers (attempt_id);

create trigger append_only before update or delete or truncate on plumb.waivers
  for each statement execute function plumb.refuse_change();
alter table plumb.waivers enable always trigger append_only;
