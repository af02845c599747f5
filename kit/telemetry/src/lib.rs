//! Structured logs on standard error: one JSON object per line for machines, readable text on a terminal; metrics for
//! Prometheus; and traces for collectors of OpenTelemetry.
//!
//! Write them with the macros of `tracing`: the message is the event's name, the rest are fields, as in
//! `tracing::warn!(store_id, queued, "mailbox_is_full")`.

mod human;
mod json;
mod metrics;
pub mod otlp;
mod secrets;

use std::io::IsTerminal;
use std::str::FromStr;
use std::sync::Arc;

use kit_core::{Clock, SystemClock};
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{EnvFilter, ParseError, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use human::HumanLines;
use json::JsonLines;

pub use metrics::{Metrics, MetricsError, UPKEEP_EVERY};
pub use secrets::{HIDDEN, without_passwords};

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Human on a terminal, else JSON.
    #[default]
    Auto,
    /// `{"timestamp":..,"level":..,"event":..,(fields)..,"target":..}`, one line per event.
    Json,
    /// Text for people, in colour on a terminal.
    Human,
}

/// The text names no log format.
#[derive(Debug, thiserror::Error)]
#[error("log format {text:?} must be auto, json or human")]
pub struct InvalidFormat {
    text: String,
}

impl FromStr for Format {
    type Err = InvalidFormat;

    fn from_str(text: &str) -> Result<Self, InvalidFormat> {
        match text {
            "auto" => Ok(Self::Auto),
            "json" => Ok(Self::Json),
            "human" => Ok(Self::Human),
            _ => Err(InvalidFormat { text: text.to_owned() }),
        }
    }
}

/// Why logging did not start.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The filter does not parse.
    #[error("log filter {filter:?} must be like info or info,kit_http=debug")]
    Filter {
        /// What was given.
        filter: String,
        /// What is wrong with it.
        source: ParseError,
    },
    /// Logging was started in this process before.
    #[error("logging has already been started")]
    Started(#[from] TryInitError),
}

/// Starts logging to standard error for the whole process, panics included.
///
/// `filter` is `tracing`'s: a level, or levels per module such as `info,kit_http=debug`.
pub fn init(format: Format, filter: &str) -> Result<(), InitError> {
    let terminal = std::io::stderr().is_terminal();
    let human = format == Format::Human || (format == Format::Auto && terminal);
    let style = if human { Style::Human { colour: terminal } } else { Style::Json };
    subscriber(style, filter, std::io::stderr, Arc::new(SystemClock))?.try_init()?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(cause = panic.payload_as_str(), place, "panic");
    }));
    Ok(())
}

/// The driver whose verbose lines have the parameters of statements in them.
const DRIVER: &str = "tokio_postgres";

#[derive(Clone, Copy)]
enum Style {
    Json,
    Human { colour: bool },
}

fn subscriber<W>(
    style: Style,
    filter: &str,
    writer: W,
    clock: Arc<dyn Clock>,
) -> Result<Box<dyn Subscriber + Send + Sync>, InitError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(filter)
        .map_err(|source| InitError::Filter { filter: filter.to_owned(), source })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // the complaint about a log that cannot be written would go to the same full disk, and panic
        .log_internal_errors(false)
        .with_writer(writer);
    Ok(match style {
        Style::Json => {
            Box::new(builder.event_format(JsonLines { clock }).finish().with(filter_fn(is_written)))
        }
        Style::Human { colour } => {
            let form =
                tracing_subscriber::fmt::format().with_ansi(colour).with_timer(ClockTime(clock));
            let human = builder.with_ansi(colour).event_format(HumanLines(form)).finish();
            Box::new(human.with(filter_fn(is_written)))
        }
    })
}

/// Whether an event may be written at all: not what a driver tells of the values that it sends, since those may name people.
fn is_written(event: &Metadata<'_>) -> bool {
    *event.level() <= Level::INFO || !event.target().starts_with(DRIVER)
}

/// The trace that the present future works for, if it is recorded.
fn trace_id() -> Option<String> {
    let current = kit_trace::current().filter(|current| current.is_sampled)?;
    Some(format!("{:032x}", current.trace_id))
}

struct ClockTime(Arc<dyn Clock>);

impl FormatTime for ClockTime {
    fn format_time(&self, to: &mut Writer<'_>) -> std::fmt::Result {
        write!(to, "{}", self.0.now())
    }
}

#[cfg(test)]
mod tests;
