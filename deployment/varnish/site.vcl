# What differs from one installation to the next: where Gondola is, and who may purge. `default.vcl` includes it.

backend gondola {
  .host = "127.0.0.1";
  .port = "8000";
  .probe = gondola_ready;
}

# The machines on which processes with the roles inventory and store run.
acl purgers {
  "127.0.0.1";
  "::1";
}
