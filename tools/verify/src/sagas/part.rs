//! What one store holds and sells for a saga: what the stores say of it, and what the saga says of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use uuid::Uuid;

use super::super::entry::{Broken, require};
use super::super::level::units;
use super::{Holds, INVARIANT, broken};

/// Units of one product that a saga asks for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    product_id: Uuid,
    quantity: i64,
}

/// A basket that one store is to hold under one reservation.
pub(super) struct Part {
    reservation: Uuid,
    pub(super) store: Uuid,
    lines: BTreeMap<Uuid, Line>,
    pub(super) told: Told,
    /// Whether its hold may be under way: it is to be held, or told as refused while another try goes on.
    pub(super) may_be_held: bool,
}

/// One product of it, by what the store has done for the saga.
#[derive(Clone, Copy, Default)]
struct Line {
    asked: i64,
    held: i64,
    sold: i64,
    returned: i64,
}

/// What the saga has told of it last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Nothing,
    Held,
    Refused,
    /// Held by another try, after it was told as refused.
    HeldLate,
    Sold,
    /// It could not be sold.
    Revoked,
    Released,
    Returned,
}

/// What a store did with units of one product.
#[derive(Clone, Copy)]
pub(super) enum Did<'a> {
    /// It holds them under a reservation.
    Hold(Uuid, i64),
    /// It has sold them, and left so many of the reservation out of the sale.
    Sell { reservation: Uuid, units: i64, left: i64, transaction: &'a str },
    /// It has put them back on the shelf.
    Return(i64),
}

impl Told {
    /// As a word for people.
    pub(super) const fn says(self) -> &'static str {
        match self {
            Self::Nothing => "not held yet",
            Self::Held | Self::HeldLate => "held",
            Self::Refused => "refused",
            Self::Sold => "sold",
            Self::Revoked => "not to be sold any more",
            Self::Released => "released",
            Self::Returned => "returned",
        }
    }
}

impl Part {
    pub(super) fn new(reservation: Uuid, store: Uuid, asked: &[Asked]) -> Result<Self, Broken> {
        let mut lines = BTreeMap::new();
        for Asked { product_id, quantity } in asked {
            units("quantity", *quantity, 1)?;
            let line = Line { asked: *quantity, ..Line::default() };
            let twice = lines.insert(*product_id, line).is_some();
            require(!twice, INVARIANT, || format!("{product_id} is asked for twice of a store"))?;
        }
        Ok(Self { reservation, store, lines, told: Told::Nothing, may_be_held: true })
    }

    /// Whether a reservation is this part's.
    pub(super) fn is_of(&self, reservation: Uuid) -> bool {
        self.reservation == reservation
    }

    /// Takes in what its store did for the saga: what was asked of it, and all of it. `sale` is the one that is on.
    pub(super) fn did(
        &mut self,
        (store, product): (Uuid, Uuid),
        did: Did<'_>,
        sale: Option<&str>,
    ) -> Result<(), Broken> {
        self.require_asked(store, did, sale)?;
        let line = self.lines.get_mut(&product);
        let line = line.ok_or_else(|| broken(format!("{product} was not asked for")))?;
        let (booked, moved, what) = match did {
            Did::Hold(_, moved) => (&mut line.held, moved, "held"),
            Did::Sell { units, .. } => (&mut line.sold, units, "sold"),
            Did::Return(moved) => (&mut line.returned, moved, "returned"),
        };
        *booked += moved;
        let (booked, asked) = (*booked, line.asked);
        require(booked == asked, INVARIANT, || {
            format!("{booked} of {product} are {what} in {store}, and {asked} were asked for")
        })?;
        let left = if let Did::Sell { left, .. } = did { left } else { 0 };
        require(left == 0, INVARIANT, || {
            format!("{left} of {product} are left out of the sale in {store}")
        })
    }

    /// Its own store acts, and what it does is what was to be done.
    fn require_asked(&self, store: Uuid, did: Did<'_>, sale: Option<&str>) -> Result<(), Broken> {
        require(store == self.store, INVARIANT, || {
            format!("{store} acts for it, and {} was asked", self.store)
        })?;
        let told = self.told;
        let (is_asked, does) = match did {
            Did::Hold(..) => (self.may_be_held, "holds"),
            Did::Sell { transaction, .. } => {
                (told == Told::Held && sale == Some(transaction), "sells")
            }
            Did::Return(_) => (told == Told::Sold && sale.is_none(), "takes back"),
        };
        require(is_asked, INVARIANT, || {
            format!("{store} {does} units that are told as {}, sale on: {sale:?}", told.says())
        })
    }

