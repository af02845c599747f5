//! One module for each command of `gondola`: its arguments, and how it is run.

pub(crate) mod accept_older_log;
pub(crate) mod asyncapi;
pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod document;
pub(crate) mod export;
pub(crate) mod history;
pub(crate) mod hold;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod migrate;
pub(crate) mod openapi;
pub(crate) mod privacy;
pub(crate) mod rebuild_views;
pub(crate) mod restore;
pub(crate) mod running;
pub(crate) mod sagas;
pub(crate) mod serve;
pub(crate) mod status;
pub(crate) mod stock;
pub(crate) mod transfers;
pub(crate) mod verify;
