//! HTTP bootstrap: server with timers and drain, problem details, extractors, request ids, health.
