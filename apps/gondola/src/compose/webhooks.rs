//! Webhooks: which places inside they may reach, and the logs that they are told of.

use std::sync::Arc;

use gondola_contracts::topics;
use gondola_notification::use_cases::NewsSource;
use gondola_notification::{AllowedPlace, AllowedPlaces};
use kit_event_store::EventStore;

/// What webhooks may do.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct WebhookArgs {
    /// A place inside that webhooks may reach, also without TLS: a network like `127.0.0.0/8`, an address, or the name of a host;
    /// may be repeated. Without it they reach public addresses by HTTPS only.
    #[arg(long, env = "GONDOLA_WEBHOOK_ALLOW", value_name = "PLACE", value_delimiter = ',')]
    webhook_allow: Vec<AllowedPlace>,
}

impl WebhookArgs {
    /// Lets them reach this machine, unless other places were named.
    pub(crate) fn or_this_machine(&mut self) {
        if self.webhook_allow.is_empty() {
            self.webhook_allow.extend("127.0.0.1".parse::<AllowedPlace>().ok());
        }
    }

    /// All of these places.
    pub(crate) fn allowed(&self) -> AllowedPlaces {
        self.webhook_allow.iter().cloned().collect()
    }
}

/// What webhooks are told: what the contexts tell each other.
pub(super) fn sources(
    inventory: Arc<dyn EventStore>,
    store: Arc<dyn EventStore>,
) -> Vec<NewsSource> {
    vec![
        NewsSource {
            name: "stockWebhooks",
            translation: gondola_inventory::stock_news(Arc::clone(&inventory)),
            log: inventory,
            event_types: topics::INVENTORY,
        },
        NewsSource {
            name: "catalogueWebhooks",
            translation: gondola_store::catalogue_news(&*store),
            log: store,
            event_types: topics::CATALOGUE,
        },
    ]
}
