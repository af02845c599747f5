//! SMS and push through a provider: each message is a JSON document, posted with a bearer token.

use std::time::Duration;

use kit_http_client::{
    AllowedPlaces, AnswerLimits, GuardedClient, GuardedError, TrustedAuthorities,
};
use serde::Serialize;

use super::config::{ChannelsError, ProviderConfig};
use crate::adapters::receiver::seconds;
use crate::use_cases::subscriptions::{Outgoing, Sent};

/// How much of an answer is waited for, and how much of its body is kept.
const LIMITS: AnswerLimits = AnswerLimits { time: Duration::from_secs(10), body_bytes: 512 };

/// Statuses below 500 with which a provider says something about us or about now, and nothing about the recipient.
const NOT_THIS_TIME: [u16; 7] = [401, 402, 403, 407, 408, 425, 429];

/// What a provider gets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'m> {
    /// The notification: the same in every attempt.
    id: String,
    channel: &'static str,
    to: &'m str,
    language: &'static str,
    severity: &'static str,
    subject: &'m str,
    text: &'m str,
}

/// Sends through a provider.
pub(super) struct ProviderChannel {
    client: GuardedClient,
    config: ProviderConfig,
}

impl ProviderChannel {
    /// Of a configuration, with what may be reached beside public addresses, and who is trusted beside the machine's
    /// authorities.
    pub(super) fn new(
        config: ProviderConfig,
        allowed: AllowedPlaces,
        authorities: &TrustedAuthorities,
    ) -> Result<Self, ChannelsError> {
        let client = GuardedClient::trusting(allowed, authorities)?;
        client.check(&config.url).map_err(|why| ChannelsError::Provider(why.to_string()))?;
        Ok(Self { client, config })
    }

    /// Sends a message.
    pub(super) async fn send(&self, outgoing: Outgoing) -> Sent {
        let id = outgoing.id.to_string();
        let body = Body {
            id: id.clone(),
            channel: outgoing.recipient().channel().as_str(),
            to: outgoing.recipient().reveal(),
            language: outgoing.language().as_str(),
            severity: outgoing.severity.as_str(),
            subject: &outgoing.message.subject,
            text: &outgoing.message.text,
        };
        // plain text always serialises
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let headers = vec![
            ("content-type", "application/json".to_owned()),
            ("user-agent", concat!("gondola/", env!("CARGO_PKG_VERSION")).to_owned()),
            ("authorization", format!("Bearer {}", self.config.token.reveal())),
            ("idempotency-key", id),
        ];
        let answered = self.client.post(&self.config.url, headers, body.into(), LIMITS).await;
        let answer = match answered {
            Ok(answer) => answer,
            Err(GuardedError::Refused(why) | GuardedError::Unanswered(why)) => {
                return Sent::Failed { reason: why, retry_after: None };
            }
        };
        let beginning = String::from_utf8_lossy(&answer.beginning).into_owned();
        let told = || format!("the provider answered {}: {beginning}", answer.status);
        match answer.status {
            200..=299 => Sent::Accepted(beginning),
            400..=499 if !NOT_THIS_TIME.contains(&answer.status) => Sent::Rejected(told()),
            _ => {
                let retry_after = answer.header("retry-after").and_then(seconds);
                Sent::Failed { reason: told(), retry_after }
            }
        }
    }
}
