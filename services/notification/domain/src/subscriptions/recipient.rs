//! Whom a notification is for: an address that is personal data.

use std::fmt;

use crate::Channel;

/// The address of a person in a channel. Logs get it masked: that is how it is shown and debugged.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    channel: Channel,
    address: Box<str>,
}

/// The text is no address of its channel. It is not repeated: it may be almost one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRecipient {
    /// For e-mail.
    #[error(
        "an e-mail address is like ana@shop.example: one @, up to {LOCAL_MAX} characters before it, and 254 in all, without blanks; got {0} characters"
    )]
    Email(usize),
    /// For SMS.
    #[error(
        "a telephone number is written as E.164 has it, such as +5511987654321: a plus and 7 to 15 digits, the first of which is not 0; got {0} characters"
    )]
    Sms(usize),
    /// For push.
    #[error(
        "a push token has 8 to {TOKEN_MAX} visible ASCII characters, as the app got it from its provider; got {0} characters"
    )]
    Push(usize),
}

/// Most characters before the @ of an e-mail address.
const LOCAL_MAX: usize = 64;

/// Most characters of an e-mail address (RFC 5321).
const EMAIL_MAX: usize = 254;

/// Most characters of a push token.
const TOKEN_MAX: usize = 4_096;

/// Least characters of a push token.
const TOKEN_MIN: usize = 8;

impl Recipient {
    /// Checks an address by the form of its channel; blanks around it are left out.
    pub fn new(channel: Channel, address: &str) -> Result<Self, InvalidRecipient> {
        let address = address.trim();
        let length = address.chars().count();
        let refusal = match channel {
            Channel::Email if !is_email(address) => InvalidRecipient::Email(length),
            Channel::Sms if !is_phone(address) => InvalidRecipient::Sms(length),
            Channel::Push if !is_token(address) => InvalidRecipient::Push(length),
            _ => return Ok(Self { channel, address: address.into() }),
        };
        Err(refusal)
    }

    /// The channel that it is an address of.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// The address itself, which is in no log.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.address
    }
}

/// The beginning of it, which tells people apart and does not reach them.
impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let beginning = |count| self.address.chars().take(count).collect::<String>();
        match self.channel {
            Channel::Email => {
                let (_, domain) = self.address.rsplit_once('@').unwrap_or_default();
                write!(f, "{}***@{domain}", beginning(1))
            }
            Channel::Sms => write!(f, "{}***", beginning(3)),
            Channel::Push => write!(f, "{}***", beginning(4)),
        }
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({self})")
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_fine =
        |one: char| !one.is_whitespace() && !one.is_control() && !"<>(),;:\"[]\\@".contains(one);
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|one| one.is_alphanumeric() || one == '-')
    };
    let is_local = (1..=LOCAL_MAX).contains(&local.len()) && local.chars().all(is_fine);
    let no_empty_part = local.split('.').all(|part| !part.is_empty());
    text.len() <= EMAIL_MAX && is_local && no_empty_part && domain.split('.').all(is_label)
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0')
}

fn is_token(text: &str) -> bool {
    (TOKEN_MIN..=TOKEN_MAX).contains(&text.len()) && text.bytes().all(|one| one.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_form_of_its_channel() {
        let fine = [
            (Channel::Email, "ana@shop.example"),
            (Channel::Email, "ana.b+stock@loja.com.br"),
            (Channel::Email, "josé@exemplo.br"),
            (Channel::Sms, "+5511987654321"),
            (Channel::Push, "dGhpcyBpcyBhIHRva2Vu:APA91b"),
        ];
        for (channel, address) in fine {
            let recipient = Recipient::new(channel, &format!(" {address} ")).unwrap();
            assert_eq!((recipient.reveal(), recipient.channel()), (address, channel));
        }
        let wrong = [
            (Channel::Email, "bia"),
            (Channel::Email, "@shop.test"),
            (Channel::Email, "bia@"),
            (Channel::Email, "ana@shop..example"),
            (Channel::Email, "ana@b@shop.example"),
            (Channel::Email, "ana@shop.example\r\nBcc: b@shop.example"),
            (Channel::Email, "ana <ana@shop.example>"),
            (Channel::Email, "ana..b@shop.example"),
            (Channel::Sms, "21912345678"),
            (Channel::Sms, "+0511987654321"),
            (Channel::Sms, "+55 11 98765"),
            (Channel::Sms, "+1234567890123456"),
            (Channel::Push, "short"),
            (Channel::Push, "has blanks in it"),
        ];
        for (channel, address) in wrong {
            let told = Recipient::new(channel, address).unwrap_err().to_string();
            assert!(!told.contains(address), "{told}");
        }
        let long = format!("{}@shop.example", "x".repeat(LOCAL_MAX + 1));
        assert!(Recipient::new(Channel::Email, &long).is_err());
    }

    #[test]
    fn nothing_that_is_printed_reaches_a_person() {
        let shown = |channel, address: &str| {
            let recipient = Recipient::new(channel, address).unwrap();
            let debugged = format!("{recipient:?}");
            assert!(!debugged.contains(address), "{debugged}");
            recipient.to_string()
        };
        assert_eq!(shown(Channel::Email, "ana@shop.example"), "a***@shop.example");
        assert_eq!(shown(Channel::Sms, "+5511987654321"), "+55***");
        assert_eq!(shown(Channel::Push, "dGhpcyBpcyBh"), "dGhp***");
    }
}
