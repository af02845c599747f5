//! What is traced of commands: from when each was sent until it is answered, and the append that carries many of them.

use kit_trace::{Kind, Span, SpanContext};

use crate::Request;
use crate::batch::Item;
use crate::decider::Codec;

/// A command as it waits for its shard.
pub(crate) struct Sent<C> {
    pub(crate) request: Request<C>,
    /// Present if the command is traced.
    pub(crate) trace: Option<Box<CommandTrace>>,
}

/// The spans of a command; they end when they are dropped.
pub(crate) struct CommandTrace {
    command: Span,
    /// Until its shard takes it.
    in_mailbox: Option<Span>,
}

impl<C> From<Request<C>> for Sent<C> {
    /// Begins the spans of a command that the present future sends, if it is traced.
    fn from(request: Request<C>) -> Self {
        let correlation_id = request.caller.correlation_id;
        let trace = kit_trace::command(correlation_id, request.command_id, "execute command").map(
            |command| {
                let waiting = Span::begin(command.context(), Kind::Internal, || "mailbox".into());
                Box::new(CommandTrace { command, in_mailbox: waiting })
            },
        );
        Self { request, trace }
    }
}

impl CommandTrace {
    /// The command was taken from the mailbox.
    pub(crate) fn taken(&mut self) {
        self.in_mailbox = None;
    }

    fn context(&self) -> SpanContext {
        self.command.context()
    }
}

/// Begins the span of an append, if one of its commands is traced: a part of the first one's trace, with links to the spans of
/// all others, and theirs to it.
pub(crate) fn append_span<'a, D: Codec + 'a>(
    items: impl Iterator<Item = &'a mut Item<D>>,
) -> Option<Span> {
    let mut traced: Vec<&mut CommandTrace> =
        items.filter_map(|item| item.trace.as_deref_mut()).collect();
    let works: Vec<SpanContext> = traced.iter().map(|trace| trace.context()).collect();
    let span = kit_trace::span_of_many(&works, Kind::Internal, || "append".into())?;
    for trace in traced.iter_mut().skip(1) {
        trace.command.link(span.context());
    }
    Some(span.with("gondola.traced_commands", works.len()))
}
