//! What a writer commits together: the groups that wait, up to a limit.

use kit_trace::{Kind, Span, SpanContext};
use tokio::sync::oneshot;

use crate::port::EventStoreError;
use crate::transaction::{Outcome, Transaction};

/// Transactions after which a commit takes no further group.
pub const TRANSACTIONS_MAX: usize = 8_192;

/// Events after which a commit takes no further group: all of them become visible, and are answered, at once.
pub const EVENTS_MAX: usize = 32_768;

/// Bytes of event data after which a commit takes no further group.
pub const BYTES_MAX: usize = 16 << 20;

/// What one call of [`append`](crate::EventLog::append) is answered.
type Answer = Result<Vec<Outcome>, EventStoreError>;

/// A group to append, and where its outcomes go.
#[derive(Debug)]
pub struct Job {
    /// The group.
    pub transactions: Vec<Transaction>,
    /// Takes the answer; the caller may be gone.
    pub reply: oneshot::Sender<Answer>,
    /// What the caller works for.
    trace: Option<SpanContext>,
}

impl Job {
    /// A group that the present future appends.
    pub fn new(transactions: Vec<Transaction>, reply: oneshot::Sender<Answer>) -> Self {
        Self { transactions, reply, trace: kit_trace::current() }
    }
}

/// A group and those that wait behind it, to be committed together; the second part answers their callers.
///
/// `next` gives the next group that waits already.
pub fn gather(
    first: Job,
    mut next: impl FnMut() -> Option<Job>,
) -> (Vec<Vec<Transaction>>, Replies) {
    let mut size = Size::default();
    let (mut groups, mut replies, mut traces) = (Vec::new(), Vec::new(), Vec::new());
    let mut waiting = Some(first);
    while let Some(Job { transactions, reply, trace }) = waiting {
        size.add(&transactions);
        replies.push((transactions.len(), reply));
        traces.extend(trace);
        groups.push(transactions);
        waiting = if size.has_room() { next() } else { None };
    }
    (groups, Replies { replies, traces })
}

/// The callers of the groups that are committed together.
#[derive(Debug)]
pub struct Replies {
    replies: Vec<(usize, oneshot::Sender<Answer>)>,
    /// What they work for, as far as that is traced.
    traces: Vec<SpanContext>,
}

impl Replies {
    /// Begins the span of their commit, if one of them is traced: a part of the first one's trace, with links to all. `system`
    /// is where it is written, as OpenTelemetry calls it.
    pub fn commit_span(&self, system: &'static str) -> Option<Span> {
        let span = kit_trace::span_of_many(&self.traces, Kind::Client, || {
            format!("append {system}").into()
        });
        Some(span?.with("db.system.name", system).with("db.operation.name", "append"))
    }

    /// Gives each caller the outcomes of its own group, or all of them the same error.
    pub fn answer(self, outcomes: Answer) {
        match outcomes {
            Ok(outcomes) => {
                let mut outcomes = outcomes.into_iter();
                for (size, reply) in self.replies {
                    // a send error means that the caller dropped its future; the event is stored all the same
                    drop(reply.send(Ok(outcomes.by_ref().take(size).collect())));
                }
            }
            Err(error) => {
                for (_, reply) in self.replies {
                    drop(reply.send(Err(error.clone())));
                }
            }
        }
    }
}

#[derive(Default)]
struct Size {
    transactions: usize,
    events: usize,
    bytes: usize,
}

impl Size {
    fn add(&mut self, transactions: &[Transaction]) {
        self.transactions += transactions.len();
        let appends = transactions.iter().flat_map(|transaction| &transaction.appends);
        for event in appends.flat_map(|append| &append.events) {
            self.events += 1;
            self.bytes += event.data.len() + event.personal.as_ref().map_or(0, |data| data.len());
        }
    }

    fn has_room(&self) -> bool {
        let Self { transactions, events, bytes } = *self;
        transactions < TRANSACTIONS_MAX && events < EVENTS_MAX && bytes < BYTES_MAX
    }
}
