//! What is counted of alerts.

use gondola_notification_domain::alerts::{RuleKind, Severity};
use metrics::{Gauge, describe_gauge, gauge};

use super::AlertTally;

const UNRESOLVED: &str = "alerts_unresolved";

/// Figures of alerts.
pub struct AlertMetrics(Vec<(RuleKind, Severity, Gauge)>);

impl Default for AlertMetrics {
    fn default() -> Self {
        describe_gauge!(
            UNRESOLVED,
            "Alerts that are open or acknowledged, by the kind of their rule and their severity"
        );
        let all = RuleKind::ALL.into_iter().flat_map(|kind| {
            Severity::ALL.map(|severity| {
                let labels = [("rule", kind.as_str()), ("severity", severity.as_str())];
                (kind, severity, gauge!(UNRESOLVED, &labels))
            })
        });
        Self(all.collect())
    }
}

impl AlertMetrics {
    /// How many there are at a moment; none of what is not told.
    pub fn tallied(&self, tallies: &[AlertTally]) {
        for (kind, severity, gauge) in &self.0 {
            let of_both = |tally: &&AlertTally| (tally.kind, tally.severity) == (*kind, *severity);
            let count = tallies.iter().find(of_both).map_or(0, |tally| tally.count);
            gauge.set(u32::try_from(count).unwrap_or(u32::MAX));
        }
    }
}
