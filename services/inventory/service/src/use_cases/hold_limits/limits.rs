//! How much a customer and a caller may hold at a time, and what is told of more.

use std::num::NonZeroU32;
use std::sync::Arc;

use gondola_inventory_domain::Customer;

/// How much one holder may hold at a time; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HoldLimit {
    /// Units of all active reservations together.
    pub units: Option<NonZeroU32>,
    /// Active reservations; one in each store counts.
    pub reservations: Option<NonZeroU32>,
}

impl HoldLimit {
    const fn is_off(self) -> bool {
        self.units.is_none() && self.reservations.is_none()
    }
}

/// How much may be held at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HoldLimits {
    /// For each customer that requests name.
    pub per_customer: HoldLimit,
    /// By each caller, as the audit trail names it: by its credential, where callers say who they are.
    pub per_caller: HoldLimit,
}

impl HoldLimits {
    /// Whether nothing is limited, so that nothing needs to be counted.
    #[must_use]
    pub const fn is_off(self) -> bool {
        self.per_customer.is_off() && self.per_caller.is_off()
    }

    /// What a holder may hold.
    pub(super) const fn of(self, holder: &Holder) -> HoldLimit {
        match holder {
            Holder::Customer(_) => self.per_customer,
            Holder::Caller(_) => self.per_caller,
        }
    }
}

/// Whose holds are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Holder {
    /// A customer, as the log knows them.
    Customer(Customer),
    /// Who asked for the hold.
    Caller(Arc<str>),
}

impl Holder {
    /// A customer and a caller, where there are any.
    pub(crate) fn all(customer: Option<Customer>, caller: Option<Arc<str>>) -> Vec<Self> {
        let customer = customer.map(Self::Customer);
        customer.into_iter().chain(caller.map(Self::Caller)).collect()
    }

    const fn kind(&self) -> HolderKind {
        match self {
            Self::Customer(_) => HolderKind::Customer,
            Self::Caller(_) => HolderKind::Caller,
        }
    }
}

/// Who holds too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderKind {
    /// The customer that the request names.
    Customer,
    /// The caller.
    Caller,
}

impl HolderKind {
    /// The word for it in an answer.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Caller => "caller",
        }
    }
}

/// What there is too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limited {
    /// Units held.
    Units,
    /// Active reservations.
    Reservations,
}

impl Limited {
    /// The word for it in an answer.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Reservations => "reservations",
        }
    }
}

/// A hold that would be beyond a limit; nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{requested} {} are wanted, and this {} holds {held} of the {limit} that one may hold at a time: commit or release \
     some of them, or wait until they expire",
    limited.as_str(),
    holder.as_str()
)]
pub struct HoldLimitReached {
    /// Who would hold too much.
    pub holder: HolderKind,
    /// What there would be too much of.
    pub limited: Limited,
    /// The most of it at a time.
    pub limit: u64,
    /// What is held now, with what is being decided.
    pub held: u64,
    /// What was wanted beside it.
    pub requested: u64,
}

/// Units and reservations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) units: u64,
    pub(crate) reservations: u64,
}

impl HoldLimit {
    /// Checks what a holder would hold with one reservation more.
    pub(super) fn check(
        self,
        holder: &Holder,
        held: Amount,
        wanted_units: u64,
    ) -> Result<(), HoldLimitReached> {
        let checks = [
            (Limited::Reservations, self.reservations, held.reservations, 1),
            (Limited::Units, self.units, held.units, wanted_units),
        ];
        for (limited, limit, held, requested) in checks {
            let Some(limit) = limit.map(|limit| u64::from(limit.get())) else { continue };
            if held.saturating_add(requested) > limit {
                let holder = holder.kind();
                return Err(HoldLimitReached { holder, limited, limit, held, requested });
            }
        }
        Ok(())
    }
}
