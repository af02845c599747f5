//! The `gondola` binary: parses the command line and runs one command.

mod cli;
mod commands;
mod compose;
mod config;
mod console;
mod descriptors;
mod progress;
mod roles;
mod signals;

use std::process::ExitCode;

use config::Configured;

/// Requests allocate small things often, on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match Configured::read().and_then(|Configured { cli, values }| cli.run(&values)) {
        Ok(code) => code,
        Err(error) => {
            console::error(&error);
            ExitCode::from(2)
        }
    }
}
