//! The supplier: who delivers what the chain orders.

use uuid::Uuid;

use crate::change::replace;
use crate::word::words;
use crate::{Aggregate, Change, Contact, Currency, LeadTime, Name, Note, SupplierCode, SupplierId};

#[cfg(test)]
mod tests;

/// A supplier as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplier {
    /// What the chain calls it; never changes, and no other supplier has it.
    pub code: SupplierCode,
    /// Its name for people.
    pub name: Name,
    /// Whom to call or write to, at most [`Contact::COUNT_MAX`].
    pub contacts: Vec<Contact>,
    /// How long it takes to deliver, where its offer of a product says nothing.
    pub lead_time: Option<LeadTime>,
    /// In what it is paid.
    pub currency: Option<Currency>,
    /// What the chain's people should know of it.
    pub note: Option<Note>,
    /// Whether the chain orders from it.
    pub status: SupplierStatus,
}

impl Supplier {
    /// A supplier from which the chain orders and of which no more is known.
    #[must_use]
    pub const fn new(code: SupplierCode, name: Name) -> Self {
        Self {
            code,
            name,
            contacts: Vec::new(),
            lead_time: None,
            currency: None,
            note: None,
            status: SupplierStatus::Active,
        }
    }
}

words! {
    /// Whether the chain orders from a supplier.
    SupplierStatus is "supplier status" {
        /// It does.
        #[default]
        Active = "active",
        /// It does not for now; what it offers stays known.
        Inactive = "inactive",
        /// It was removed and offers nothing; its code stays taken, and it may come back.
        Removed = "removed",
    }
}

impl SupplierId {
    /// Ids of suppliers are made from their codes in this namespace.
    const NAMESPACE: Uuid = Uuid::from_u128(0x7b1c_94e6_0d52_4f3a_b8a7_5e90_c4d1_23f6);

    /// The id of the supplier with a code, in whatever case it is written: a code means one supplier for ever.
    #[must_use]
    pub fn of(code: &SupplierCode) -> Self {
        Self::from_uuid(Uuid::new_v5(&Self::NAMESPACE, code.folded().as_bytes()))
    }
}

/// The fields to change; the default changes nothing. The code is not among them: offers and files name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupplierChanges {
    /// New name, if any.
    pub name: Option<Name>,
    /// All contacts from now on, if they change.
    pub contacts: Option<Vec<Contact>>,
    /// What to do to the lead time.
    pub lead_time: Change<LeadTime>,
    /// What to do to the currency.
    pub currency: Change<Currency>,
    /// What to do to the note.
    pub note: Change<Note>,
    /// New status, if any.
    pub status: Option<SupplierStatus>,
}

impl Aggregate for Supplier {
    type Id = SupplierId;
    type Code = SupplierCode;
    type Changes = SupplierChanges;

    const NOUN: &'static str = "supplier";
    const CODE_NOUN: &'static str = "code";
    const REGISTERED: &'static str = "SupplierRegisteredEvent";
    const UPDATED: &'static str = "SupplierUpdatedEvent";
    const ALREADY_REGISTERED_CODE: &'static str = "supplier-already-registered";
    const NOT_FOUND_CODE: &'static str = "supplier-not-found";
    const HAS_USERS: bool = true;

    fn id(&self) -> SupplierId {
        SupplierId::of(&self.code)
    }

    fn code(&self) -> &SupplierCode {
        &self.code
    }

    fn is_removed(&self) -> bool {
        self.status == SupplierStatus::Removed
    }

    fn apply(mut self, changes: &SupplierChanges) -> Self {
        replace(&mut self.name, changes.name.as_ref());
        replace(&mut self.contacts, changes.contacts.as_ref());
        changes.lead_time.apply(&mut self.lead_time);
        changes.currency.apply(&mut self.currency);
        changes.note.apply(&mut self.note);
        replace(&mut self.status, changes.status.as_ref());
        self
    }
}
