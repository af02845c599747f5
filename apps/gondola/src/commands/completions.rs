//! `gondola completions`: completion scripts for shells.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;

/// Which shell.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell, such as bash: `gondola completions bash > /etc/bash_completion.d/gondola`.
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(Args { shell }: Args) -> ExitCode {
    let mut command = Cli::command();
    clap_complete::generate(shell, &mut command, "gondola", &mut std::io::stdout());
    ExitCode::SUCCESS
}
