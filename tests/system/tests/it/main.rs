//! The real binary as clients meet it, in trouble: killed, drained, raced for, without disk space.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod answers;
mod client;
mod crash;
mod databases;
mod deadlines;
mod disk;
mod drain;
mod folder;
mod freshness;
mod gateway;
mod limits;
mod load;
mod long_past;
mod lost_events;
mod many_holds;
mod measure;
mod oversell;
mod panics;
mod random;
mod separate_roles;
mod server;
mod settings;
mod shared_views;
mod singletons;
mod stock_copy;
mod sync;
mod two_processes;
