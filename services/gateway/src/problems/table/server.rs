//! Codes of what is wrong on this side.

use crate::problems::ProblemCode;

pub(super) const CODES: &[ProblemCode] = &[
    ProblemCode {
        code: "unavailable",
        status: Some(503),
        title: "Temporarily unavailable",
        topic: "Server",
        cause: "The server is overloaded, starting, or shutting down, all places for connections, \
            batches or readers of the feed are taken, or what it needs does not answer now.",
        remedy: "Send the same request again after `Retry-After` seconds, with the same \
            `Idempotency-Key` where it writes.",
    },
    ProblemCode {
        code: "deadline-exceeded",
        status: Some(503),
        title: "No answer in time",
        topic: "Server",
        cause: "The operation took longer than a request may. A change may still take effect.",
        remedy: "Send the same request with the same `Idempotency-Key` or `reservationId` again. \
            Without either, read the present state first.",
    },
    ProblemCode {
        code: "rebuild-running",
        status: Some(409),
        title: "Rebuild running",
        topic: "Server",
        cause: "A rebuild of the views is running already; there is one at a time.",
        remedy: "Wait for it to end. The views serve meanwhile.",
    },
    ProblemCode {
        code: "internal",
        status: Some(500),
        title: "Internal error",
        topic: "Server",
        cause: "Something failed on the server's side. Its log has the cause under the answer's \
            `x-request-id`.",
        remedy: "Report the `x-request-id`. A write may have happened: repeat it with the same \
            `Idempotency-Key` only.",
    },
];
