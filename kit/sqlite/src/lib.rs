//! The SQLite adapter of the event store and helpers for SQLite views.
