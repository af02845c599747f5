//! The customer of a reservation, as commands and events know them: by a key whose owner can be forgotten.

use std::fmt;

use uuid::Uuid;

use crate::CustomerRef;

/// Names the key of a customer: a random id that tells nothing of them, and nobody any more once the key is destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomerKey(Uuid);

impl CustomerKey {
    /// Wraps an id.
    #[must_use]
    pub const fn from_uuid(id: Uuid) -> Self {
        Self(id)
    }

    /// The id.
    #[must_use]
    pub const fn as_uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The customer of a reservation or sale.
///
/// The same customer has the same key until it is destroyed, so that equal means the same person, without saying who.
///
/// ```
/// use gondola_inventory_domain::{Customer, CustomerKey, CustomerRef};
///
/// let key = Customer::Key(CustomerKey::from_uuid(uuid::Uuid::from_u128(1)));
/// let in_clear = Customer::InClear(CustomerRef::new("maria")?);
/// assert_ne!(key, in_clear);
/// assert!(!format!("{in_clear:?}").contains("maria"));
/// # Ok::<(), gondola_inventory_domain::InvalidText>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Customer {
    /// By their key.
    Key(CustomerKey),
    /// By their reference itself: in events from before there were keys, and where there are none.
    InClear(CustomerRef),
}
