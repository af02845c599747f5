//! How channels are configured: addresses of servers, and what they know us by.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use lettre::message::Mailbox;

/// Which channels there are.
#[derive(Clone, Debug, Default)]
pub struct ChannelsConfig {
    /// The mail server.
    pub email: Option<EmailConfig>,
    /// The provider of SMS.
    pub sms: Option<ProviderConfig>,
    /// The provider of push messages.
    pub push: Option<ProviderConfig>,
    /// File (PEM) of authorities that are trusted beside those of the machine, here and by webhooks.
    pub authorities: Option<PathBuf>,
}

/// How e-mail is sent.
#[derive(Clone, Debug)]
pub struct EmailConfig {
    /// Where the mail server is.
    pub server: SmtpUrl,
    /// What it knows the user of its address by.
    pub password: Option<Secret>,
    /// Who e-mail is from.
    pub from: MailboxAddress,
}

/// How SMS or push messages are sent: each is posted to a provider.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// Where to, by HTTPS.
    pub url: String,
    /// What the provider knows us by: the bearer token of each request.
    pub token: Secret,
}

/// A channel could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ChannelsError {
    /// The certificates of the machine cannot be read.
    #[error("the machine's certificates cannot be read")]
    Certificates(#[from] io::Error),
    /// The address of a provider is not to be reached.
    #[error("the provider's address cannot be used: {0}")]
    Provider(String),
    /// The mail server cannot be reached in the way that is wanted.
    #[error("the mail server cannot be used: {0}")]
    Smtp(String),
}

/// A password or token: it is in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

impl Secret {
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = InvalidSecret;

    fn from_str(text: &str) -> Result<Self, InvalidSecret> {
        let is_fine = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_fine { Ok(Self(text.into())) } else { Err(InvalidSecret) }
    }
}

/// The text is no password or token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret has visible ASCII characters only, and at least one")]
pub struct InvalidSecret;

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// Who e-mail is from, such as `Gondola <stock@shop.example>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxAddress(pub(super) Mailbox);

/// The text is no mailbox.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sender is like \"Gondola <stock@shop.example>\" or stock@shop.example: {0}")]
pub struct InvalidMailbox(String);

impl FromStr for MailboxAddress {
    type Err = InvalidMailbox;

    fn from_str(text: &str) -> Result<Self, InvalidMailbox> {
        text.parse()
            .map(Self)
            .map_err(|error: lettre::address::AddressError| InvalidMailbox(error.to_string()))
    }
}

/// How a connection to the mail server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Security {
    /// Not at all: on this machine.
    None,
    /// It begins in the open, and must go over to TLS before anything is sent.
    StartTls,
    /// It is TLS from the beginning.
    Tls,
}

/// Where a mail server is: `smtps://[USER@]HOST[:PORT]` for TLS from the beginning (port 465), `smtp://...` for TLS that is
/// asked for (STARTTLS, port 587). On loopback `smtp://` is without TLS, and `smtp+starttls://...` is with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpUrl {
    pub(super) security: Security,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: Option<String>,
}

/// The text is no such address. It is not repeated: there may be a password in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSmtpUrl {
    /// Its form is another one.
    #[error(
        "a mail server is like smtp://mail.shop.example:587 or smtps://user@mail.shop.example, without a path"
    )]
    Form,
    /// There is a password in it.
    #[error(
        "the password of a mail server is not in its address: give it as --smtp-password, better by the variable or the file"
    )]
    Password,
}

impl FromStr for SmtpUrl {
    type Err = InvalidSmtpUrl;

    fn from_str(text: &str) -> Result<Self, InvalidSmtpUrl> {
        let (scheme, rest) = text.split_once("://").ok_or(InvalidSmtpUrl::Form)?;
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, rest),
        };
        if user.is_some_and(|user| user.contains(':')) {
            return Err(InvalidSmtpUrl::Password);
        }
        let place = place.strip_suffix('/').unwrap_or(place);
        let (host, port) = match place.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
            Some((host, port)) => (host, Some(port.parse().map_err(|_| InvalidSmtpUrl::Form)?)),
            None => (place, None),
        };
        let is_host = |one: char| one.is_ascii_alphanumeric() || "-._:[]".contains(one);
        if host.is_empty() || !host.chars().all(is_host) || user == Some("") {
            return Err(InvalidSmtpUrl::Form);
        }
        let host = host.trim_matches(['[', ']']).to_owned();
        let security = match scheme {
            "smtps" => Security::Tls,
            "smtp" if is_loopback(&host) => Security::None,
            "smtp" | "smtp+starttls" => Security::StartTls,
            _ => return Err(InvalidSmtpUrl::Form),
        };
        let usual = if security == Security::Tls { 465 } else { 587 };
        Ok(Self { security, host, port: port.unwrap_or(usual), user: user.map(str::to_owned) })
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_without_tls() {
        let read = |text: &str| {
            let url: SmtpUrl = text.parse().unwrap();
            (url.security, url.host, url.port, url.user)
        };
        let of = |security, host: &str, port, user: Option<&str>| {
            (security, host.to_owned(), port, user.map(str::to_owned))
        };
        assert_eq!(read("smtp://127.0.0.1:1025"), of(Security::None, "127.0.0.1", 1_025, None));
        assert_eq!(read("smtp://[::1]:25/"), of(Security::None, "::1", 25, None));
        assert_eq!(read("smtp://localhost"), of(Security::None, "localhost", 587, None));
        assert_eq!(
            read("smtp+starttls://localhost"),
            of(Security::StartTls, "localhost", 587, None)
        );
        assert_eq!(read("smtp://a@mail.b"), of(Security::StartTls, "mail.b", 587, Some("a")));
        let implicit = of(Security::Tls, "mail.b", 465, Some("ana@shop.example"));
        assert_eq!(read("smtps://ana@shop.example@mail.b"), implicit);
    }

    #[test]
    fn nonsense_is_refused_and_no_password_is_told() {
        let told = "smtp://ana:hidden@mail.b".parse::<SmtpUrl>().unwrap_err();
        assert_eq!(told, InvalidSmtpUrl::Password);
        assert!(!told.to_string().contains("hidden"));
        for text in [
            "mail.b",
            "imap://mail.b",
            "smtp://",
            "smtp://mail.b:x",
            "smtp://mail.b/x",
            "smtp://@b",
        ] {
            assert_eq!(text.parse::<SmtpUrl>(), Err(InvalidSmtpUrl::Form), "{text}");
        }
        let secret: Secret = "hidden".parse().unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(***)");
        "with blank".parse::<Secret>().unwrap_err();
        assert!("Gondola <a@b.example>".parse::<MailboxAddress>().is_ok());
        assert!("a@b.example\r\nBcc: c@d.example".parse::<MailboxAddress>().is_err());
    }
}
