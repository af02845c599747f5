//! Codes of subscriptions and their notifications.

use crate::problems::ProblemCode;

pub(super) const CODES: &[ProblemCode] = &[
    ProblemCode {
        code: "subscription-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Subscriptions",
        cause: "There is no subscription of this id; perhaps it was deleted.",
        remedy: "`GET /api/v1/subscriptions` lists those there are.",
    },
    ProblemCode {
        code: "notification-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Subscriptions",
        cause: "There is no notification of this id. One that has ended is forgotten after 30 days, and with its subscription.",
        remedy: "`GET /api/v1/notifications` lists those there are.",
    },
    ProblemCode {
        code: "too-many-subscriptions",
        status: Some(409),
        title: "Too many subscriptions",
        topic: "Subscriptions",
        cause: "There are as many subscriptions as there may be. Nothing was done.",
        remedy: "Delete one that is not needed any more, or let one address of a group pass messages on.",
    },
];
