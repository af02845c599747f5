//! The notification context: webhooks and subscriptions, the messages that wait for them, and what came of each.
//!
//! A follower of each log writes a delivery for every webhook that wants an event, in the transaction of its checkpoint. A
//! sender takes what is due, signs it, posts it and writes what came of it. [`module()`] is the one door: the composition
//! root gives it its dependencies and gets routes, tasks and health checks. Where several processes share the logs,
//! [`by_lease()`] has one of them run it.

mod adapters;
mod by_lease;
mod http;
mod module;
pub mod use_cases;

pub use adapters::{
    ChannelsConfig, ChannelsError, EmailConfig, InvalidMailbox, InvalidSmtpUrl, MailboxAddress,
    ProviderConfig, Secret, SmtpUrl,
};
pub use by_lease::{CurrentConfirmations, LeaseDeps, LeasedContext, MakeDeps, by_lease};
pub use kit_http_client::{AllowedPlace, AllowedPlaces};
pub use module::{Config, Deps, NotificationContext, StartError, module, openapi};
