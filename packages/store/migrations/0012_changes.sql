-- Processes keep what they read of integrations, connections and deployments for a moment; this tells them when it
-- has changed. The payload is a JSON array: the environment, then the integration where it is known.

create function plumb.tell_change() returns trigger language plpgsql as $$
declare
  changed json := to_json(coalesce(new, old));
begin
  perform pg_notify('plumb_changes', json_build_array(
    changed ->> 'environment', changed ->> 'integration_key', changed ->> 'connection_id')::text);
  return null;
end $$;

create trigger integrations_change after insert or update or delete on plumb.integrations
  for each row execute function plumb.tell_change();
create trigger connections_change
  after insert or delete or update of encrypted_credential, credential_version, state, connection_config, metadata
  on plumb.connections for each row execute function plumb.tell_change();
create trigger deployments_change after insert or delete or update of state on plumb.deployments
  for each row execute function plumb.tell_change();
