//! The channels to people: a mail server, and providers of SMS and push.

mod config;
mod email;
mod provider;

use async_trait::async_trait;
use gondola_notification_domain::{Channel, Recipient};
use kit_http_client::{AllowedPlaces, TrustedAuthorities};

pub use config::{
    ChannelsConfig, ChannelsError, EmailConfig, InvalidMailbox, InvalidSmtpUrl, MailboxAddress,
    ProviderConfig, Secret, SmtpUrl,
};
use email::EmailChannel;
use provider::ProviderChannel;

use crate::use_cases::subscriptions::{Channels, Outgoing, Sent};

/// The channels that are configured.
pub(crate) struct ConfiguredChannels {
    email: Option<EmailChannel>,
    sms: Option<ProviderChannel>,
    push: Option<ProviderChannel>,
}

impl ConfiguredChannels {
    /// Those of a configuration. Nothing is connected to before there is something to send.
    pub(crate) fn new(
        config: ChannelsConfig,
        allowed: &AllowedPlaces,
        authorities: &TrustedAuthorities,
    ) -> Result<Self, ChannelsError> {
        let provider = |config: Option<ProviderConfig>| {
            let new = |config| ProviderChannel::new(config, allowed.clone(), authorities);
            config.map(new).transpose()
        };
        Ok(Self {
            email: config.email.map(|email| EmailChannel::new(email, authorities)).transpose()?,
            sms: provider(config.sms)?,
            push: provider(config.push)?,
        })
    }
}

/// What is said where a channel is not configured.
fn missing(channel: Channel) -> String {
    let setting = match channel {
        Channel::Email => "--smtp-url and --smtp-from",
        Channel::Sms => "--sms-url",
        Channel::Push => "--push-url",
    };
    format!("nothing can be sent by {}: start the server with {setting}", channel.as_str())
}

#[async_trait]
impl Channels for ConfiguredChannels {
    fn check(&self, recipient: &Recipient) -> Result<(), String> {
        let channel = recipient.channel();
        let provider = match channel {
            Channel::Email => {
                self.email.as_ref().ok_or_else(|| missing(channel))?;
                return EmailChannel::check(recipient);
            }
            Channel::Sms => &self.sms,
            Channel::Push => &self.push,
        };
        provider.as_ref().map(drop).ok_or_else(|| missing(channel))
    }

    async fn send(&self, outgoing: Outgoing) -> Sent {
        let channel = outgoing.recipient().channel();
        let provider = match channel {
            Channel::Email => match &self.email {
                Some(email) => return email.send(outgoing).await,
                None => &None,
            },
            Channel::Sms => &self.sms,
            Channel::Push => &self.push,
        };
        match provider {
            Some(provider) => provider.send(outgoing).await,
            None => Sent::Failed { reason: missing(channel), retry_after: None },
        }
    }
}
