//! Headers of answers: each declared where it is sent, and described once.

use yaml_serde::{Mapping, Value};

use super::tree::{child, components, object, operations, reference, referred};

/// A header of answers: its name, the type of its value, an example, and what it tells.
type Header = (&'static str, &'static str, &'static str, &'static str);

const REQUEST_ID: &str = "X-Request-Id";

const HEADERS: [Header; 9] = [
    (
        REQUEST_ID,
        "string",
        "0199c0de-7a10-7000-8000-00000000000a",
        "Names this request in logs: the caller's own, else one made for it",
    ),
    (
        "RateLimit",
        "string",
        "\"commands\";r=199;t=1",
        "What is left of the quota, and in how many seconds it is whole",
    ),
    ("RateLimit-Policy", "string", "\"commands\";q=200;w=1", "The quota, where there is one"),
    ("Retry-After", "integer", "1", "After how many seconds to try again"),
    ("Idempotency-Replayed", "boolean", "true", "The answer repeats that to an earlier sending"),
    ("ETag", "string", "\"7\"", "The version, for `If-Match` and `If-None-Match`"),
    (
        "Location",
        "string",
        "/api/v1/inventory/reservations/33333333-3333-3333-3333-333333333333",
        "Where what was made can be read",
    ),
    ("WWW-Authenticate", "string", "Bearer realm=\"gondola\"", "By which scheme to say who one is"),
    (
        "X-Store-Id",
        "string",
        "11111111-1111-1111-1111-111111111111",
        "The store that a change of stock was about",
    ),
];

/// How the description of a version says that it is an entity tag too.
const ALSO_A_TAG: &str = "`ETag`";

pub(super) fn apply(document: &mut Value) {
    let tagged = tagged_schemas(document);
    for mut operation in operations(document) {
        let is_limited = operation.fields.get("security").is_some_and(|it| !is_empty(it));
        let is_repeatable = operation.parameters("header").any(|it| it == "Idempotency-Key");
        let is_stock = operation.method == "post"
            && operation.path.starts_with("/api/v1/inventory/")
            && operation.path.matches('/').count() == 4;
        for (status, answer) in operation.answers() {
            let mut names = vec![REQUEST_ID];
            let is_success = (200..300).contains(&status);
            let body = body_of(answer);
            let is_tagged = body.is_some_and(|body| tagged.iter().any(|it| it == body));
            let tells_stock =
                is_stock && body.is_some_and(|it| ["Reservation", "StockLevel"].contains(&it));
            let sent = [
                ("RateLimit", is_limited && status != 401),
                ("RateLimit-Policy", is_limited && status != 401),
                ("Retry-After", status == 429 || status == 503),
                ("Idempotency-Replayed", is_success && is_repeatable),
                ("ETag", is_tagged || status == 304),
                ("Location", status == 201),
                ("WWW-Authenticate", status == 401),
                ("X-Store-Id", is_success && tells_stock),
            ];
            names.extend(sent.into_iter().filter(|(_, is_sent)| *is_sent).map(|(name, _)| name));
            declare(answer, &names);
        }
    }
    let described = HEADERS.map(|header| (header.0.into(), described(header)));
    components(document, "headers").extend(described);
}

fn is_empty(security: &Value) -> bool {
    security.as_sequence().is_none_or(Vec::is_empty)
}

/// The name of the schema of a JSON answer.
fn body_of(answer: &Value) -> Option<&str> {
    referred(answer.get("content")?.get("application/json")?.get("schema")?)
}

/// The schemas of things whose version is sent as their entity tag, as its description says.
fn tagged_schemas(document: &mut Value) -> Vec<String> {
    let says_so = |schema: &Value| {
        let version = schema.get("properties")?.get("version")?;
        version.get("description")?.as_str().map(|told| told.contains(ALSO_A_TAG))
    };
    let tagged = components(document, "schemas").iter();
    let tagged = tagged.filter(|(_, schema)| says_so(schema) == Some(true));
    tagged.filter_map(|(name, _)| Some(name.as_str()?.to_owned())).collect()
}

fn declare(answer: &mut Value, names: &[&str]) {
    let Some(answer) = answer.as_mapping_mut() else { return };
    let headers: &mut Mapping = child(answer, "headers");
    for name in names {
        // an operation may say more of a header than this does
        headers.entry((*name).into()).or_insert_with(|| reference("headers", name));
    }
}

fn described((name, kind, example, description): Header) -> Value {
    let example = match kind {
        "integer" => example.parse::<u64>().map_or(Value::Null, Value::from),
        "boolean" => (example == "true").into(),
        _ => example.into(),
    };
    let mut header = object([
        ("description", description.into()),
        ("schema", object([("type", kind.into())])),
        ("example", example),
    ]);
    // every answer has it; the others depend on what happened and on how the server is configured
    if let (REQUEST_ID, Value::Mapping(header)) = (name, &mut header) {
        header.insert("required".into(), true.into());
    }
    header
}
