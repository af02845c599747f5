//! The real binary as clients meet it, in trouble: killed, drained, raced for, without disk space.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod answers;
mod apart;
mod cdn;
mod chain;
mod checkouts_apart;
mod client;
mod collector;
mod crash;
mod databases;
mod deadlines;
mod disk;
mod drain;
mod failover;
mod folder;
mod freshness;
mod gateway;
mod guides;
mod kafka;
mod limits;
mod load;
mod long_past;
mod lost_events;
mod many_holds;
mod measure;
mod members;
mod notification_apart;
mod oversell;
mod panics;
mod random;
mod receiver;
mod separate_roles;
mod server;
mod settings;
mod several_processes;
mod shared_cache;
mod shared_views;
mod singletons;
mod slow_database;
mod slow_way;
mod stock_copy;
mod sync;
mod traces;
mod transfers;
mod upgrade;
