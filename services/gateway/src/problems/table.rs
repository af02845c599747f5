//! All error codes, by topic.

use super::ProblemCode;

/// Every code that a problem of this API can have, those of one topic side by side.
pub const PROBLEM_CODES: &[ProblemCode] = &[
    ProblemCode {
        code: "bad-request",
        status: Some(400),
        title: "Malformed request",
        topic: "Requests",
        cause: "The request cannot be understood: broken JSON, a field of the wrong kind, an \
            unknown field, an unreadable header or path.",
        remedy: "Read `detail`, which names the place, correct the request, and send it again. The \
            same request will fail again.",
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
        cause: "The request is well-formed, but a value in it is not acceptable. `field` names it.",
        remedy: "Correct the field as `detail` says. The same request will fail again.",
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
        cause: "This `Idempotency-Key`, or this `reservationId`, was sent before with another body. \
            Nothing was done.",
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
    ProblemCode {
        code: "insufficient-stock",
        status: Some(409),
        title: "Insufficient stock",
        topic: "Stock",
        cause: "More units are wanted than can be promised: available units less the safety stock, \
            which `offered` tells. Nothing was done, to no line of a basket either.",
        remedy: "Ask for at most `offered`, wait until reservations end, or ask `GET \
            /api/v1/inventory/availability` which stores can promise it.",
    },
    ProblemCode {
        code: "store-closed",
        status: Some(409),
        title: "Store closed",
        topic: "Stock",
        cause: "The catalogue says that the store is closed, so nothing new is promised from it. \
            Receipts, counts and the reservations that it has go on. Nothing was done.",
        remedy: "Ask `GET /api/v1/inventory/availability` for another store, or make the store \
            active with `PATCH /api/v1/stores/{store}`.",
    },
    ProblemCode {
        code: "product-discontinued",
        status: Some(409),
        title: "Product discontinued",
        topic: "Stock",
        cause: "The catalogue says that the product is discontinued, so nothing new of it is \
            promised. Receipts, counts and its reservations go on. Nothing was done.",
        remedy: "Offer another product, or make it active with `PATCH /api/v1/products/{product}`.",
    },
    ProblemCode {
        code: "below-reserved",
        status: Some(409),
        title: "Reserved units missing",
        topic: "Stock",
        cause: "The correction would leave fewer units than are promised to customers; `shortage` \
            says how many. Nothing was done.",
        remedy: "Check the count. If it is right, release reservations first, or send it again with \
            `onShortage` set to `revoke`: then the newest promises are revoked.",
    },
    ProblemCode {
        code: "quantity-out-of-range",
        status: Some(422),
        title: "Stock out of range",
        topic: "Stock",
        cause: "The change leads below zero or above the most units that a stock level can hold. \
            Nothing was done.",
        remedy: "Check the quantity. If the books are wrong, count the shelf and report the count.",
    },
    ProblemCode {
        code: "not-on-hand-then",
        status: Some(422),
        title: "Not on hand then",
        topic: "Stock",
        cause: "The fact happened earlier than it is told, and at that time, or after what was taken since, there were \
            not enough units. Nothing was done.",
        remedy: "Check the time and the quantity, and tell first what arrived before. If the goods have left all the \
            same, adjust with alreadyLeft.",
    },
    ProblemCode {
        code: "nothing-to-adjust",
        status: Some(422),
        title: "Nothing to adjust",
        topic: "Stock",
        cause: "An adjustment of zero changes nothing.",
        remedy: "Give the difference, or report a count to confirm the stock.",
    },
    ProblemCode {
        code: "occurred-in-future",
        status: Some(422),
        title: "Time in the future",
        topic: "Stock",
        cause: "`occurredAt` lies after the server's present time. Nothing was done.",
        remedy: "Check the sender's clock, or leave the time out: then it is now.",
    },
    ProblemCode {
        code: "reservation-exists",
        status: Some(409),
        title: "Reservation already active",
        topic: "Reservations",
        cause: "A reservation with this id is active for this product and store already.",
        remedy: "Commit, extend or release that one, or choose a new id.",
    },
    ProblemCode {
        code: "reservation-id-taken",
        status: Some(409),
        title: "Reservation id taken",
        topic: "Reservations",
        cause: "The reservation id belongs to another reservation, active or ended. An id stays \
            taken until 30 days after the deadline of its reservation.",
        remedy: "Choose a new id, best a random UUID: then none is ever used twice.",
    },
    ProblemCode {
        code: "reservation-not-active",
        status: Some(409),
        title: "Reservation not active",
        topic: "Reservations",
        cause: "No active reservation of this id exists here: it was never made, or it has ended.",
        remedy: "Read `GET /api/v1/inventory/reservations/{id}`; reserve again with a new id if the \
            units are still wanted.",
    },
    ProblemCode {
        code: "reservation-expired",
        status: Some(410),
        title: "Reservation expired",
        topic: "Reservations",
        cause: "The reservation's deadline has passed and its units are free again. It cannot be \
            committed any more.",
        remedy: "Reserve again with a new id; the units may be gone. Next time extend it before its \
            deadline, or ask for a longer `ttlSeconds`.",
    },
    ProblemCode {
        code: "reservation-revoked",
        status: Some(409),
        title: "Reservation revoked",
        topic: "Reservations",
        cause: "Promised units were found missing, in a count or otherwise, and this reservation \
            was one of those that had to give way.",
        remedy: "Commit the lines that remain active, or reserve again, here or in another store.",
    },
    ProblemCode {
        code: "already-committed",
        status: Some(409),
        title: "Reservation already committed",
        topic: "Reservations",
        cause: "The reservation was sold, or lines of it were, by another sale than this one; `transactionId` names it.",
        remedy: "If that is your sale, all is done. Lines that are still held are committed by naming them in `lines`. \
            Otherwise reserve again with a new id.",
    },
    ProblemCode {
        code: "already-released",
        status: Some(409),
        title: "Reservation already released",
        topic: "Reservations",
        cause: "The reservation was given up and its units are free again.",
        remedy: "Reserve again with a new id.",
    },
    ProblemCode {
        code: "already-transferred",
        status: Some(409),
        title: "Units transferred",
        topic: "Reservations",
        cause: "The reservation held units for a transfer, and they left for another store.",
        remedy: "Act on the transfer instead.",
    },
    ProblemCode {
        code: "commit-exceeds-hold",
        status: Some(422),
        title: "More than reserved",
        topic: "Reservations",
        cause: "More units are to be sold than the reservation holds. Nothing was done.",
        remedy: "Commit at most what it holds and reserve the rest.",
    },
    ProblemCode {
        code: "release-exceeds-hold",
        status: Some(422),
        title: "More than reserved",
        topic: "Reservations",
        cause: "More units are to be given back than the reservation holds. Nothing was done.",
        remedy: "Release at most what it holds, or name no quantity to release all of it. `GET \
            /api/v1/inventory/reservations/{id}` tells what is still `held`.",
    },
    ProblemCode {
        code: "transaction-reused",
        status: Some(422),
        title: "Transaction used for another sale",
        topic: "Reservations",
        cause: "A sale of a part of this reservation, with `keepRemainder`, had this `transactionId` and sold other \
            units. Nothing was done.",
        remedy: "Give each sale a transaction id of its own. To repeat the earlier one, send exactly the same.",
    },
    ProblemCode {
        code: "too-many-holds",
        status: Some(503),
        title: "Temporarily unavailable",
        topic: "Reservations",
        cause: "The product has as many active reservations in this store as one stock level can \
            keep. Nothing was done.",
        remedy: "Try again when some of them have ended; `Retry-After` says when. Reserve several \
            units in one reservation, not in many.",
    },
    ProblemCode {
        code: "store-already-registered",
        status: Some(409),
        title: "Store already registered",
        topic: "Catalogue",
        cause: "The store's id or code is in the catalogue already, perhaps in another case; `storeId` and `storeCode` name \
            that store.",
        remedy: "Change it with `PATCH /api/v1/stores/{store}`, or take another code.",
    },
    ProblemCode {
        code: "store-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Catalogue",
        cause: "No store of this id or code is in the catalogue.",
        remedy: "Register it first with `POST /api/v1/stores`.",
    },
    ProblemCode {
        code: "product-already-registered",
        status: Some(409),
        title: "Product already registered",
        topic: "Catalogue",
        cause: "The product's id or SKU is in the catalogue already, perhaps in another case; `productId` and `productSku` \
            name that product.",
        remedy: "Change it with `PATCH /api/v1/products/{product}`, or take another SKU.",
    },
    ProblemCode {
        code: "gtin-taken",
        status: Some(409),
        title: "Barcode taken",
        topic: "Catalogue",
        cause: "Another product, which `productId` names, has this barcode; leading zeros make no difference. Nothing was \
            done.",
        remedy: "Check the barcode. If it belongs here, take it from the other product first: `PATCH` it with `gtin` null.",
    },
    ProblemCode {
        code: "category-already-registered",
        status: Some(409),
        title: "Category already registered",
        topic: "Catalogue",
        cause: "The category's code is in the catalogue already, perhaps in another case or as one that was removed; \
            `categoryCode` has it as it is written there.",
        remedy: "Change it with `PATCH /api/v1/categories/{category}`, which also brings it back, or take another code.",
    },
    ProblemCode {
        code: "category-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Catalogue",
        cause: "No category of this id or code is in the catalogue.",
        remedy: "Register it first with `POST /api/v1/categories`.",
    },
    ProblemCode {
        code: "parent-not-found",
        status: Some(409),
        title: "Parent not found",
        topic: "Catalogue",
        cause: "The category is to stand below `parent`, which is not registered or was removed. Nothing was done.",
        remedy: "Register the parent first, or bring it back: `PATCH` it with `status` active.",
    },
    ProblemCode {
        code: "parent-circle",
        status: Some(409),
        title: "Below itself",
        topic: "Catalogue",
        cause: "The category is to stand below itself, or below one that stands below it. Nothing was done.",
        remedy: "Choose another parent, or move the one below first.",
    },
    ProblemCode {
        code: "parent-too-deep",
        status: Some(409),
        title: "Too far down",
        topic: "Catalogue",
        cause: "A tree of categories has at most 16 levels. Nothing was done.",
        remedy: "Choose a parent that is nearer to the top.",
    },
    ProblemCode {
        code: "in-use",
        status: Some(409),
        title: "Still in use",
        topic: "Catalogue",
        cause: "The category cannot be removed: `children` categories stand directly below it, and `products` products \
            name it. Nothing was done.",
        remedy: "Move them to another category first.",
    },
    ProblemCode {
        code: "product-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Catalogue",
        cause: "No product of this id or SKU is in the catalogue.",
        remedy: "Register it first with `POST /api/v1/products`.",
    },
    ProblemCode {
        code: "transfer-state",
        status: Some(409),
        title: "Not what the transfer is at",
        topic: "Transfers",
        cause: "What is wanted does not follow on how the transfer stands, which `status` tells: goods \
            that left cannot be cancelled, and what has not left cannot be received.",
        remedy: "Read the transfer. Before a dispatch it can be cancelled, after it received or \
            returned.",
    },
    ProblemCode {
        code: "transfer-busy",
        status: Some(409),
        title: "Transfer busy",
        topic: "Transfers",
        cause: "A step of the transfer is under way in one of its stores and has no outcome yet.",
        remedy: "Try again in a moment. Where `delayedBy` of the transfer says what the step fails \
            of, help there: it goes on being tried.",
    },
    ProblemCode {
        code: "invalid-transfer",
        status: Some(422),
        title: "Not a valid transfer",
        topic: "Transfers",
        cause: "Source and destination are one store, or a receipt names what was not sent, or \
            accounts for more than is in transit.",
        remedy: "Read `detail`. Units that arrived beyond those that were sent are `over`.",
    },
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
