//! Whom to call or write to.

use std::fmt;
use std::str::FromStr;

use crate::{InvalidText, Label, Name, Text};

/// A telephone number as people write it.
pub type Phone = Text<40>;

/// Whom to call or write to about a store: a person or a desk, with a telephone number, an e-mail address, or both.
///
/// On one line it is `name|role|phone|e-mail`, and several are apart by `;`: so its texts have neither sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    name: Name,
    role: Option<Label>,
    phone: Option<Phone>,
    email: Option<Email>,
}

/// An e-mail address: something, an `@`, and something with a dot. Whether it is read the mail server knows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Email(Text<254>);

/// A contact that nobody can use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidContact {
    /// A text that cannot be one.
    #[error(transparent)]
    Text(#[from] InvalidText),
    /// Not an e-mail address.
    #[error("{text:?} is no e-mail address: write it as name@example.com")]
    Email {
        /// The start of the refused text.
        text: String,
    },
    /// Neither a telephone number nor an e-mail address.
    #[error("the contact {name:?} needs a telephone number or an e-mail address")]
    Unreachable {
        /// The contact.
        name: String,
    },
    /// A sign that stands between contacts or their parts.
    #[error(
        "{text:?} must have no ; and no |, which stand between contacts and their parts in files"
    )]
    Separator {
        /// The refused text.
        text: String,
    },
    /// More than are kept.
    #[error("at most {} contacts are kept, got {count}", Contact::COUNT_MAX)]
    Many {
        /// How many there were.
        count: usize,
    },
}

/// The parts of a contact as they are given, not yet checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct ContactParts<'a> {
    /// Who it is.
    pub name: &'a str,
    /// What for.
    pub role: Option<&'a str>,
    /// Telephone number.
    pub phone: Option<&'a str>,
    /// E-mail address.
    pub email: Option<&'a str>,
}

impl Contact {
    /// Most contacts of one store.
    pub const COUNT_MAX: usize = 20;

    /// Checks and wraps the parts of a contact.
    pub fn new(parts: ContactParts<'_>) -> Result<Self, InvalidContact> {
        let ContactParts { name, role, phone, email } = parts;
        for text in [Some(name), role, phone, email].into_iter().flatten() {
            if text.contains([';', '|']) {
                return Err(InvalidContact::Separator { text: text.chars().take(40).collect() });
            }
        }
        let contact = Self {
            name: Name::new(name)?,
            role: role.map(Label::new).transpose()?,
            phone: phone.map(Phone::new).transpose()?,
            email: email.map(Email::new).transpose()?,
        };
        if contact.phone.is_none() && contact.email.is_none() {
            return Err(InvalidContact::Unreachable { name: contact.name.to_string() });
        }
        Ok(contact)
    }

    /// Checks and wraps several.
    pub fn all<'a>(
        parts: impl ExactSizeIterator<Item = ContactParts<'a>>,
    ) -> Result<Vec<Self>, InvalidContact> {
        if parts.len() > Self::COUNT_MAX {
            return Err(InvalidContact::Many { count: parts.len() });
        }
        parts.map(Self::new).collect()
    }

    /// Its parts; [`Self::new`] reads them back.
    pub fn parts(&self) -> ContactParts<'_> {
        ContactParts {
            name: self.name.as_str(),
            role: self.role.as_ref().map(Text::as_str),
            phone: self.phone.as_ref().map(Text::as_str),
            email: self.email.as_ref().map(Email::as_str),
        }
    }
}

impl Email {
    /// Checks and wraps an address.
    fn new(text: &str) -> Result<Self, InvalidContact> {
        let invalid = || InvalidContact::Email { text: text.chars().take(40).collect() };
        let address = Text::new(text).map_err(|_| invalid())?;
        let (name, domain) = address.as_str().split_once('@').ok_or_else(invalid)?;
        let has_dot =
            domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty());
        let plain = |text: &str| !text.contains(['@', ' ', '<', '>', ',', '"']);
        let usable = !name.is_empty() && has_dot && plain(name) && plain(domain);
        usable.then(|| Self(address.clone())).ok_or_else(invalid)
    }

    /// The address.
    fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// On one line: `name|role|phone|e-mail`, an absent part empty.
impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ContactParts { name, role, phone, email } = self.parts();
        let part = |part: Option<&'_ str>| part.unwrap_or_default().to_owned();
        write!(f, "{name}|{}|{}|{}", part(role), part(phone), part(email))
    }
}

impl FromStr for Contact {
    type Err = InvalidContact;

    /// Reads what [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, InvalidContact> {
        let mut parts = text.splitn(4, '|').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let mut part = || parts.next().filter(|part| !part.is_empty());
        Self::new(ContactParts { name, role: part(), phone: part(), email: part() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_read_back_as_it_is_written() {
        for written in [
            "Maria Silva|manager|+55 11 5555-0101|maria@loja.example.com",
            "Front desk||+1 319 555 0100|",
            "Night|||night@x.example",
        ] {
            let contact: Contact = written.parse().unwrap();
            assert_eq!(contact.to_string(), written);
            assert_eq!(Contact::new(contact.parts()), Ok(contact));
        }
    }

    #[test]
    fn what_reaches_nobody_is_refused_with_the_reason() {
        let cases = [
            ("Maria|manager||", "needs a telephone number or an e-mail address"),
            ("|manager|1|", "1 to 200 printable characters"),
            ("Maria|||maria", "\"maria\" is no e-mail address"),
            ("Maria|||maria@", "is no e-mail address"),
            ("Maria|||@x.y", "is no e-mail address"),
            ("Maria|||a b@x.y", "is no e-mail address"),
            ("Maria|||a@b@x.y", "is no e-mail address"),
            ("Maria|||a@x..y", "is no e-mail address"),
            ("Maria|a|1|a@x.y|more", "must have no ; and no |"),
        ];
        for (text, told) in cases {
            let error = text.parse::<Contact>().unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn there_are_not_too_many() {
        let one = ContactParts { name: "Maria", phone: Some("1"), ..ContactParts::default() };
        assert_eq!(Contact::all(std::iter::repeat_n(one, 20)).unwrap().len(), 20);
        let many = Contact::all(std::iter::repeat_n(one, 21)).unwrap_err();
        assert_eq!(many, InvalidContact::Many { count: 21 });
    }
}
