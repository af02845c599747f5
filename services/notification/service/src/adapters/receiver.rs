//! Receivers as they are on the internet: reached by a client that goes nowhere inside.

use std::io;
use std::time::Duration;

use async_trait::async_trait;
use kit_http_client::{
    AllowedPlaces, AnswerLimits, GuardedClient, GuardedError, TrustedAuthorities,
};

use crate::use_cases::{Received, Receiver, Signed};

/// How much of an answer is waited for, and how much of its body is kept.
const LIMITS: AnswerLimits = AnswerLimits { time: Duration::from_secs(10), body_bytes: 512 };

/// The integration event as it is, in structured JSON.
const CONTENT_TYPE: &str = "application/cloudevents+json; charset=utf-8";

/// Posts messages.
pub(crate) struct HttpReceiver(GuardedClient);

impl HttpReceiver {
    /// With what may be reached beside public addresses, and who is trusted beside the machine's authorities.
    pub(crate) fn new(
        allowed: AllowedPlaces,
        authorities: &TrustedAuthorities,
    ) -> io::Result<Self> {
        GuardedClient::trusting(allowed, authorities).map(Self)
    }
}

#[async_trait]
impl Receiver for HttpReceiver {
    fn check(&self, url: &str) -> Result<(), String> {
        self.0.check(url).map(drop).map_err(|refused| refused.to_string())
    }

    async fn post(&self, url: &str, signed: Signed, body: String) -> Received {
        let headers = vec![
            ("content-type", CONTENT_TYPE.to_owned()),
            ("user-agent", concat!("gondola/", env!("CARGO_PKG_VERSION")).to_owned()),
            ("webhook-id", signed.id),
            ("webhook-timestamp", signed.timestamp),
            ("webhook-signature", signed.signature),
        ];
        match self.0.post(url, headers, body.into(), LIMITS).await {
            Ok(answer) => Received::Answer {
                status: answer.status,
                retry_after: answer.header("retry-after").and_then(seconds),
                beginning: String::from_utf8_lossy(&answer.beginning).into_owned(),
            },
            Err(GuardedError::Refused(why)) => Received::Refused(why),
            Err(GuardedError::Unanswered(why)) => Received::Nothing(why),
        }
    }
}

/// A pause in seconds; a date, which the standard of the header allows as well, is not taken.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    text.trim().parse().ok().map(Duration::from_secs)
}
