//! How a contact is stored.

use gondola_store_domain::{Contact, ContactParts, InvalidContact};
use serde::{Deserialize, Serialize};

use super::{Text, text};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredContact<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    role: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    phone: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    email: Option<Text<'a>>,
}

impl<'a> StoredContact<'a> {
    /// A contact as it is stored.
    pub(super) fn of(contact: &'a Contact) -> Self {
        let ContactParts { name, role, phone, email } = contact.parts();
        Self {
            name: text(name),
            role: role.map(text),
            phone: phone.map(text),
            email: email.map(text),
        }
    }

    fn parts(&self) -> ContactParts<'_> {
        ContactParts {
            name: &self.name,
            role: self.role.as_deref(),
            phone: self.phone.as_deref(),
            email: self.email.as_deref(),
        }
    }

    /// The contacts that were stored.
    pub(super) fn read_all(stored: &[Self]) -> Result<Vec<Contact>, InvalidContact> {
        Contact::all(stored.iter().map(StoredContact::parts))
    }
}