    /// The saga tells that its units are held.
    pub(super) fn held(&mut self) -> Result<(), Broken> {
        self.told = if self.told == Told::Refused { Told::HeldLate } else { Told::Held };
        self.may_be_held = false;
        self.require_all("held", |line| line.held)
    }

    /// The saga tells that they will not be held. Another try may hold them after that, and tells so.
    pub(super) fn refused(&mut self, holds: &Holds<'_>) {
        self.told = Told::Refused;
        self.may_be_held = self.units_held(holds).is_none();
    }

    /// The saga tells that its units are sold.
    pub(super) fn sold(&mut self) -> Result<(), Broken> {
        self.told = Told::Sold;
        self.require_all("sold", |line| line.sold)
    }

    /// The saga tells that its units are back on the shelf.
    pub(super) fn returned(&mut self) -> Result<(), Broken> {
        self.told = Told::Returned;
        self.require_all("returned", |line| line.returned)
    }

    /// The saga tells that it could not be sold.
    pub(super) fn revoked(&mut self) -> Result<(), Broken> {
        self.told = Told::Revoked;
        self.require_not_sold("could not be sold")
    }

    /// The saga tells that it is held no more.
    pub(super) fn released(&mut self, holds: &Holds<'_>) -> Result<(), Broken> {
        self.told = Told::Released;
        self.require_not_sold("is released")?;
        self.require_not_held(holds)
    }

    fn require_all(&self, what: &str, of: impl Fn(&Line) -> i64) -> Result<(), Broken> {
        let other = self.lines.iter().find(|(_, line)| of(line) != line.asked);
        other.map_or(Ok(()), |(product, line)| {
            let (found, asked, store) = (of(line), line.asked, self.store);
            Err(broken(format!(
                "it tells that {asked} of {product} are {what} in {store}, but {found} are"
            )))
        })
    }

    fn require_not_sold(&self, what: &str) -> Result<(), Broken> {
        let sold = self.lines.iter().find(|(_, line)| line.sold > line.returned);
        sold.map_or(Ok(()), |(product, line)| {
            let (units, store) = (line.sold, self.store);
            Err(broken(format!(
                "it tells that a part {what}, but {units} of {product} are sold in {store}"
            )))
        })
    }

    fn require_not_held(&self, holds: &Holds<'_>) -> Result<(), Broken> {
        let held = self.units_held(holds);
        held.map_or(Ok(()), |(product, units)| {
            let store = self.store;
            Err(broken(format!("{units} of {product} stay held for it in {store}")))
        })
    }

    /// What the store still holds of it, of the first product of which it does.
    fn units_held(&self, holds: &Holds<'_>) -> Option<(Uuid, u32)> {
        self.lines.keys().find_map(|product| {
            let units = holds.units(self.reservation, *product);
            (units > 0).then_some((*product, units))
        })
    }

    fn is_sold(&self) -> bool {
        self.lines.values().any(|line| line.sold > 0)
    }

    fn is_returned(&self) -> bool {
        self.lines.values().any(|line| line.returned > 0)
    }

    /// Whether its store has done something at the end of the log that the saga does not tell yet. What a saga tells is true
    /// when it is told, see above; afterwards nothing more may come.
    pub(super) fn is_untold(&self, holds: &Holds<'_>, is_given_up: bool) -> Result<bool, Broken> {
        Ok(match self.told {
            Told::Nothing | Told::Refused => {
                self.require_not_sold("is not held")?;
                if !self.may_be_held {
                    self.require_not_held(holds)?;
                }
                self.units_held(holds).is_some()
            }
            Told::Held if is_given_up => {
                self.require_not_sold("is given up")?;
                // released, or it has ended by itself
                false
            }
            Told::Held => self.is_sold(),
            Told::HeldLate => {
                self.require_not_sold("was refused")?;
                false
            }
            Told::Sold => {
                self.require_not_held(holds)?;
                require(!self.is_returned() || is_given_up, INVARIANT, || {
                    format!("what was sold in {} is returned, and nothing was undone", self.store)
                })?;
                self.is_returned()
            }
            Told::Revoked => {
                self.require_not_sold("could not be sold")?;
                false
            }
            Told::Released => {
                self.require_not_sold("is released")?;
                self.require_not_held(holds)?;
                false
            }
            Told::Returned => {
                self.require_not_held(holds)?;
                false
            }
        })
    }
}
