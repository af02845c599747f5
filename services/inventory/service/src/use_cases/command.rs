//! What the executor of this context runs: requests to stock levels of ONE store, all or nothing.

use gondola_inventory_domain::{Command, LineCommand, ProductId, ReservationId, StoreId};
use uuid::Uuid;

use super::claims::PartialSale;
use super::conditions::Conditions;

/// A change of one or more stock levels of one store, as one transaction.
#[derive(Clone, Debug)]
pub struct StoreCommand {
    /// The store: the boundary of consistency, and what routes the command to its shard.
    pub(super) store: StoreId,
    /// One line per product.
    pub(super) lines: Vec<LineCommand>,
    /// What it is about.
    pub(super) subject: Subject,
    /// The partial sale that it is, if it is one.
    pub(super) sale: Option<PartialSale>,
    /// The id of the step of a process that it is, if it is one: it is done once.
    pub(super) step: Option<Uuid>,
    /// What must hold beside the rules of stock.
    pub(super) conditions: Conditions,
}

/// What a command is about, which decides what is claimed and what is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// Stock levels as such.
    Levels,
    /// A reservation that the command creates. Its id is written as a claim: that keeps it unique and lets later
    /// commands find its stock levels.
    NewReservation {
        /// Its id.
        id: ReservationId,
        /// Whether the caller chose the id, so that another reservation may have it.
        chosen: bool,
    },
    /// A reservation whose stock levels are known already.
    Reservation(ReservationId),
}

impl StoreCommand {
    /// A command to a single stock level.
    pub(super) fn level(store: StoreId, product: ProductId, command: Command) -> Self {
        Self {
            store,
            lines: vec![LineCommand::required(product, command)],
            subject: Subject::Levels,
            sale: None,
            step: None,
            conditions: Conditions::default(),
        }
    }

    /// A command that makes, changes or ends a reservation.
    pub(super) fn reservation(store: StoreId, lines: Vec<LineCommand>, subject: Subject) -> Self {
        let (sale, step, conditions) = (None, None, Conditions::default());
        Self { store, lines, subject, sale, step, conditions }
    }

    /// Whether a fact comes with a business time of its own, so that its stock level may ask for history.
    pub(super) fn tells_of_the_past(&self) -> bool {
        self.lines.iter().any(|line| line.command.occurred_at().is_some())
    }

    /// Whether it gives a reservation a later deadline.
    pub(super) fn extends(&self) -> bool {
        self.lines.iter().any(|line| matches!(line.command, Command::ExtendReservation(_)))
    }

    /// The reservation that it is about.
    pub(super) const fn reservation_id(&self) -> Option<ReservationId> {
        match self.subject {
            Subject::Levels => None,
            Subject::NewReservation { id, .. } | Subject::Reservation(id) => Some(id),
        }
    }
}
