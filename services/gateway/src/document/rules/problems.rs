//! Problems: their codes as a schema of their own, and every member that one of them can have.

use yaml_serde::Value;

use super::tree::{child, components, object, reference};
use crate::problems::PROBLEM_CODES;

/// The schema of error codes.
const CODES: &str = "ErrorCode";

/// What a member is: its name, its type, with the format after a blank, and what it tells.
type Member = (&'static str, &'static str, &'static str);

/// Members that depend on the code, by topic.
const MEMBERS: &[Member] = &[
    (
        "field",
        "string",
        "The field, parameter or header that is not acceptable, such as `lines[2].quantity`.",
    ),
    (
        "errors",
        "array ProblemFault",
        "All faults of the request, 100 at most: of its parameters, then of its body.",
    ),
    ("lines", "array ProblemLine", "The lines that cannot be done; nothing was, of no line."),
    ("requested", "integer int64", "Units that were asked for."),
    ("available", "integer int64", "Units that are not reserved."),
    (
        "offered",
        "integer int64",
        "Units that may be promised: available units less the safety stock.",
    ),
    ("onHandAfter", "integer int64", "Units that the change would leave."),
    ("reserved", "integer int64", "Units that are promised to customers."),
    ("shortage", "integer int64", "Promised units that would be missing."),
    (
        "firstRecordedAt",
        "string date-time",
        "When the first event of the stock level was recorded, where `asOf` lies before it.",
    ),
    ("version", "integer int64", "The present version of what has changed meanwhile."),
    ("storeId", "string uuid", "The store."),
    ("storeCode", "string", "Its code."),
    ("productId", "string uuid", "The product."),
    ("productSku", "string", "Its SKU."),
    ("gtin", "string", "The barcode that another product has."),
    ("supplierId", "string uuid", "The supplier."),
    ("supplierCode", "string", "Its code."),
    ("supplierOfferId", "string uuid", "The supplier's offer."),
    ("supplierOffer", "string", "It, as its product and its supplier."),
    ("categoryId", "string uuid", "The category."),
    ("categoryCode", "string", "Its code."),
    ("parent", "string", "The category above."),
    ("children", "integer int64", "Categories that are below it still."),
    ("products", "integer int64", "Products that are in it still."),
    ("offers", "integer int64", "Offers that stand still."),
    ("reservationId", "string uuid", "The reservation."),
    ("reservationIds", "array", "The reservations that may be meant."),
    ("transactionId", "string", "The sale that ended it."),
    ("splitReservationId", "string uuid", "The split reservation."),
    ("splitReservationStatus", "string", "How it stands."),
    ("checkoutId", "string uuid", "The checkout."),
    ("checkoutStatus", "string", "How it stands."),
    ("refusedBy", "string", "The service that refused it."),
    ("transferStatus", "string", "How the transfer stands."),
    ("stocktakeStatus", "string", "How the stocktake stands."),
    ("lineStatus", "string", "How its line of the product stands."),
    ("productIds", "array", "The first 20 of the products whose books have changed."),
    ("step", "integer int32", "The step of the saga."),
    ("lastError", "string", "What its last attempt failed with."),
    (
        "differences",
        "array PosBatchDifference",
        "Where the batch differs from the one that was sent before.",
    ),
    ("limit", "any", "The name of the quota, or how many there may be at once."),
    ("holder", "string", "Whose limit it is: `customer` or `caller`."),
    ("limited", "string", "What is limited: `units` or `reservations`."),
    ("held", "integer int64", "How much of it is held already."),
    ("transferId", "string uuid", "The transfer that has the reference."),
    ("perSecond", "integer int64", "What the quota gives back in a second."),
    ("burst", "integer int64", "What the quota has when it is whole."),
    ("roles", "array", "The roles of which one is needed."),
    ("service", "string", "The service that did not answer."),
];

/// What members consist of that are lists of objects.
const PARTS: &[(&str, &str, &[Member])] = &[
    (
        "ProblemFault",
        "A fault of the request.",
        &[
            (
                "pointer",
                "string",
                "Where it is in the body (RFC 6901), such as `/lines/2/quantity`.",
            ),
            ("parameter", "string", "The parameter of the path or the query, where it is one."),
            ("code", "string", "Stable name of the fault, such as `missing` or `out-of-range`."),
            ("detail", "string", "What is wrong, in people's words."),
        ],
    ),
    (
        "ProblemLine",
        "A line of a basket that cannot be done.",
        &[
            (
                "line",
                "integer int32",
                "Number of the line, from 0, after lines of one product are added up.",
            ),
            (
                "pointer",
                "string",
                "The first line of it in the body (RFC 6901), such as `/lines/2`.",
            ),
            ("productId", "string uuid", "The product."),
            ("productSku", "string", "Its SKU, if the catalogue has it."),
            ("code", "string", "Stable name of why, as that of a problem."),
            ("detail", "string", "Why, in people's words."),
            ("requested", "integer int64", "Units that were asked for."),
            ("available", "integer int64", "Units that are not reserved."),
            ("offered", "integer int64", "Units that may be promised."),
            ("version", "integer int64", "Version of the stock level."),
        ],
    ),
    (
        "PosBatchDifference",
        "Where a till's batch differs from the one that it sent before.",
        &[
            ("pointer", "string", "Where (RFC 6901)."),
            ("received", "any", "What came first, and holds."),
            ("sent", "any", "What was sent now."),
        ],
    ),
];

pub(super) fn apply(document: &mut Value) {
    let schemas = components(document, "schemas");
    schemas.insert(CODES.into(), codes());
    for (name, description, members) in PARTS {
        let properties: yaml_serde::Mapping = members.iter().map(member).collect();
        let schema = object([
            ("type", "object".into()),
            ("description", (*description).into()),
            ("properties", properties.into()),
        ]);
        schemas.insert((*name).into(), schema);
    }
    let problem = child(schemas, "Problem");
    // more may come with a later release, which no client is to stumble over
    problem.insert("additionalProperties".into(), true.into());
    let properties = child(problem, "properties");
    let code = "Stable name for programs, such as `insufficient-stock`.";
    let code = object([("$ref", reference_to(CODES)), ("description", code.into())]);
    properties.insert("code".into(), code);
    properties.extend(MEMBERS.iter().map(member));
}

fn member((name, kind, description): &Member) -> (Value, Value) {
    let (kind, detail) = kind.split_once(' ').unwrap_or((kind, ""));
    let mut schema = match (kind, detail) {
        ("any", _) => object([]),
        ("array", "") => {
            object([("type", "array".into()), ("items", object([("type", "string".into())]))])
        }
        ("array", item) => {
            object([("type", "array".into()), ("items", reference("schemas", item))])
        }
        (kind, "") => object([("type", kind.into())]),
        (kind, format) => object([("type", kind.into()), ("format", format.into())]),
    };
    if let Value::Mapping(schema) = &mut schema {
        schema.insert("description".into(), (*description).into());
    }
    ((*name).into(), schema)
}

/// Every code of this release. It is no closed list: a client must live with one that it does not know.
fn codes() -> Value {
    let names: Vec<Value> = PROBLEM_CODES.iter().map(|known| known.code.into()).collect();
    let told = PROBLEM_CODES.iter().map(|known| (known.code.into(), known.title.into()));
    object([
        ("type", "string".into()),
        (
            "description",
            "Stable name of an error, for programs. `x-extensible-enum` has those of this release, and each has a page at \
             `/problems/{code}`; a later release may have more."
                .into(),
        ),
        ("example", "insufficient-stock".into()),
        ("x-extensible-enum", names.into()),
        ("x-titles", told.collect::<yaml_serde::Mapping>().into()),
    ])
}

fn reference_to(schema: &str) -> Value {
    format!("#/components/schemas/{schema}").into()
}
