//! Feature flags that are turned on for a growing share of what they are about, while processes run.
//!
//! * [`flag`]: what a flag is called, and the handle that code asks.
//! * [`mod@file`]: the file of flags, and what can be wrong with it.
//! * [`flags`]: the flags of a process, kept up with the file.

pub mod file;
pub mod flag;
pub mod flags;
mod metrics;
mod provider;

pub use file::{FlagFile, FlagFileError};
pub use flag::{EVERYTHING, Flag, Rollout};
pub use flags::Flags;
