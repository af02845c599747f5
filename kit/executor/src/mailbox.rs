//! What waits in the mailbox of a shard.

use std::sync::Arc;

use kit_core::StreamId;
use kit_event_store::EventStoreError;
use tokio::sync::{mpsc, oneshot};

use crate::batch::{Batch, Waiting};
use crate::log_watch::LogWatch;
use crate::traces::Sent;
use crate::{Codec, CommandResult, Decider, Versioned};

/// A query: a callback that is given the state of a stream, or the error that prevented loading it.
pub(crate) type Query<D> =
    Box<dyn FnOnce(Result<Versioned<'_, <D as Decider>::State>, EventStoreError>) + Send>;

/// What waits in a mailbox.
pub(crate) enum Job<D: Codec> {
    One(Box<Sent<D::Command>>, oneshot::Sender<CommandResult<D>>),
    Many(Vec<Sent<D::Command>>, oneshot::Sender<Vec<CommandResult<D>>>),
    Inspect(StreamId, Query<D>),
}

impl<D: Codec> Job<D> {
    /// Puts its commands into a batch; a query is given back.
    pub(crate) fn enter(self, decider: &D, batch: &mut Batch<D>) -> Option<(StreamId, Query<D>)> {
        match self {
            Self::One(sent, reply) => {
                batch.add(decider, *sent);
                batch.add_waiting(Waiting::One(reply));
            }
            Self::Many(all, reply) => {
                batch.add_waiting(Waiting::Many(all.len(), reply));
                for sent in all {
                    batch.add(decider, sent);
                }
            }
            Self::Inspect(stream, query) => return Some((stream, query)),
        }
        None
    }
}

/// Where a shard's jobs come from, and where it says whether the log answers.
pub(crate) struct Inbox<D: Codec> {
    pub(crate) jobs: mpsc::Receiver<Job<D>>,
    pub(crate) log: Arc<LogWatch>,
}
