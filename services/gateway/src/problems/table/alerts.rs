//! Codes of alerts and their rules.

use crate::problems::ProblemCode;

pub(super) const CODES: &[ProblemCode] = &[
    ProblemCode {
        code: "alert-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Alerts",
        cause: "There is no alert of this id, or it is of a store that is none of yours. One that is resolved is forgotten after 90 days.",
        remedy: "`GET /api/v1/alerts` lists those there are.",
    },
    ProblemCode {
        code: "alert-resolved",
        status: Some(409),
        title: "The alert is resolved",
        topic: "Alerts",
        cause: "What the alert told of is over, or somebody has resolved it: there is nothing to see to any more. Nothing was done.",
        remedy: "None is needed. The rule opens another alert when the level crosses again.",
    },
    ProblemCode {
        code: "alert-rule-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Alerts",
        cause: "There is no alert rule of this id; perhaps it was removed.",
        remedy: "`GET /api/v1/alert-rules` lists those there are.",
    },
    ProblemCode {
        code: "too-many-alert-rules",
        status: Some(409),
        title: "Too many alert rules",
        topic: "Alerts",
        cause: "There are as many alert rules as there may be. Nothing was done.",
        remedy: "Remove one that is not needed any more, or have one rule name several stores.",
    },
];
