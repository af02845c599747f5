//! Contacts in files of the catalogue.

use gondola_store_domain::Contact;

/// Contacts on one line, `name|role|phone|e-mail; ...`; `None` when one of them is none.
pub(super) fn contacts(text: &str) -> Option<Vec<Contact>> {
    let contacts = text.split(';').map(|contact| contact.trim().parse().ok());
    let contacts: Vec<Contact> = contacts.collect::<Option<_>>()?;
    (contacts.len() <= Contact::COUNT_MAX).then_some(contacts)
}
