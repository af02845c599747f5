//! Split reservations: all parts of one are sold, or nothing of it is held or sold.

use serde::Deserialize;
use uuid::Uuid;

use super::super::entry::{Broken, Entry, require};
use super::part::{Asked, Did, Part, Told};
use super::{Holds, INVARIANT, SagaCounts, Untold, broken, read};

/// Prefix of their streams.
pub(super) const PREFIX: &str = "split-reservation-";

/// Who acts for them in the stores.
pub(super) const ACTOR: &str = "system:split-reservations";

/// One split reservation.
#[derive(Default)]
pub(super) struct SplitReservation {
    definition: u16,
    /// Of all plans.
    parts: Vec<Part>,
    /// The first of the last plan.
    plan: usize,
    transaction: Option<String>,
    /// Whether what is held or sold by now is to be given back.
    is_given_up: bool,
    /// Whether that is for good, and no other stores are looked for.
    is_released: bool,
}

#[derive(Deserialize)]
struct Requested {
    definition: u16,
    #[serde(default)]
    parts: Vec<PlannedPart>,
}

#[derive(Deserialize)]
struct Planned {
    parts: Vec<PlannedPart>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlannedPart {
    store_id: Uuid,
    lines: Vec<Asked>,
}

#[derive(Deserialize)]
struct OfPart {
    part: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommitOrdered {
    transaction_id: String,
}

impl SplitReservation {
    /// Takes in what it says of itself.
    pub(super) fn told(
        &mut self,
        id: Uuid,
        entry: &Entry<'_>,
        holds: &Holds<'_>,
    ) -> Result<(), Broken> {
        let name = entry.event_type.strip_prefix("SplitReservation").unwrap_or_default();
        match name {
            "RequestedEvent" => {
                let Requested { definition, parts } = read(entry)?;
                require(self.definition == 0, INVARIANT, || "it begins twice".to_owned())?;
                self.definition = definition;
                self.plan(id, &parts)
            }
            "PlannedEvent" => {
                let Planned { parts } = read(entry)?;
                self.plan(id, &parts)
            }
            "PartHeldEvent" => {
                self.part(entry)?.held()?;
                let is_over = self.is_given_up;
                self.end_holding(is_over);
                Ok(())
            }
            "PartRefusedEvent" => {
                self.is_given_up = true;
                self.end_holding(true);
                self.part(entry)?.refused(holds);
                Ok(())
            }
            "CommitOrderedEvent" => self.commit(read(entry)?),
            "PartCommittedEvent" => self.part(entry)?.sold(),
            "PartRevokedEvent" => {
                self.is_given_up = true;
                self.part(entry)?.revoked()
            }
            "ReleaseOrderedEvent" | "PlanRefusedEvent" => self.give_up(),
            "PartReleasedEvent" => self.part(entry)?.released(holds),
            "PartReturnedEvent" => self.part(entry)?.returned(),
            "StepDelayedEvent" => Ok(()),
            _ => Err(super::unknown_event("a split reservation", entry)),
        }
    }

    fn plan(&mut self, id: Uuid, parts: &[PlannedPart]) -> Result<(), Broken> {
        self.require_nothing_left()?;
        (self.plan, self.is_given_up) = (self.parts.len(), self.is_released);
        for (number, PlannedPart { store_id, lines }) in (self.plan..).zip(parts) {
            let reservation = Uuid::new_v5(&id, format!("part/{number}").as_bytes());
            self.parts.push(Part::new(reservation, *store_id, lines)?);
        }
        Ok(())
    }

    /// What was not tried by now is not tried any more.
    fn end_holding(&mut self, is_over: bool) {
        let untried = self.parts.iter_mut().filter(|part| is_over && part.told == Told::Nothing);
        untried.for_each(|part| part.may_be_held = false);
    }

    /// Before other stores are looked for, what the earlier ones held is given back.
    fn require_nothing_left(&self) -> Result<(), Broken> {
        let left = self.parts.iter().position(|part| matches!(part.told, Told::Held | Told::Sold));
        left.map_or(Ok(()), |number| {
            Err(broken(format!("it is planned again while its part {number} is held or sold")))
        })
    }

    fn commit(&mut self, ordered: CommitOrdered) -> Result<(), Broken> {
        let not_held = self.last_plan().iter().position(|part| part.told != Told::Held);
        let not_held = not_held.map(|number| self.plan + number);
        require(!self.is_given_up && self.transaction.is_none(), INVARIANT, || {
            "it is to be sold, and was given up or sold before".to_owned()
        })?;
        if let Some(number) = not_held {
            return Err(broken(format!("it is to be sold, but its part {number} is not held")));
        }
        self.transaction = Some(ordered.transaction_id);
        Ok(())
    }

    /// Once its sale is ordered only a part that cannot be sold undoes it.
    fn give_up(&mut self) -> Result<(), Broken> {
        (self.is_given_up, self.is_released) = (true, true);
        require(self.transaction.is_none(), INVARIANT, || {
            "it is given up, and its sale was ordered before".to_owned()
        })
    }

    fn part(&mut self, entry: &Entry<'_>) -> Result<&mut Part, Broken> {
        let OfPart { part } = read(entry)?;
        self.parts.get_mut(part).ok_or_else(|| broken(format!("it has no part {part}")))
    }

    fn last_plan(&self) -> &[Part] {
        self.parts.get(self.plan..).unwrap_or_default()
    }

    /// Takes in what a store did for it.
    pub(super) fn did(&mut self, place: (Uuid, Uuid), did: Did<'_>) -> Result<(), Broken> {
        let Self { parts, transaction, is_given_up, .. } = self;
        let sale = transaction.as_deref().filter(|_| !*is_given_up);
        let is_its = |part: &&mut Part| match did {
            Did::Hold(reservation, _) | Did::Sell { reservation, .. } => part.is_of(reservation),
            // what returns is of the part that was sold there
            Did::Return(_) => part.store == place.0 && part.told == Told::Sold,
        };
        let part = parts.iter_mut().find(is_its).ok_or_else(|| {
            broken(format!("{} acts for it, and no part of it is held or sold there", place.0))
        })?;
        part.did(place, did, sale)
    }

    /// Checks what must hold at the end of the log, and counts.
    pub(super) fn finish(
        &self,
        holds: &Holds<'_>,
        counts: &mut SagaCounts,
        untold: &mut Untold,
    ) -> Result<(), Broken> {
        for part in &self.parts {
            untold.count(part.is_untold(holds, self.is_given_up)?)?;
        }
        let is_any = |is: &dyn Fn(Told) -> bool| self.parts.iter().any(|part| is(part.told));
        let is_sold = self.transaction.is_some()
            && !self.is_given_up
            && self.last_plan().iter().all(|part| part.told == Told::Sold);
        let is_left = |told| match told {
            Told::Held | Told::HeldLate => true,
            Told::Sold => !is_sold,
            // the first definition released nothing of a part that could not be sold
            Told::Revoked => self.definition > 1,
            Told::Nothing | Told::Refused | Told::Released | Told::Returned => false,
        };
        *(if is_any(&is_left) || !is_sold && !self.is_given_up {
            &mut counts.open
        } else if is_sold {
            &mut counts.committed
        } else {
            &mut counts.given_up
        }) += 1;
        Ok(())
    }
}
