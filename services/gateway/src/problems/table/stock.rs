//! Codes of stock, reservations, split reservations, checkouts, tills and transfers.

use crate::problems::ProblemCode;

pub(super) const CODES: &[ProblemCode] = &[
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
        code: "hold-limit-reached",
        status: Some(409),
        title: "Too much is held",
        topic: "Stock",
        cause: "The customer of the request, or its caller, as `holder` says, would hold more at a time than one may. \
            `limited` says whether `limit`, `held` and `requested` are units or reservations; `held` has what is being \
            decided as well. Nothing was done.",
        remedy: "Commit or release what is held, or wait until it expires; then it may be held again at once. The \
            operator sets the limits: `--customer-held-units-max`, `--customer-reservations-max`, \
            `--caller-held-units-max` and `--caller-reservations-max`.",
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
        code: "several-reservations",
        status: Some(409),
        title: "Several reservations",
        topic: "Reservations",
        cause: "The order has more than one active reservation, and which of them is meant cannot be told. Nothing was done.",
        remedy: "Commit or release each by its id: `reservationIds` has them. A basket in several stores that is to be sold as \
            one is a split reservation.",
    },
    ProblemCode {
        code: "split-reservation-refused",
        status: Some(409),
        title: "Split reservation refused",
        topic: "Split reservations",
        cause: "A store refused its part, or the stores that may serve have not enough of the basket. Nothing is \
            held anywhere. `GET /api/v1/inventory/split-reservations/{id}` tells what was tried.",
        remedy: "Ask for less, let more stores serve, or name other stores, and reserve again.",
    },
    ProblemCode {
        code: "split-reservation-revoked",
        status: Some(409),
        title: "Split reservation revoked",
        topic: "Split reservations",
        cause: "A part had ended otherwise when all were to be sold: its units were found missing, or it was changed \
            by itself. What was sold of the others is undone, and nothing is held.",
        remedy: "Reserve again. Change parts only through their split reservation.",
    },
    ProblemCode {
        code: "split-reservation-state",
        status: Some(409),
        title: "Not what the split reservation is at",
        topic: "Split reservations",
        cause: "What is wanted does not follow on how the split reservation stands, which \
            `splitReservationStatus` tells: what was sold cannot be released, and what has ended cannot be sold.",
        remedy: "Read the split reservation. While it is active it can be committed or released.",
    },
    ProblemCode {
        code: "split-reservation-busy",
        status: Some(409),
        title: "Split reservation busy",
        topic: "Split reservations",
        cause: "Its parts are still being held.",
        remedy: "Try again when it is active. Where `delayedBy` says what a step fails of, help there: it goes on \
            being tried. It can be released at once.",
    },
    ProblemCode {
        code: "invalid-split-reservation",
        status: Some(422),
        title: "Not a valid split reservation",
        topic: "Split reservations",
        cause: "It has no part or more than 20, a store comes twice, or its deadline is more than a day away.",
        remedy: "Read `detail`, correct the request, and send it again.",
    },
    ProblemCode {
        code: "checkout-refused",
        status: Some(409),
        title: "Checkout refused",
        topic: "Checkouts",
        cause: "One who takes part refused it, whom `refusedBy` names: the store is closed or does not hold for so long, \
            its units are not to be had, or nobody is to be told of the order. Nothing is held, sold or confirmed.",
        remedy: "Read `detail`, which says what to do, and begin another checkout. \
            `GET /api/v1/checkouts/{checkoutId}` tells what happened.",
    },
    ProblemCode {
        code: "checkout-revoked",
        status: Some(409),
        title: "Checkout revoked",
        topic: "Checkouts",
        cause: "The units were not held any more when they were to be sold: they were found missing, or their reservation \
            was changed by itself. All is rolled back, and nothing is sold.",
        remedy: "Begin another checkout. Change the reservation of a checkout only through the checkout.",
    },
    ProblemCode {
        code: "checkout-state",
        status: Some(409),
        title: "Not what the checkout is at",
        topic: "Checkouts",
        cause: "What is wanted does not follow on how the checkout stands, which `checkoutStatus` tells: what is committed \
            cannot be cancelled, and what has ended cannot be committed.",
        remedy: "Read the checkout. While it is active it can be committed or cancelled.",
    },
    ProblemCode {
        code: "checkout-busy",
        status: Some(409),
        title: "Checkout busy",
        topic: "Checkouts",
        cause: "It is still being accepted by those who take part.",
        remedy: "Try again when it is active. Where `delayedBy` says what a step fails of, help there: it goes on being \
            tried. It can be cancelled at once.",
    },
    ProblemCode {
        code: "checkout-expired",
        status: Some(410),
        title: "Checkout expired",
        topic: "Checkouts",
        cause: "Its deadline has passed, and all of it is rolled back.",
        remedy: "Begin another checkout, with more `ttlSeconds` if customers need longer.",
    },
    ProblemCode {
        code: "confirmation-not-served",
        status: Some(409),
        title: "No notification service",
        topic: "Checkouts",
        cause: "The checkout requires that the notification service takes part, and this process knows none.",
        remedy: "Tell the inventory where it is (`--notification-url`), ask a process that has it, or check out with `confirmation` `ifServed` or `notWanted`.",
    },
    ProblemCode {
        code: "sequence-reused",
        status: Some(409),
        title: "Sequence used for another batch",
        topic: "Tills",
        cause: "The till has sent another batch under this number: `differences` tells where they differ. Nothing was \
            changed.",
        remedy: "Number each batch once. Send what was not in the first one under the next number; a batch that is sent \
            again must be the same to the letter.",
    },
    ProblemCode {
        code: "invalid-pos-batch",
        status: Some(422),
        title: "Not a valid batch",
        topic: "Tills",
        cause: "Something in the batch cannot be: `errors` has each fault with its JSON pointer. Nothing was received.",
        remedy: "Correct every fault and send the whole batch again under the same number. Where moments are at fault, \
            set the clock of the till.",
    },
    ProblemCode {
        code: "stocktake-state",
        status: Some(409),
        title: "Not what the stocktake is at",
        topic: "Stocktakes",
        cause: "What is wanted does not follow on how the stocktake or its line stands, which `stocktakeStatus` or \
            `lineStatus` tells: what is posted or rejected is decided, and what is not compared cannot be approved.",
        remedy: "Read the stocktake. Record counts, compare them, then approve or reject what is to be reviewed; open \
            another one for what is decided already.",
    },
    ProblemCode {
        code: "variance-changed",
        status: Some(409),
        title: "Variance changed",
        topic: "Stocktakes",
        cause: "Facts have come since the lines were compared, such as the sales of a till that was offline or another \
            count: what was to be approved is not what it would do. `productIds` tells which.",
        remedy: "Compare the stocktake again, look at what it proposes now, and approve that.",
    },
    ProblemCode {
        code: "stocktake-busy",
        status: Some(409),
        title: "Stocktake busy",
        topic: "Stocktakes",
        cause: "Approved lines are being posted, so that the stocktake cannot be cancelled.",
        remedy: "Try again in a moment. Where `delayedBy` of the stocktake says what posting fails of, see to that first.",
    },
    ProblemCode {
        code: "invalid-stocktake",
        status: Some(422),
        title: "Not a valid stocktake",
        topic: "Stocktakes",
        cause: "A product is on the count sheet twice or not in the stocktake, a moment lies in the future, or there are \
            more products, counts or units than a stocktake can have.",
        remedy: "Correct what the detail names, and send the whole request again.",
    },
    ProblemCode {
        code: "transfer-state",
        status: Some(409),
        title: "Not what the transfer is at",
        topic: "Transfers",
        cause: "What is wanted does not follow on how the transfer stands, which `transferStatus` tells: goods \
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
        code: "transfer-reference-taken",
        status: Some(409),
        title: "Reference taken",
        topic: "Transfers",
        cause: "Another transfer has the `reference` of the request; `transferId` names it. A transfer \
            keeps its reference for ever, unless its source refused it.",
        remedy: "If it is the same delivery, it has been asked for already: go on with that transfer. \
            Otherwise give a reference of its own.",
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
        code: "saga-state",
        status: Some(409),
        title: "Not what the saga is at",
        topic: "Sagas",
        cause: "The saga has ended, or has no step that could be tried, or cannot be cancelled while nobody knows whether \
            its step was done. Nothing was done.",
        remedy: "Read `detail`, and the saga with `GET /api/v1/sagas/{sagaId}`: `waitsFor` says what it waits for.",
    },
    ProblemCode {
        code: "saga-step-failed",
        status: Some(409),
        title: "Step failed again",
        topic: "Sagas",
        cause: "The step was tried at once and failed of what `lastError` says. Nothing is lost: it goes on being tried.",
        remedy: "Remove what it fails of, such as a database that does not answer, and retry the saga.",
    },
];
