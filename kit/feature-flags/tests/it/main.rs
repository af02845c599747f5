//! Flags that follow their file while a process runs.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod following;
