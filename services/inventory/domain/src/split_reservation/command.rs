//! What a split reservation can be asked to do.

use super::{PlannedPart, SplitBasket};
use crate::{Customer, OrderRef, Reason, RecordStep, TimeToLive, TransactionRef};

/// A request to one split reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SplitReservationCommand {
    /// See [`RequestSplitReservation`].
    RequestSplitReservation(RequestSplitReservation),
    /// See [`CommitSplitReservation`].
    CommitSplitReservation(CommitSplitReservation),
    /// See [`ReleaseSplitReservation`].
    ReleaseSplitReservation(ReleaseSplitReservation),
    /// See [`ExpireSplitReservation`].
    ExpireSplitReservation(ExpireSplitReservation),
    /// See [`RecordPlan`].
    RecordPlan(RecordPlan),
    /// See [`RecordStep`].
    RecordStep(RecordStep),
}

/// Hold units in several stores until a deadline, all or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestSplitReservation {
    /// What is wanted from where.
    pub wanted: Wanted,
    /// Time from now until the deadline, at most [`super::SPLIT_SECONDS_MAX`].
    pub ttl: TimeToLive,
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// The order that it is for.
    pub order: Option<OrderRef>,
    /// The customer that it is for.
    pub customer: Option<Customer>,
}

/// What is wanted from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// From these stores, 1 to [`super::PARTS_MAX`], each once.
    Parts(Vec<PlannedPart>),
    /// From stores that are still to be found.
    Basket(SplitBasket),
}

/// The sale happened: all parts are sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitSplitReservation {
    /// The sale.
    pub transaction: TransactionRef,
    /// The customer, if known; else the one that it was reserved for.
    pub customer: Option<Customer>,
}

/// All parts are given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseSplitReservation {
    /// The reason, as free text.
    pub reason: Option<Reason>,
}

/// Its deadline has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpireSplitReservation;

/// Stores were found for a basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPlan {
    /// The step that asked for them.
    pub step: u32,
    /// What each is to hold, each store once.
    pub parts: Vec<PlannedPart>,
}
