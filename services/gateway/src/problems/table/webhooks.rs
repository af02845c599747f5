//! Codes of webhooks and their deliveries.

use crate::problems::ProblemCode;

pub(super) const CODES: &[ProblemCode] = &[
    ProblemCode {
        code: "webhook-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Webhooks",
        cause: "There is no webhook of this id; perhaps it was removed.",
        remedy: "`GET /api/v1/webhooks` lists those there are.",
    },
    ProblemCode {
        code: "webhook-delivery-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Webhooks",
        cause: "The webhook has no delivery of this id. One that has ended is forgotten after 30 days.",
        remedy: "`GET /api/v1/webhooks/{webhookId}/deliveries` lists those there are. What is older is in the event feed.",
    },
    ProblemCode {
        code: "too-many-webhooks",
        status: Some(409),
        title: "Too many webhooks",
        topic: "Webhooks",
        cause: "There are as many webhooks as there may be. Nothing was done.",
        remedy: "Remove one that is not needed any more, or have one receiver pass messages on.",
    },
];
