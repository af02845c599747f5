//! Alerts: what rules watch, when a level crosses, and what becomes of an alert.
//!
//! A [`Trigger`] measures an [`Observation`] and says on which [`Side`] of its threshold it is. A [`Watch`] is what is
//! remembered of one rule and one subject; it reacts to a crossing once, however often the same side is seen. [`decide`] says
//! what people may do with an alert.

mod alert;
mod detail;
mod kind;
mod note;
mod observation;
mod rule;
mod severity;
mod trigger;
mod watch;

pub use alert::{
    Acknowledge, Alert, AlertCommand, AlertEvent, AlertRefusal, AlertState, Resolution, Resolve,
    decide, evolve,
};
pub use detail::detail;
pub use kind::{Direction, RuleKind};
pub use note::{InvalidNote, Note};
pub use observation::{Observation, Subject};
pub use rule::{Rule, RuleSettings};
pub use severity::Severity;
pub use trigger::{HYSTERESIS_MAX, InvalidTrigger, Measured, Side, THRESHOLD_MAX, Trigger};
pub use watch::{Reaction, Watch};
