//! The command line: which commands there are and how they are run.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand};
use kit_executor::ExecutorConfig;
use kit_telemetry::Format;

use crate::commands::{
    accept_older_log, asyncapi, backup, bench, completions, config, demo, document, export,
    history, hold, import, keys, migrate, openapi, privacy, rebuild_views, restore, sagas, serve,
    status, stock, transfers, verify,
};
use crate::config::Values;

/// Gondola: distributed inventory for retailers with many stores. It promises stock, keeps the promise and never oversells.
#[derive(Debug, Parser)]
#[command(name = "gondola", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    /// File of settings: TOML with the names of the flags of `serve`. Variables and flags win over it.
    #[arg(long, global = true, env = "GONDOLA_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// Format of the log on standard error: auto (readable on a terminal, else JSON), json or human.
    #[arg(
        long,
        global = true,
        default_value = "auto",
        env = "GONDOLA_LOG_FORMAT",
        value_name = "FORMAT"
    )]
    log_format: Format,

    /// What to log, such as `info` or `warn,gondola_inventory=debug`.
    #[arg(long, global = true, default_value = "info", env = "GONDOLA_LOG", value_name = "FILTER")]
    log: String,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the product.
    Serve(serve::ServeArgs),
    /// Start the product with demo data: a chain of 10 stores and 10 products, and what happened to its stock.
    #[command(mut_arg("data_dir", |data_dir| data_dir.default_value(demo::DEFAULT_FOLDER)))]
    Demo(demo::Args),
    /// Read stores, products, categories, suppliers and their offers, stock, counts, transfers or sales from files.
    ///
    /// Files are CSV with the names of the columns in the first line, with commas, semicolons, tabs or | between fields, or have
    /// one JSON object a line, whose members are called as the columns are; plain or gzipped. Or they are workbooks (XLSX), of
    /// which the first sheet that has anything is read. With --url the file goes through a running server; without it the server
    /// of the data folder must be stopped. A file is looked at as a whole before any of its lines is booked. Lines that are not
    /// taken go to a file with the reasons. An import may be repeated: nothing happens twice.
    Import(import::Args),
    /// Write events as JSON lines, or stock, stores, products, categories, suppliers or their offers as tables.
    Export(export::Args),
    /// Prove from the log that nothing was oversold, lost or ended twice.
    Verify(verify::Args),
    /// Rebuild the views from the log beside the present ones, compare, and switch.
    RebuildViews(rebuild_views::Args),
    /// Say how a running server is.
    Status(status::Args),
    /// Show the stock of a store, of a product, or of both.
    Stock(stock::Args),
    /// Reserve units by hand, and show, extend, commit or release a reservation.
    Hold(hold::Args),
    /// Send units from one store to another and receive them by hand.
    Transfers(transfers::Args),
    /// Show why a stock level is what it is.
    History(history::Args),
    /// Add what is new to a backup, while a server may be running, and prove that it can be restored.
    Backup(backup::Args),
    /// Restore a backup, or a moment of its past, into a new data folder.
    Restore(restore::Args),
    /// See what goes through several places, such as transfers, and help where it is stuck.
    Sagas(sagas::Args),
    /// Show what is kept of a customer, or forget them.
    Privacy(privacy::Args),
    /// Make, list or revoke the API keys by which callers are known.
    Keys(keys::Args),
    /// Make or update the tables of the event stores in a database.
    Migrate(migrate::Args),
    /// Say that an older log was put back on purpose: it becomes another log.
    AcceptOlderLog(accept_older_log::Args),
    /// Measure throughput and latency under load, with the machine's own limits beside them.
    Bench(bench::Args),
    /// Answer an empty request as the bench does, to measure the machine.
    #[command(hide = true)]
    BenchEmpty(bench::EmptyArgs),
    /// Check the configuration, show where each value comes from, or list all keys.
    Config(config::Args),
    /// Print the OpenAPI document.
    Openapi(document::Args),
    /// Print the AsyncAPI document of the integration events.
    Asyncapi(document::Args),
    /// Print a completion script for a shell.
    Completions(completions::Args),
}

impl Cli {
    /// Runs the command on an asynchronous runtime of its own.
    pub(crate) fn run(self, values: &Values) -> anyhow::Result<ExitCode> {
        kit_telemetry::init(self.log_format, &self.log)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            // a thread for each shard; a core is left to the threads beside them, which write the log and the views
            .worker_threads(ExecutorConfig::default().shards)
            .enable_all()
            .build()
            .context("cannot start the asynchronous runtime")?;
        runtime.block_on(async {
            match self.command {
                Command::Serve(args) => serve::run(args).await,
                Command::Demo(args) => demo::run(args).await,
                Command::Import(args) => Box::pin(import::run(args)).await,
                Command::Export(args) => export::run(args).await,
                Command::Verify(args) => verify::run(args).await,
                Command::RebuildViews(args) => rebuild_views::run(args).await,
                Command::Status(args) => status::run(args).await,
                Command::Stock(args) => stock::run(args).await,
                Command::Hold(args) => hold::run(args).await,
                Command::Transfers(args) => transfers::run(args).await,
                Command::History(args) => history::run(args).await,
                Command::Backup(args) => backup::run(args).await,
                Command::Restore(args) => restore::run(args).await,
                Command::Sagas(args) => sagas::run(args).await,
                Command::Privacy(args) => privacy::run(args).await,
                Command::Keys(args) => keys::run(args),
                Command::Migrate(args) => migrate::run(args).await,
                Command::AcceptOlderLog(args) => accept_older_log::run(&args).await,
                Command::Bench(args) => bench::run(args).await,
                Command::BenchEmpty(args) => bench::run_empty(args).await,
                Command::Config(args) => config::run(args, values),
                Command::Openapi(args) => openapi::run(args),
                Command::Asyncapi(args) => asyncapi::run(args),
                Command::Completions(args) => Ok(completions::run(args, Self::command())),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_tree_is_sound() {
        super::Cli::command().debug_assert();
    }

    /// What is said of a command here is all that its help begins with: what stands above its arguments is not shown.
    #[test]
    fn the_help_of_import_says_which_files_are_read() {
        let mut gondola = super::Cli::command();
        let import = gondola.find_subcommand_mut("import").unwrap();
        let help = import.render_long_help().to_string();
        for format in ["CSV", "JSON", "gzipped", "XLSX"] {
            assert!(help.contains(format), "{format} in {help}");
        }
        let stock = import.find_subcommand_mut("stock").unwrap();
        let file = stock.get_arguments().find(|it| it.get_id() == "file").unwrap();
        let told = file.get_help().unwrap().to_string();
        assert!(told.contains("XLSX"), "{told}");
    }

    /// An address may have a password in it, and help is what people paste.
    #[test]
    fn help_shows_no_address_from_the_environment() {
        for command in super::Cli::command().get_subcommands() {
            for argument in command.get_arguments().filter(|one| one.get_env().is_some()) {
                let takes = argument.get_value_names().unwrap_or_default();
                let is_hidden = argument.is_hide_env_values_set();
                let told = format!("{} {}", command.get_name(), argument.get_id());
                assert!(is_hidden || !takes.iter().any(|name| name == "URL"), "{told}");
            }
        }
    }
}
