//! What the entries of the catalogue have in common: they are registered once, under a code, and then changed in part.

use std::fmt;
use std::str::FromStr;

use kit_core::StreamId;
use uuid::Uuid;

use crate::{Gtin, Refusal};

/// An aggregate of the catalogue. Its events carry its whole state; its id and its code never change.
pub trait Aggregate: Clone + fmt::Debug + Eq + Send + Sync + 'static {
    /// Which one it is, for ever.
    type Id: Copy + fmt::Debug + fmt::Display + FromStr + From<Uuid> + Eq + Send + Sync + 'static;
    /// What people call it; no other of its kind has the same, in whatever case.
    type Code: Clone + fmt::Debug + fmt::Display + FromStr + Eq + Send + Sync + 'static;
    /// A partial update; the default changes nothing.
    type Changes: Clone + fmt::Debug + Default + Eq + Send + Sync + 'static;

    /// What it is called, in messages and at the beginning of its streams' names.
    const NOUN: &'static str;
    /// What its code is called in messages.
    const CODE_NOUN: &'static str;
    /// The name in the log of [`Event::Registered`].
    const REGISTERED: &'static str;
    /// The name in the log of [`Event::Updated`].
    const UPDATED: &'static str;
    /// The stable name, for programs, of [`Refusal::AlreadyRegistered`].
    const ALREADY_REGISTERED_CODE: &'static str;
    /// The stable name, for programs, of [`Refusal::NotFound`].
    const NOT_FOUND_CODE: &'static str;

    /// Whether entries of this kind stand below each other.
    const IS_TREE: bool = false;
    /// Whether other entries may need one of this kind, so that it is not removed while they do.
    const HAS_USERS: bool = false;

    /// Its id.
    fn id(&self) -> Self::Id;

    /// Its code.
    fn code(&self) -> &Self::Code;

    /// Its barcode, of a kind that has them.
    fn gtin(&self) -> Option<&Gtin> {
        None
    }

    /// The barcode that an update gives it, if it gives one.
    fn new_gtin(_changes: &Self::Changes) -> Option<&Gtin> {
        None
    }

    /// The entry of its kind that it stands directly below, of a kind that is a tree.
    fn parent(&self) -> Option<Self::Id> {
        None
    }

    /// The code of that one.
    fn parent_code(&self) -> Option<&Self::Code> {
        None
    }

    /// Whether it was removed; its code stays taken.
    fn is_removed(&self) -> bool {
        false
    }

    /// Whether an update finds it. What was removed is found by all, unless its kind says otherwise.
    fn is_found_by(&self, _changes: &Self::Changes) -> bool {
        true
    }

    /// It as it is after an update.
    #[must_use]
    fn apply(self, changes: &Self::Changes) -> Self;

    /// The stream of its events, `{noun}-{id}`.
    ///
    /// # Panics
    /// Never: a word, a hyphen and a UUID make a valid name.
    fn stream(id: Self::Id) -> StreamId {
        let name = format!("{}-{id}", Self::NOUN);
        StreamId::new(name).expect("a word, a hyphen and a UUID make a valid stream name")
    }
}

/// A command that changes one aggregate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command<A: Aggregate> {
    /// Add it to the catalogue, as given.
    Register(A),
    /// Change a part of what is known of it.
    Update(A::Id, A::Changes),
}

impl<A: Aggregate> Command<A> {
    /// The id of the aggregate to change.
    pub fn target(&self) -> A::Id {
        match self {
            Self::Register(state) => state.id(),
            Self::Update(id, _) => *id,
        }
    }

    /// What it registers, if it does.
    pub const fn registers(&self) -> Option<&A> {
        match self {
            Self::Register(state) => Some(state),
            Self::Update(..) => None,
        }
    }
}

/// What happened to an aggregate, with the whole of it as it was afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<A: Aggregate> {
    /// It joined the catalogue.
    Registered(A),
    /// Something about it changed.
    Updated(A),
}

impl<A: Aggregate> Event<A> {
    /// The name of the event in the log.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Registered(_) => A::REGISTERED,
            Self::Updated(_) => A::UPDATED,
        }
    }

    /// The aggregate after the event.
    pub const fn state(&self) -> &A {
        match self {
            Self::Registered(state) | Self::Updated(state) => state,
        }
    }
}

/// What a command does to an aggregate; `state` is `None` when it is not registered.
///
/// No event at all means that the update changes nothing: answer with the present state, append nothing.
pub fn decide<A: Aggregate>(
    state: Option<&A>,
    command: &Command<A>,
) -> Result<Vec<Event<A>>, Refusal<A>> {
    match (command, state) {
        (Command::Register(new), None) => Ok(vec![Event::Registered(new.clone())]),
        (Command::Register(_), Some(present)) => {
            Err(Refusal::AlreadyRegistered { id: present.id(), code: present.code().clone() })
        }
        (Command::Update(id, _), None) => Err(Refusal::NotFound { id: *id }),
        (Command::Update(id, changes), Some(before)) if !before.is_found_by(changes) => {
            Err(Refusal::NotFound { id: *id })
        }
        (Command::Update(_, changes), Some(before)) => {
            let after = before.clone().apply(changes);
            Ok(if after == *before { vec![] } else { vec![Event::Updated(after)] })
        }
    }
}

/// The aggregate after an event; never fails, whatever the history.
#[must_use]
pub fn evolve<A: Aggregate>(_state: Option<A>, event: &Event<A>) -> Option<A> {
    Some(event.state().clone())
}
