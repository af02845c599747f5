//! `gondola completions`: completion scripts for shells.

use std::process::ExitCode;

use clap::Command;
use clap_complete::Shell;

/// Which shell.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell, such as bash: `gondola completions bash > /etc/bash_completion.d/gondola`.
    shell: Shell,
}

/// Prints the script for a command line.
pub(crate) fn run(Args { shell }: Args, mut command: Command) -> ExitCode {
    clap_complete::generate(shell, &mut command, "gondola", &mut std::io::stdout());
    ExitCode::SUCCESS
}
