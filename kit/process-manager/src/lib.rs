//! Process managers: what must happen in several places, step by step, each as a transaction of its own.
//!
//! A process is a stream of events with a [`Codec`](kit_executor::Codec) like any aggregate, and a pure
//! [`Process::react`] that says from its state what is next. An event orders a step; [`Processes::drive`] has a participant
//! perform it, and records the outcome as the next event. Who crashes in between leaves a step that is ordered and has no
//! outcome: it is performed again, by the same command id, and a participant does it once. So it does not matter how many
//! drive a process at a time: what one has recorded changes nothing when another records it.
//!
//! The [`Runner`] finds what nobody drives any more: steps that were left, and moments that have come. Nothing is kept in
//! memory only, and a step that keeps failing is tried for ever and told to people.

mod drive;
mod process;
mod runner;

pub use drive::{DriveError, Processes};
pub use process::{Outcome, Participants, Performed, Process, Reaction, command_id};
pub use runner::{DueProcesses, Runner, Unfinished};
