-- Processes keep the secret keys that were used a moment ago; this tells them of one that must not be taken any more.

create trigger secret_keys_change after delete or update of revoked_at on plumb.secret_keys
  for each row execute function plumb.tell_change();
