//! The suite for logs on a database server, beside the one for all event stores: several writers, one that is held up, lost
//! connections, callers who leave, many events. One macro line gives one test per case.

#![expect(clippy::missing_panics_doc, reason = "every function here is a test that panics to fail")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

pub mod cancelled;
pub mod crash;
pub mod lost;
pub mod order;
mod proxy;
pub mod volume;
pub mod writers;

use std::sync::Arc;

use async_trait::async_trait;
use kit_event_store::{Append, EventStore};

use crate::event_store::append;

pub use proxy::{Cut, cutting};

/// The name of the events that wait at a gate.
pub const WAITS: &str = "WaitsAtTheGateEvent";

/// Opens the stores of one test on one log, several at once, as processes of their own would.
#[async_trait]
pub trait SharedSubject: Send + Sync {
    /// Opens one more.
    async fn open_another(&self) -> Arc<dyn EventStore>;

    /// Opens one whose connection is [cut](cutting).
    async fn open_cut(&self, cut: Cut) -> Arc<dyn EventStore>;

    /// Puts a closed gate before the end of each append of a [`waiting`] event, to a log that was opened before.
    async fn close_gate(&self) -> Box<dyn Gate>;

    /// Connections to the log's database that are inside a transaction.
    async fn open_transactions(&self) -> u64;
}

/// Holds appends up between the allocation of their positions and their commit, until it is opened.
#[async_trait]
pub trait Gate: Send + Sync {
    /// Until so many appends wait: at the gate, or for one that does.
    async fn until_waiting(&self, appends: u64);

    /// Lets all go on.
    async fn open(&self);
}

/// An append of one event that waits at the gate.
#[must_use]
pub fn waiting(stream: &str) -> Append {
    let mut append = append(stream, 0, 1);
    append.events[0].event_type = WAITS.into();
    append
}

/// Declares a module with one test per case; used as [`event_store_contract!`](crate::event_store_contract) with a
/// [`SharedSubject`].
#[macro_export]
macro_rules! shared_log_contract {
    ($name:ident, $subject:expr $(, #[$attribute:meta])?) => {
        mod $name {
            use super::*;

            $crate::shared_log_contract!(@cases $subject, [$(#[$attribute])?], [
                cancelled::callers_who_leave_leave_nothing_open,
                lost::a_commit_whose_answer_is_lost_is_found_by_its_id,
                lost::a_request_that_never_arrived_has_written_nothing,
                lost::what_was_told_of_a_lost_append_stays_true,
                lost::the_next_append_ends_a_lost_one,
                order::a_writer_that_is_held_up_makes_no_reader_skip_an_event,
                volume::many_events_are_read_back_in_order_and_by_stream,
                writers::two_processes_on_the_same_streams_lose_nothing,
                writers::four_processes_on_the_same_streams_lose_nothing,
            ]);
        }
    };
    (@cases $subject:expr, $attributes:tt, [$($group:ident::$case:ident,)+]) => {
        $($crate::shared_log_contract!(@case $subject, $attributes, $group, $case);)+
    };
    (@case $subject:expr, [$(#[$attribute:meta])?], $group:ident, $case:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $(#[$attribute])?
        async fn $case() {
            $crate::shared_log::$group::$case(&$subject).await;
        }
    };
}
