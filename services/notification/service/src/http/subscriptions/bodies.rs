//! Subscriptions on the wire.

use gondola_contracts::IntegrationEvent;
use gondola_notification_domain::{
    Channel, EventType, EventTypes, Language, LocalTime, QuietHours, Recipient, Severity, StoreId,
    SubscriptionSettings, grouping, stores,
};
use kit_core::{TimeZone, Timestamp};
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::use_cases::subscriptions::{SubscriptionEntry, Subscriptions};

/// How people are told.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ChannelWord {
    /// By e-mail.
    Email,
    /// By a text message.
    Sms,
    /// By a push message of an app.
    Push,
}

impl ChannelWord {
    pub(super) const fn of(channel: Channel) -> Self {
        match channel {
            Channel::Email => Self::Email,
            Channel::Sms => Self::Sms,
            Channel::Push => Self::Push,
        }
    }

    const fn channel(self) -> Channel {
        match self {
            Self::Email => Channel::Email,
            Self::Sms => Channel::Sms,
            Self::Push => Channel::Push,
        }
    }
}

/// The language of messages.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum LanguageWord {
    /// Portuguese.
    Pt,
    /// English.
    En,
    /// Spanish.
    Es,
}

/// How much an event matters.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SeverityWord {
    /// Good to know; all events that are no alerts are.
    #[default]
    Info,
    /// Somebody should look at it.
    Warning,
    /// Somebody should look at it at once.
    Critical,
}

impl SeverityWord {
    pub(super) const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Critical => Self::Critical,
        }
    }
}

/// When nothing is sent that is not critical; over midnight where it begins later than it ends.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct QuietHoursBody {
    /// By the clocks of the subscription's time zone.
    #[schema(example = "22:00", pattern = r"^([01]\d|2[0-3]):[0-5]\d$")]
    from: String,
    /// The first minute in which messages are sent again.
    #[schema(example = "07:00", pattern = r"^([01]\d|2[0-3]):[0-5]\d$")]
    until: String,
}

/// Who is told of what, how and when.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SubscriptionBody {
    /// By which way.
    channel: ChannelWord,
    /// Where to: an e-mail address, a telephone number as E.164 has it, or the token of an app.
    #[schema(max_length = 4096, example = "ana@shop.example")]
    address: String,
    /// The language of messages.
    language: LanguageWord,
    /// The types of events that are told, as `asyncapi.json` has them.
    #[schema(min_items = 1, example = json!(["gondola.inventory.inventory-updated.v1"]))]
    event_types: Vec<String>,
    /// Of events about a store only those of these stores are told; those of all, where this is left out.
    #[schema(min_items = 1, max_items = 2000)]
    #[serde(skip_serializing_if = "Option::is_none")]
    store_ids: Option<Vec<Uuid>>,
    /// Of nothing that matters less.
    #[serde(default)]
    minimum_severity: SeverityWord,
    /// Where the person's clock is, by its name in the IANA database: quiet hours and times in messages are of it.
    #[serde(default = "utc")]
    #[schema(default = "UTC", max_length = 64, example = "America/Sao_Paulo")]
    time_zone: String,
    /// What comes in them waits until they end, unless it is critical.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    quiet_hours: Option<QuietHoursBody>,
    /// For how many seconds events are gathered to one message; each is a message of its own, where this is 0.
    #[serde(default)]
    #[schema(default = 0, minimum = 0, maximum = 86_400)]
    grouping_seconds: u64,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn invalid<E: std::error::Error>(field: &'static str) -> impl FnOnce(E) -> Problem {
    move |error| Problem::invalid(field, error.to_string())
}

impl SubscriptionBody {
    /// The settings, if they are such; the channel must be one that is configured.
    pub(super) fn parse(
        self,
        subscriptions: &Subscriptions,
    ) -> Result<SubscriptionSettings, Problem> {
        let recipient = Recipient::new(self.channel.channel(), &self.address);
        let recipient = recipient.map_err(invalid("address"))?;
        subscriptions.check(&recipient).map_err(|why| Problem::invalid("channel", why))?;
        let types = self.event_types.iter().map(String::as_str);
        let named = self.store_ids.map(|ids| stores(ids.into_iter().map(StoreId::from_uuid)));
        Ok(SubscriptionSettings {
            recipient,
            language: match self.language {
                LanguageWord::Pt => Language::Portuguese,
                LanguageWord::En => Language::English,
                LanguageWord::Es => Language::Spanish,
            },
            event_types: EventTypes::among(IntegrationEvent::TYPES, types)
                .map_err(invalid("eventTypes"))?,
            stores: named.transpose().map_err(invalid("storeIds"))?,
            minimum_severity: match self.minimum_severity {
                SeverityWord::Info => Severity::Info,
                SeverityWord::Warning => Severity::Warning,
                SeverityWord::Critical => Severity::Critical,
            },
            time_zone: TimeZone::new(&self.time_zone).map_err(invalid("timeZone"))?,
            quiet_hours: self.quiet_hours.map(QuietHoursBody::parse).transpose()?,
            grouping: grouping(self.grouping_seconds).map_err(invalid("groupingSeconds"))?,
        })
    }

    fn of(settings: &SubscriptionSettings) -> Self {
        let quiet = |hours: QuietHours| QuietHoursBody {
            from: hours.from().to_string(),
            until: hours.until().to_string(),
        };
        let ids = |stores: &std::collections::BTreeSet<StoreId>| {
            stores.iter().map(StoreId::as_uuid).collect()
        };
        Self {
            channel: ChannelWord::of(settings.recipient.channel()),
            address: settings.recipient.reveal().to_owned(),
            language: match settings.language {
                Language::Portuguese => LanguageWord::Pt,
                Language::English => LanguageWord::En,
                Language::Spanish => LanguageWord::Es,
            },
            event_types: settings
                .event_types
                .iter()
                .map(EventType::as_str)
                .map(str::to_owned)
                .collect(),
            store_ids: settings.stores.as_ref().map(ids),
            minimum_severity: SeverityWord::of(settings.minimum_severity),
            time_zone: settings.time_zone.to_string(),
            quiet_hours: settings.quiet_hours.map(quiet),
            grouping_seconds: settings.grouping.as_secs(),
        }
    }
}

impl QuietHoursBody {
    fn parse(self) -> Result<QuietHours, Problem> {
        let time = |text: &str, field| text.parse::<LocalTime>().map_err(invalid(field));
        let (from, until) =
            (time(&self.from, "quietHours.from")?, time(&self.until, "quietHours.until")?);
        QuietHours::new(from, until).map_err(invalid("quietHours"))
    }
}

/// A subscription.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SubscriptionEntryBody {
    /// Which.
    subscription_id: Uuid,
    /// Who is told of what, how and when.
    #[serde(flatten)]
    settings: SubscriptionBody,
    /// How often it was written; also its `ETag`.
    version: u64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// By whom.
    updated_by: String,
}

impl From<&SubscriptionEntry> for SubscriptionEntryBody {
    fn from(entry: &SubscriptionEntry) -> Self {
        Self {
            subscription_id: entry.subscription.id.as_uuid(),
            settings: SubscriptionBody::of(&entry.subscription.settings),
            version: entry.version.get(),
            created_at: entry.created_at,
            updated_at: entry.updated_at,
            updated_by: entry.updated_by.clone(),
        }
    }
}
