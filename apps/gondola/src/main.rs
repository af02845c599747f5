//! The `gondola` binary: parses the command line and runs one command.

mod cli;
mod commands;
mod compose;
mod console;
mod descriptors;
mod roles;
mod signals;

use std::process::ExitCode;

use clap::Parser;

/// Requests allocate small things often, on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match cli.run() {
        Ok(code) => code,
        Err(error) => {
            console::error(&error);
            ExitCode::from(2)
        }
    }
}
