//! All error codes, by topic.

mod alerts;
mod catalogue;
mod requests;
mod server;
mod stock;
mod subscriptions;
mod webhooks;

use std::sync::LazyLock;

use super::ProblemCode;

/// Every code that a problem of this API can have, those of one topic side by side.
pub static PROBLEM_CODES: LazyLock<Vec<ProblemCode>> = LazyLock::new(|| {
    let topics = [
        requests::CODES,
        stock::CODES,
        catalogue::CODES,
        alerts::CODES,
        webhooks::CODES,
        subscriptions::CODES,
        server::CODES,
    ];
    topics.concat()
});
