//! The words of alerts on the wire.

use gondola_notification_domain::alerts::{AlertState, RuleKind, Severity};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a rule watches, and in which unit its threshold is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum AlertRuleKind {
    /// Units available, at the threshold or below; without one, at the reorder point of each stock level.
    LowStock,
    /// Units available, at the threshold or below; 0 unless said.
    OutOfStock,
    /// Units available above the threshold again, after they were not; 0 unless said.
    BackInStock,
    /// Units that one correction added or took away, 100 or more unless said.
    LargeAdjustment,
    /// Refused holds of a store in percent of those that it was asked for within 5 minutes, 20 or more unless said; fewer
    /// than 20 holds count as none refused.
    RefusalRate,
    /// Units sold or moved though they were not there, 1 or more unless said.
    Shortfall,
    /// Hours that a transfer is in transit, 72 or more unless said.
    TransferOverdue,
    /// How often a step of a saga has failed, once or more unless said.
    SagaDelayed,
    /// Rows of a view that differ from the log, 1 or more unless said, as the reconciler tells it.
    ViewDrift,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum AlertSeverity {
    /// Good to know.
    Info,
    /// To be looked at today.
    Warning,
    /// To be looked at now.
    Critical,
}

/// How an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum AlertStateWord {
    /// Nobody has seen to it.
    Open,
    /// Somebody sees to it.
    Acknowledged,
    /// It is over.
    Resolved,
}

/// Ties a word on the wire to the domain's, both ways.
macro_rules! words {
    ($wire:ident = $domain:ident { $($word:ident),+ }) => {
        impl From<$wire> for $domain {
            fn from(word: $wire) -> Self {
                match word { $($wire::$word => Self::$word),+ }
            }
        }

        impl From<$domain> for $wire {
            fn from(word: $domain) -> Self {
                match word { $($domain::$word => Self::$word),+ }
            }
        }
    };
}

words!(
    AlertRuleKind = RuleKind {
        LowStock,
        OutOfStock,
        BackInStock,
        LargeAdjustment,
        RefusalRate,
        Shortfall,
        TransferOverdue,
        SagaDelayed,
        ViewDrift
    }
);
words!(AlertSeverity = Severity { Info, Warning, Critical });
words!(AlertStateWord = AlertState { Open, Acknowledged, Resolved });
