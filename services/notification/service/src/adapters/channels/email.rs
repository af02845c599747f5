//! E-mail over SMTP: text and HTML, each letter as the standards have it, and what the server's answers mean.

use std::time::{Duration, UNIX_EPOCH};

use gondola_notification_domain::Recipient;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use kit_http_client::{TrustedAuthorities, certificate_fault};

use super::config::{ChannelsError, EmailConfig, Secret, Security, SmtpUrl};
use crate::use_cases::subscriptions::{Outgoing, Sent};

/// How long a connection, and each answer of the server, is waited for.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Answers with which a server refuses us rather than the recipient: we must log in, or may not as we do.
const ABOUT_US: [u16; 5] = [530, 534, 535, 538, 554];

type Smtp = AsyncSmtpTransport<Tokio1Executor>;

/// Sends e-mail.
pub(super) struct EmailChannel {
    smtp: Smtp,
    from: Mailbox,
}

/// Tells vacation notes and their like that no person has written this (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl EmailChannel {
    /// Of a configuration. A connection is made for each message: there are few.
    pub(super) fn new(
        config: EmailConfig,
        authorities: &TrustedAuthorities,
    ) -> Result<Self, ChannelsError> {
        let EmailConfig { server, password, from } = config;
        let mut builder = transport(&server, authorities)?.port(server.port).timeout(Some(TIMEOUT));
        if let Some(user) = server.user {
            let password = password.as_ref().map(Secret::reveal).unwrap_or_default();
            builder = builder.credentials(Credentials::new(user, password.to_owned()));
        }
        Ok(Self { smtp: builder.build(), from: from.0 })
    }

    /// Why nothing can be sent to an address.
    pub(super) fn check(recipient: &Recipient) -> Result<(), String> {
        let address: Result<Address, _> = recipient.reveal().parse();
        address.map(drop).map_err(|error| format!("no mail server takes this address: {error}"))
    }

    /// Sends a message.
    pub(super) async fn send(&self, outgoing: Outgoing) -> Sent {
        let message = match self.letter(outgoing) {
            Ok(message) => message,
            Err(why) => return Sent::Rejected(why),
        };
        match self.smtp.send(message).await {
            Ok(answer) => Sent::Accepted(answer.message().collect::<Vec<_>>().join(" ")),
            Err(error) if is_about_the_recipient(&error) => Sent::Rejected(told(&error)),
            Err(error) => Sent::Failed { reason: told(&error), retry_after: None },
        }
    }

    /// The message as it is sent. Its id is that of the notification in every attempt: a mailbox knows a repetition by it.
    fn letter(&self, outgoing: Outgoing) -> Result<Message, String> {
        let address = outgoing.recipient().reveal().parse::<Address>();
        let address =
            address.map_err(|error| format!("no mail server takes this address: {error}"))?;
        let millis = u64::try_from(outgoing.at.as_millis()).unwrap_or_default();
        let id = format!("<{}@{}>", outgoing.id, self.from.email.domain());
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(outgoing.message.subject)
            .date(UNIX_EPOCH + Duration::from_millis(millis))
            .message_id(Some(id))
            .header(AutoSubmitted);
        let text = outgoing.message.text;
        let html = outgoing.message.html.unwrap_or_default();
        message
            .multipart(MultiPart::alternative_plain_html(text, html))
            .map_err(|error| format!("the e-mail cannot be written: {error}"))
    }
}

fn transport(
    server: &SmtpUrl,
    authorities: &TrustedAuthorities,
) -> Result<AsyncSmtpTransportBuilder, ChannelsError> {
    let tls = match server.security {
        Security::None => Tls::None,
        Security::StartTls => Tls::Required(parameters(&server.host, authorities)?),
        Security::Tls => Tls::Wrapper(parameters(&server.host, authorities)?),
    };
    Ok(Smtp::builder_dangerous(&server.host).tls(tls))
}

/// Whose certificates hold: those of the server's name, by the machine's authorities or these.
fn parameters(
    host: &str,
    authorities: &TrustedAuthorities,
) -> Result<TlsParameters, ChannelsError> {
    let unusable = |error: Error| ChannelsError::Smtp(told(&error));
    let mut parameters = TlsParameters::builder(host.to_owned());
    for certificate in authorities.certificates() {
        let certificate = Certificate::from_der(certificate.to_vec()).map_err(unusable)?;
        parameters = parameters.add_root_certificate(certificate);
    }
    parameters.build().map_err(unusable)
}

/// Whether the server will never take a message for this recipient.
fn is_about_the_recipient(error: &Error) -> bool {
    let code = error.status().map(u16::from);
    error.is_permanent() && !code.is_some_and(|code| ABOUT_US.contains(&code))
}

/// The error with what led to it.
fn told(error: &Error) -> String {
    if let Some(fault) = certificate_fault(error) {
        return format!("no TLS with the mail server: {fault}");
    }
    let mut told = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let text = cause.to_string();
        if !told.contains(&text) {
            told = format!("{told}: {text}");
        }
        source = cause.source();
    }
    told
}

#[cfg(test)]
mod tests;
