# Varnish 7 in front of Gondola: keeps what the answers allow it to keep, until it is purged by surrogate keys.
#
# Install `varnish` and `varnish-modules`, put this file and site.vcl into /etc/varnish, and adapt site.vcl. With
# GONDOLA_PURGE_TOKEN in Varnish's environment a purge must bring it in x-purge-token. Gondola is started with
# --cdn-s-maxage and --cdn-purge-url varnish://HOST:PORT.
vcl 4.1;

import std;
import xkey;

probe gondola_ready {
  .request = "GET /health/ready HTTP/1.1" "Host: localhost" "Connection: close";
  .interval = 1s;
  .timeout = 1s;
  .window = 3;
  .threshold = 2;
  .initial = 2;
}

include "site.vcl";

sub vcl_recv {
  if (req.restarts == 0) {
    unset req.http.x-stale-if-error;
  }
  if (req.method == "PURGE") {
    call purge_by_keys;
  }

  # streams both ways: as bytes, or sender and receiver would wait for each other
  if (req.url ~ "^/api/v1/inventory/(batch|events)(\?|$)") {
    return (pipe);
  }
  if (req.method != "GET" && req.method != "HEAD") {
    return (pass);
  }
  # what is for one caller, or about a past moment, is not kept; asked for at once rather than one after the other
  if (req.url ~ "^/(health|metrics)" || req.url ~ "^/api/v1/inventory/reservations" || req.url ~ "/history(\?|$)" ||
      req.url ~ "[?&](minPosition|consistency|asOf|effectiveAt)=") {
    return (pass);
  }

  # the API knows no cookies, and one question has one place, in whatever order its parameters are
  unset req.http.Cookie;
  set req.url = std.querysort(req.url);

  # A purged answer is expired, and kept for the time that it may be shown in need. It is shown only when Gondola is away, or
  # has just failed to answer; else who asks first after a purge would get the answer of before.
  if (req.http.x-stale-if-error == "now") {
    # no longer than each answer allows
    set req.grace = 365d;
  } else {
    set req.http.x-stale-if-error = "may";
    if (std.healthy(req.backend_hint)) {
      set req.grace = 0s;
    }
  }
}

sub purge_by_keys {
  if (client.ip !~ purgers) {
    return (synth(403, "Not allowed to purge"));
  }
  if (std.getenv("GONDOLA_PURGE_TOKEN") && req.http.x-purge-token != std.getenv("GONDOLA_PURGE_TOKEN")) {
    return (synth(401, "Wrong or no x-purge-token"));
  }
  if (req.http.xkey-softpurge) {
    set req.http.x-purged = xkey.softpurge(req.http.xkey-softpurge);
  } else if (req.http.xkey) {
    set req.http.x-purged = xkey.purge(req.http.xkey);
  } else {
    return (synth(400, "Name keys in xkey-softpurge or xkey"));
  }
  return (synth(200, "Purged"));
}

sub vcl_pipe {
  # one request for each connection, or the next one would pass unseen
  set bereq.http.Connection = "close";
}

sub vcl_backend_response {
  if (beresp.status >= 500) {
    if (bereq.is_bgfetch || bereq.http.x-stale-if-error == "may") {
      # an older answer would be replaced by this one
      return (abandon);
    }
    set beresp.uncacheable = true;
    set beresp.ttl = 0s;
  } else if (beresp.status != 200 || beresp.http.Cache-Control !~ "s-maxage=" || !beresp.http.Surrogate-Key) {
    # without keys it could not be purged
    set beresp.uncacheable = true;
    set beresp.ttl = 60s;
  } else {
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    set beresp.grace = std.duration(regsub(beresp.http.Cache-Control, "^.*stale-if-error=([0-9]+).*$", "\1s"), 0s);
  }
}

sub vcl_backend_error {
  if (bereq.is_bgfetch || bereq.http.x-stale-if-error == "may") {
    return (abandon);
  }
  set beresp.http.Content-Type = "application/problem+json";
  set beresp.http.Cache-Control = "no-store";
  set beresp.http.Retry-After = "1";
  synthetic("""{"type":"/problems/service-unavailable","title":"A service is away","status":503,""" +
    """"code":"service-unavailable","detail":"Gondola cannot be reached, or did not answer in time"}""");
  return (deliver);
}

sub vcl_deliver {
  if (obj.hits > 0) {
    set resp.http.X-Cache = "HIT";
    # the one that is kept is of the request that it was fetched for
    unset resp.http.x-request-id;
    if (req.http.x-request-id) {
      set resp.http.x-request-id = req.http.x-request-id;
    }
  } else {
    set resp.http.X-Cache = "MISS";
  }
  unset resp.http.xkey;
  unset resp.http.Surrogate-Key;
  # no purge reaches the caches behind this one
  if (resp.http.Cache-Control ~ "s-maxage=") {
    set resp.http.Cache-Control = "no-cache";
  }
}

sub vcl_synth {
  if (resp.status == 503 && req.http.x-stale-if-error == "may") {
    # no answer, or a failure: once more, for an older answer, or else for the failure in Gondola's words
    set req.http.x-stale-if-error = "now";
    return (restart);
  }
  set resp.http.Content-Type = "text/plain; charset=utf-8";
  set resp.http.Cache-Control = "no-store";
  if (req.http.x-purged) {
    set resp.http.x-purged = req.http.x-purged;
  }
  set resp.body = resp.reason + """
""";
  return (deliver);
}
