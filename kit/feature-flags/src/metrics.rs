//! What is counted of feature flags.

use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};

const PERCENT: &str = "feature_flag_percent";
const ERRORS: &str = "feature_flags_file_errors_total";

/// Readings of the file that failed.
pub(crate) fn file_errors() -> Counter {
    let what = "Readings of the file of feature flags that failed; what it said before holds";
    describe_counter!(ERRORS, what);
    counter!(ERRORS)
}

/// What a flag is on for.
pub(crate) fn percent(flag: &'static str) -> Gauge {
    describe_gauge!(PERCENT, "Percentage that a feature flag is on for, by flag");
    gauge!(PERCENT, "flag" => flag)
}
