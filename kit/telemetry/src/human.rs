//! The form of a log line for people.

use std::fmt;

use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::secrets::without_passwords;
use crate::trace_id;

/// Writes each event as another form does, without passwords and with the trace that it belongs to.
pub(crate) struct HumanLines<F>(pub(crate) F);

impl<S, N, F> FormatEvent<S, N> for HumanLines<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'w> FormatFields<'w> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::with_capacity(256);
        self.0.format_event(context, Writer::new(&mut line), event)?;
        writer.write_str(without_passwords(line.trim_end()).as_ref())?;
        match trace_id() {
            Some(trace_id) => writeln!(writer, " trace_id={trace_id}"),
            None => writeln!(writer),
        }
    }
}
