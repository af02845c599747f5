//! What is counted of keys and issuers.

use metrics::{Counter, counter, describe_counter};

const FETCHES: &str = "auth_issuer_key_fetches_total";
const FILE_ERRORS: &str = "auth_api_keys_file_errors_total";

/// Fetches of an issuer's keys that brought some, and those that failed.
pub(crate) fn fetches() -> [Counter; 2] {
    describe_counter!(FETCHES, "Fetches of the keys of the issuer of tokens, by outcome");
    ["done", "failed"].map(|outcome| counter!(FETCHES, "outcome" => outcome))
}

/// Readings of the file of keys that failed.
pub(crate) fn file_errors() -> Counter {
    describe_counter!(
        FILE_ERRORS,
        "Readings of the file of API keys that failed; what it said before holds"
    );
    counter!(FILE_ERRORS)
}
