//! How people are reached, by e-mail, SMS and push, and what stores and products are called in messages to them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use async_trait::async_trait;
use gondola_inventory::use_cases::{CatalogueLookUp, Named, ProductRef, StoreRef, WantedEntries};
use gondola_inventory_domain::{ProductId, StoreId};
use gondola_notification::use_cases::subscriptions::CatalogueNames;
use gondola_notification::{
    ChannelsConfig, EmailConfig, MailboxAddress, ProviderConfig, Secret, SmtpUrl,
};
use uuid::Uuid;

/// How people are reached.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ChannelArgs {
    /// File with certificates of authorities (PEM) that are trusted beside those of the machine, where webhooks, providers
    /// and the mail server are reached by TLS.
    #[arg(long, env = "GONDOLA_NOTIFICATION_CA", value_name = "FILE")]
    notification_ca: Option<PathBuf>,

    /// Mail server that e-mail is sent through: `smtps://[USER@]HOST[:PORT]` for TLS from the beginning, `smtp://...` for
    /// STARTTLS, which on loopback is without TLS, or `smtp+starttls://...`, which is with it there, too; needs `--smtp-from`.
    #[arg(long, env = "GONDOLA_SMTP_URL", hide_env_values = true, value_name = "URL")]
    smtp_url: Option<SmtpUrl>,

    /// Password of the mail server's user. Better set by the variable or the file than on the command line, which other users
    /// of the machine see.
    #[arg(long, env = "GONDOLA_SMTP_PASSWORD", hide_env_values = true, value_name = "PASSWORD")]
    smtp_password: Option<Secret>,

    /// Who e-mail is from, such as `Gondola <stock@shop.example>`.
    #[arg(long, env = "GONDOLA_SMTP_FROM", value_name = "MAILBOX")]
    smtp_from: Option<MailboxAddress>,

    /// Address of a provider of SMS, to which each message is posted as JSON; needs `--sms-token`.
    #[arg(long, env = "GONDOLA_SMS_URL", hide_env_values = true, value_name = "URL")]
    sms_url: Option<String>,

    /// Bearer token that messages to the provider of SMS bring.
    #[arg(long, env = "GONDOLA_SMS_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    sms_token: Option<Secret>,

    /// Address of a provider of push messages, to which each message is posted as JSON; needs `--push-token`.
    #[arg(long, env = "GONDOLA_PUSH_URL", hide_env_values = true, value_name = "URL")]
    push_url: Option<String>,

    /// Bearer token that messages to the provider of push messages bring.
    #[arg(long, env = "GONDOLA_PUSH_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    push_token: Option<Secret>,
}

impl ChannelArgs {
    /// The channels that are meant; refuses what is half a channel.
    pub(crate) fn channels(&self) -> anyhow::Result<ChannelsConfig> {
        let email = match (&self.smtp_url, &self.smtp_from) {
            (Some(server), Some(from)) => Some(EmailConfig {
                server: server.clone(),
                password: self.smtp_password.clone(),
                from: from.clone(),
            }),
            (None, None) if self.smtp_password.is_none() => None,
            (Some(_), None) => bail!("--smtp-url needs --smtp-from: who is e-mail from?"),
            _ => bail!(
                "--smtp-from and --smtp-password are for a mail server: give --smtp-url, or leave them out"
            ),
        };
        let sms = provider("sms", self.sms_url.as_ref(), self.sms_token.as_ref())?;
        let push = provider("push", self.push_url.as_ref(), self.push_token.as_ref())?;
        Ok(ChannelsConfig { email, sms, push, authorities: self.notification_ca.clone() })
    }
}

fn provider(
    channel: &str,
    url: Option<&String>,
    token: Option<&Secret>,
) -> anyhow::Result<Option<ProviderConfig>> {
    match (url, token) {
        (Some(url), Some(token)) => {
            Ok(Some(ProviderConfig { url: url.clone(), token: token.clone() }))
        }
        (None, None) => Ok(None),
        (Some(_), None) => {
            bail!("--{channel}-url needs --{channel}-token: what does the provider know us by?")
        }
        (None, Some(_)) => {
            bail!("--{channel}-token is for a provider: give --{channel}-url, or leave it out")
        }
    }
}

/// Longest wait for names: a message with ids is better than one that is late.
const NAMES_WAIT: Duration = Duration::from_secs(2);

/// Asks the catalogue, in this process or in another.
pub(super) struct NamesOfCatalogue(pub(super) Arc<dyn CatalogueLookUp>);

#[async_trait]
impl CatalogueNames for NamesOfCatalogue {
    async fn names(&self, stores: &[Uuid], products: &[Uuid]) -> HashMap<Uuid, String> {
        let wanted = WantedEntries {
            stores: stores.iter().map(|id| StoreRef::Id(StoreId::from_uuid(*id))).collect(),
            products: products.iter().map(|id| ProductRef::Id(ProductId::from_uuid(*id))).collect(),
        };
        let found = match self.0.look_up(&wanted, NAMES_WAIT).await {
            Ok(found) => found,
            Err(error) => {
                // a message with ids is better than none
                tracing::warn!(%error, "names_for_a_notification_cannot_be_read");
                return HashMap::new();
            }
        };
        let said = |named: &Named| format!("{} ({})", named.name, named.code);
        let stores = found.stores.iter().map(|entry| (entry.id.as_uuid(), said(&entry.named)));
        let products = found.products.iter().map(|entry| (entry.id.as_uuid(), said(&entry.named)));
        stores.chain(products).collect()
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::ChannelArgs;

    #[derive(Parser)]
    struct Alone {
        #[command(flatten)]
        channels: ChannelArgs,
    }

    fn check(arguments: &[&str]) -> Result<[bool; 3], String> {
        let arguments = ["test"].iter().chain(arguments);
        let parsed = Alone::try_parse_from(arguments).map_err(|error| error.to_string())?;
        let channels = parsed.channels.channels().map_err(|error| error.to_string())?;
        Ok([channels.email.is_some(), channels.sms.is_some(), channels.push.is_some()])
    }

    #[test]
    fn half_a_channel_is_refused_with_the_other_half() {
        let smtp = ["--smtp-url", "smtp://127.0.0.1:1025"];
        assert_eq!(check(&[]), Ok([false; 3]));
        let both = [&smtp[..], &["--smtp-from", "a@b.example"]].concat();
        assert_eq!(check(&both), Ok([true, false, false]));
        let sms = ["--sms-url", "https://a.example", "--sms-token", "hidden"];
        assert_eq!(check(&sms), Ok([false, true, false]));
        for (arguments, told) in [
            (&smtp[..], "--smtp-from"),
            (&["--smtp-password", "hidden"], "--smtp-url"),
            (&["--push-url", "https://a.example"], "--push-token"),
            (&["--sms-token", "hidden"], "--sms-url"),
        ] {
            let refused = check(arguments).unwrap_err();
            assert!(refused.contains(told) && !refused.contains("hidden"), "{refused}");
        }
    }
}
