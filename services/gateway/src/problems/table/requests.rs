//! Codes of requests that cannot be understood, admitted or performed as they are.

use crate::problems::ProblemCode;

pub(super) const CODES: &[ProblemCode] = &[
    ProblemCode {
        code: "bad-request",
        status: Some(400),
        title: "Malformed request",
        topic: "Requests",
        cause: "The request cannot be understood: its body is not JSON, its path or query is not text, \
            or a header is unreadable.",
        remedy: "Read `detail`, which names the place, correct the request, and send it again. The \
            same request will fail again. JSON that is read and has wrong values is `invalid`.",
    },
    ProblemCode {
        code: "authentication-required",
        status: Some(401),
        title: "Authentication required",
        topic: "Requests",
        cause: "The request has no credential, and what it asks for is not for everybody.",
        remedy: "Send an API key in `X-Api-Key`, or a token of the configured issuer in `Authorization: \
            Bearer`. `gondola keys create` makes a key.",
    },
    ProblemCode {
        code: "invalid-credential",
        status: Some(401),
        title: "Invalid credential",
        topic: "Requests",
        cause: "The API key or token does not hold: `detail` says why. It may have expired, have been \
            revoked, or be meant for another service.",
        remedy: "Get a new token from the issuer, or another key from those who run Gondola. The same \
            credential will fail again.",
    },
    ProblemCode {
        code: "forbidden",
        status: Some(403),
        title: "Not allowed",
        topic: "Requests",
        cause: "The caller is known, and none of its roles may do this.",
        remedy: "Ask those who run Gondola for one of the roles in `roles`. What belongs to a store that \
            the caller may not see is answered with 404 instead.",
    },
    ProblemCode {
        code: "not-found",
        status: Some(404),
        title: "Not found",
        topic: "Requests",
        cause: "The path leads nowhere, the reservation that the request names is not known, or \
            nothing was ever recorded for the stock level.",
        remedy: "Check the path and the ids in it. A reservation is shown as long as the log is \
            kept, and can be acted on until 30 days after its deadline.",
    },
    ProblemCode {
        code: "method-not-allowed",
        status: Some(405),
        title: "Method not allowed",
        topic: "Requests",
        cause: "The path exists, but not with this method.",
        remedy: "Use a method that the answer's `Allow` header names.",
    },
    ProblemCode {
        code: "body-timeout",
        status: Some(408),
        title: "Request body too slow",
        topic: "Requests",
        cause: "The body of the request did not arrive in time: nothing of it came for 20 seconds, no \
            whole line of a batch did, or it took too long as a whole. Nothing was done, but for \
            the lines of a batch that were answered.",
        remedy: "Send the request again; where the line is slow, in smaller parts. Send a batch again \
            as a whole under the same `Idempotency-Key`.",
    },
    ProblemCode {
        code: "precondition-failed",
        status: Some(412),
        title: "Changed meanwhile",
        topic: "Requests",
        cause: "The `If-Match` header, or `expectedVersion`, names a version that is not the present \
            one, which `version` tells. Nothing was done.",
        remedy: "Read it again, decide anew, and send the change with the `ETag` of what was read.",
    },
    ProblemCode {
        code: "payload-too-large",
        status: Some(413),
        title: "Request body too large",
        topic: "Requests",
        cause: "The body is over the limit of this operation. Nothing was done.",
        remedy: "Send it in parts; for many commands use `POST /api/v1/inventory/batch`.",
    },
    ProblemCode {
        code: "unsupported-media-type",
        status: Some(415),
        title: "Unsupported media type",
        topic: "Requests",
        cause: "The body is not of a kind that this operation reads.",
        remedy: "Send JSON with `Content-Type: application/json`, or the kind that the operation's \
            documentation names.",
    },
    ProblemCode {
        code: "misdirected-request",
        status: Some(421),
        title: "Not a name of this server",
        topic: "Requests",
        cause: "The request was sent to a name that is not one of this server's. It answers to \
            localhost and loopback addresses, so that no web page can reach it under a name of \
            its own. Nothing was done.",
        remedy: "Use `localhost`. Where a proxy before the server keeps the caller's `Host`, start \
            the server with `--allow-host` and that name.",
    },
    ProblemCode {
        code: "invalid",
        status: Some(422),
        title: "Invalid value",
        topic: "Requests",
        cause: "The request is well-formed, but values in it are not acceptable: of the wrong kind, out of bounds, \
            missing or unknown. `errors` has each with its `pointer` into the body, or the `parameter` that it is; \
            `field` and `detail` are those of the first.",
        remedy: "Correct all that `errors` lists. The same request will fail again.",
    },
    ProblemCode {
        code: "rate-limited",
        status: Some(429),
        title: "Too many requests",
        topic: "Requests",
        cause: "The caller asks more often than `limit` allows, or was refused too often for who it is. Nothing was \
            done. A caller is who its credential says, else the address that it comes from.",
        remedy: "Wait `Retry-After` seconds, then send the request again. `RateLimit` of every answer says what is \
            left; many changes in one `POST /api/v1/inventory/batch` cost less than as many requests.",
    },
    ProblemCode {
        code: "error",
        status: None,
        title: "Error",
        topic: "Requests",
        cause: "The request was refused before it reached any operation; the HTTP status says why.",
        remedy: "Go by the HTTP status.",
    },
    ProblemCode {
        code: "not-acceptable",
        status: Some(406),
        title: "Not acceptable",
        topic: "Requests",
        cause: "The live feed was asked for as something that it is not.",
        remedy: "Send `Accept: text/event-stream`, or open a WebSocket. Pages of events are at \
            `/api/v1/inventory/events`.",
    },
    ProblemCode {
        code: "origin-not-allowed",
        status: Some(403),
        title: "A page of another origin",
        topic: "Requests",
        cause: "A page of another web origin tried to change something, or to open a WebSocket. Browsers let every page try, so the \
            server decides.",
        remedy: "Do it from a page of this server. If the other page is yours, have the server started with \
            `--cors-origin` and its origin.",
    },
    ProblemCode {
        code: "too-many-streams",
        status: Some(429),
        title: "Too many live streams",
        topic: "Requests",
        cause: "This caller has as many live streams open as one caller may, as `limit` says.",
        remedy: "Follow several stores, products and types with one stream, and close those that nobody reads.",
    },
    ProblemCode {
        code: "authentication-unavailable",
        status: Some(503),
        title: "Tokens cannot be verified",
        topic: "Requests",
        cause: "The keys of the issuer of tokens could not be fetched so far, or not for twelve hours, so \
            nothing can be said about a token. API keys go on.",
        remedy: "Repeat the request after `Retry-After` seconds. Those who run Gondola find the reason in \
            its log.",
    },
    ProblemCode {
        code: "service-unavailable",
        status: Some(503),
        title: "A service is away",
        topic: "Requests",
        cause: "The gateway reaches no process of the service that `service` names. Nothing was done; other \
            services answer as ever.",
        remedy: "Send the request again after `Retry-After` seconds. `/health` of the gateway says what is \
            wrong with each process.",
    },
    ProblemCode {
        code: "idempotency-key-reused",
        status: Some(422),
        title: "Idempotency key used for another request",
        topic: "Writing",
        cause: "This `Idempotency-Key`, or this `reservationId`, was sent before with another body, or the \
            webhook that it has made was removed. Nothing was done.",
        remedy: "Take a new key for a new request. To repeat the earlier one, send exactly the same \
            body.",
    },
    ProblemCode {
        code: "concurrency-conflict",
        status: Some(409),
        title: "Concurrent change",
        topic: "Writing",
        cause: "Others kept changing the same thing at the same moment, and several tries did not \
            get through. Nothing was done.",
        remedy: "Send the same request again after a short, random pause.",
    },
    ProblemCode {
        code: "outcome-unknown",
        status: Some(503),
        title: "Outcome unknown",
        topic: "Writing",
        cause: "The event store failed while it wrote, or the process went away before it answered the gateway: the \
            change may or may not have happened.",
        remedy: "Send the same request with the same `Idempotency-Key` or `reservationId` again: \
            what was done is answered, what was not is done now. Without either, read the \
            present state first.",
    },
];
