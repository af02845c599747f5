//! The port of the lists of processes: one list for each kind, all of them alike.

use async_trait::async_trait;
use gondola_inventory_domain::{Delayed, StoreId};
use kit_core::{RecordedEvent, Scope, StreamId, Timestamp, Version};
use kit_process_manager::{DueProcesses, Process};
use kit_service::{ReadError, Slice, ViewFreshness};
use uuid::Uuid;

use super::stored::StoredEvent;

/// A kind of process that operators are told of.
pub(crate) trait Described: Process + Default {
    /// How it stands, in the words of its kind.
    fn status(state: &Self::State) -> &'static str;

    /// What its step fails of, if it fails again and again.
    fn delayed(state: &Self::State) -> Option<&Delayed>;

    /// What it waits for without a step to do, as a text for people.
    fn waits_for(state: &Self::State) -> &'static str;

    /// What a step is called, and the store that it is about, if it is about one.
    fn described(step: &Self::Step) -> (&'static str, Option<StoreId>);
}

/// A kind of process of which there is a list.
pub(crate) trait Listed: Described<Event: StoredEvent> {
    /// Its name, for the lease of its runner, in metrics and in logs.
    const NAME: &'static str;

    /// The name of the file of its list.
    const FILE: &'static str;

    /// The process that a stream belongs to, if it is of this kind.
    fn id_of(stream: &StreamId) -> Option<Uuid>;

    /// The stores that it concerns; `None` is any store.
    fn stores(state: &Self::State) -> Option<Vec<StoreId>>;
}

/// Whether it got on with an event; a step that fails is no progress.
pub(crate) fn is_progress(recorded: &RecordedEvent) -> bool {
    !recorded.event.event_type.ends_with("StepDelayedEvent")
}

/// Which processes are listed; all conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct ProcessFilter {
    /// Only those whose stores are all within this scope.
    pub scope: Scope,
    /// Only those that stand like this, in the words of their kind.
    pub status: Option<&'static str>,
    /// Only those that are not at their end.
    pub unfinished: bool,
    /// Only those of which a step fails again and again.
    pub delayed: bool,
    /// Only those after this one in the list.
    pub after: Option<Uuid>,
    /// The most of them.
    pub limit: usize,
}

/// A process as a list has it; without whom it is for.
#[derive(Clone, Debug)]
pub struct ListedProcess<S> {
    /// Which one.
    pub id: Uuid,
    /// As the list knows it.
    pub state: S,
    /// The version that it was at.
    pub version: Version,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last got on.
    pub since: Timestamp,
}

/// Lists processes of a kind, and knows which are to be driven. Derived from the log.
#[async_trait]
pub trait ProcessList<S>: DueProcesses {
    /// Processes, newest first.
    async fn list(&self, filter: ProcessFilter)
    -> Result<Slice<ListedProcess<S>, Uuid>, ReadError>;

    /// How far it is behind the log.
    fn freshness(&self) -> &ViewFreshness;
}
