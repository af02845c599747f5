//! Checkouts: units are sold and the order is confirmed, or nothing is held, sold or confirmed.

use serde::Deserialize;
use uuid::Uuid;

use super::super::entry::{Broken, Entry, require};
use super::part::{Asked, Did, Part, Told};
use super::{Holds, INVARIANT, SagaCounts, Untold, broken, read};

/// Prefix of their streams.
pub(super) const PREFIX: &str = "checkout-";

/// Who acts for them in the stores.
pub(super) const ACTOR: &str = "system:checkouts";

/// One checkout.
#[derive(Default)]
pub(super) struct Checkout {
    /// What is held in its store; `None` before it begins.
    part: Option<Part>,
    is_accepted: bool,
    confirmation: Confirmation,
    transaction: Option<String>,
    is_given_up: bool,
}

/// How the confirmation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Confirmation {
    /// The notification service takes no part.
    #[default]
    NotAsked,
    /// It is to be asked once the units are held.
    ToAsk,
    /// It is being asked.
    Asked,
    Prepared,
    Refused,
    Committed,
    Dropped,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Requested {
    store_id: Uuid,
    lines: Vec<Asked>,
    confirmation: StoredConfirmation,
}

#[derive(PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredConfirmation {
    Asked,
    NotServed,
    NotWanted,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommitOrdered {
    transaction_id: String,
}

impl Checkout {
    /// Takes in what it says of itself.
    pub(super) fn told(
        &mut self,
        id: Uuid,
        entry: &Entry<'_>,
        holds: &Holds<'_>,
    ) -> Result<(), Broken> {
        match entry.event_type.strip_prefix("Checkout").unwrap_or_default() {
            "RequestedEvent" => self.begin(id, read(entry)?),
            "StoreAcceptedEvent" => {
                self.is_accepted = true;
                self.part()?.may_be_held = !self.is_given_up;
                Ok(())
            }
            "StoreRefusedEvent" | "RollbackOrderedEvent" => self.give_up(),
            "StockReservedEvent" => self.held(),
            "StockRefusedEvent" => {
                self.part()?.refused(holds);
                self.give_up()
            }
            "ConfirmationPreparedEvent" => {
                self.confirmation = Confirmation::Prepared;
                Ok(())
            }
            "ConfirmationRefusedEvent" => {
                self.confirmation = Confirmation::Refused;
                self.give_up()
            }
            "CommitOrderedEvent" => self.commit(read(entry)?),
            "StockCommittedEvent" => self.part()?.sold(),
            "StockRevokedEvent" => {
                self.is_given_up = true;
                self.part()?.revoked()
            }
            "ConfirmationCommittedEvent" => self.confirmed(),
            "StockReleasedEvent" => self.part()?.released(holds),
            "ConfirmationDroppedEvent" => self.dropped(),
            "StepDelayedEvent" => Ok(()),
            _ => Err(super::unknown_event("a checkout", entry)),
        }
    }

    fn begin(&mut self, id: Uuid, requested: Requested) -> Result<(), Broken> {
        require(self.part.is_none(), INVARIANT, || "it begins twice".to_owned())?;
        let Requested { store_id, lines, confirmation } = requested;
        let reservation = Uuid::new_v5(&id, b"reservation");
        let mut part = Part::new(reservation, store_id, &lines)?;
        // not before its store has accepted it
        part.may_be_held = false;
        self.part = Some(part);
        if confirmation == StoredConfirmation::Asked {
            self.confirmation = Confirmation::ToAsk;
        }
        Ok(())
    }

    fn held(&mut self) -> Result<(), Broken> {
        self.part()?.held()?;
        if self.confirmation == Confirmation::ToAsk && !self.is_given_up {
            self.confirmation = Confirmation::Asked;
        }
        Ok(())
    }

    fn part(&mut self) -> Result<&mut Part, Broken> {
        self.part.as_mut().ok_or_else(|| broken("it was never asked for".to_owned()))
    }

    fn is(&self, told: Told) -> bool {
        self.part.as_ref().is_some_and(|part| part.told == told)
    }

    /// All have accepted it before it is to be committed.
    fn commit(&mut self, ordered: CommitOrdered) -> Result<(), Broken> {
        require(!self.is_given_up && self.transaction.is_none(), INVARIANT, || {
            "it is to be committed, and was given up or committed before".to_owned()
        })?;
        let kept = matches!(self.confirmation, Confirmation::NotAsked | Confirmation::Prepared);
        require(self.is_accepted && self.is(Told::Held) && kept, INVARIANT, || {
            format!(
                "it is to be committed, but not all have accepted it: store {}, stock {}, confirmation {:?}",
                self.is_accepted,
                self.is(Told::Held),
                self.confirmation
            )
        })?;
        self.transaction = Some(ordered.transaction_id);
        Ok(())
    }

    fn confirmed(&mut self) -> Result<(), Broken> {
        require(self.is(Told::Sold), INVARIANT, || {
            "its order is confirmed, but its units are not sold".to_owned()
        })?;
        require(self.confirmation == Confirmation::Prepared, INVARIANT, || {
            format!("its order is confirmed, and the confirmation was {:?}", self.confirmation)
        })?;
        self.confirmation = Confirmation::Committed;
        Ok(())
    }

    fn dropped(&mut self) -> Result<(), Broken> {
        require(!self.is(Told::Sold), INVARIANT, || {
            "its confirmation is dropped, but its units are sold".to_owned()
        })?;
        self.confirmation = Confirmation::Dropped;
        Ok(())
    }

    /// Once its commit is ordered only a sale that cannot be made undoes it.
    fn give_up(&mut self) -> Result<(), Broken> {
        self.is_given_up = true;
        require(self.transaction.is_none(), INVARIANT, || {
            "it is given up, and its commit was ordered before".to_owned()
        })
    }

    /// Takes in what its store did for it.
    pub(super) fn did(&mut self, place: (Uuid, Uuid), did: Did<'_>) -> Result<(), Broken> {
        let Self { part, transaction, is_given_up, .. } = self;
        let is_its = |part: &&mut Part| match did {
            Did::Hold(reservation, _) | Did::Sell { reservation, .. } => part.is_of(reservation),
            // what is sold stays sold
            Did::Return(_) => false,
        };
        let part = part
            .as_mut()
            .filter(is_its)
            .ok_or_else(|| broken(format!("{} acts for it with what is not its own", place.0)))?;
        part.did(place, did, transaction.as_deref().filter(|_| !*is_given_up))
    }

    /// Checks what must hold at the end of the log, and counts.
    pub(super) fn finish(
        &self,
        holds: &Holds<'_>,
        counts: &mut SagaCounts,
        untold: &mut Untold,
    ) -> Result<(), Broken> {
        let Some(part) = &self.part else { return Ok(()) };
        untold.count(part.is_untold(holds, self.is_given_up)?)?;
        let is_left = match part.told {
            Told::Nothing | Told::Refused | Told::Released => !self.is_given_up,
            Told::Held | Told::HeldLate | Told::Revoked => true,
            Told::Sold | Told::Returned => false,
        };
        // one that was asked for is committed or dropped for good, whatever was answered
        let is_kept = matches!(
            self.confirmation,
            Confirmation::Asked | Confirmation::Prepared | Confirmation::Refused
        );
        *(if is_left || is_kept {
            &mut counts.open
        } else if self.is(Told::Sold) {
            &mut counts.committed
        } else {
            &mut counts.given_up
        }) += 1;
        Ok(())
    }
}
