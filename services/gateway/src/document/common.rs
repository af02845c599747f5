//! What all services share in the document: title and conventions, tags, problems, health.

use serde_json::{Value, json};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem};
use utoipa::openapi::schema::{AdditionalProperties, Type};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, Object, ObjectBuilder, OpenApi,
    OpenApiBuilder, PathsBuilder, Ref, ResponseBuilder, ServerBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::VERSION;

/// The groups of operations, in reading order.
const TAGS: [(&str, &str); 21] = [
    ("Stock", "What lies in each store, what of it may be promised, and how it came about."),
    (
        "Reservations",
        "Promises with a deadline: reserve, then commit or release. Never more than there is.",
    ),
    (
        "Split reservations",
        "A basket held in several stores and sold as one: all of it or nothing.",
    ),
    (
        "Checkouts",
        "A basket that store, inventory and notification service accept, and commit or roll back together.",
    ),
    (
        "Order confirmations",
        "The notification service's part in checkouts, for an inventory in another process.",
    ),
    ("Transfers", "Units on their way from one store to another, from the request to the receipt."),
    (
        "Stocktakes",
        "Shelves counted while sales go on, compared with the books of the moment, reviewed, and posted.",
    ),
    ("Tills", "What tills sold while they were offline, and which of their batches are missing."),
    ("Events", "Everything that happened, in one order, to read or to follow."),
    ("Stores", "The places that hold stock: shops, distribution centres, dark stores."),
    ("Products", "What is sold, by SKU."),
    ("Categories", "Products in a tree."),
    ("Suppliers", "Who delivers, and on what terms each product."),
    ("Files", "Tables in and out: imports with their progress and rejected lines, and exports."),
    (
        "Sagas",
        "Changes that go through several places: where each is, and help for those that are stuck.",
    ),
    ("Alerts", "What crossed a threshold: alerted of once, seen to by people, over by itself."),
    (
        "Subscriptions",
        "People who are told of events by e-mail, SMS or push, in their language and not in their quiet hours.",
    ),
    ("Webhooks", "Events that are posted to an address of yours: signed, tried again, replayed."),
    ("Privacy", "What is kept of a customer, and forgetting them."),
    ("Operations", "For those who run Gondola."),
    ("Health", "Whether this process is alive and ready."),
];

/// The document without any service.
pub(super) fn common() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Gondola")
        .version(VERSION)
        .description(Some(include_str!("../../web/api.md")))
        .license(Some(LicenseBuilder::new().name("MIT").identifier(Some("MIT")).build()))
        .build();
    let components = ComponentsBuilder::new()
        .schema(kit_http::Problem::name(), kit_http::Problem::schema())
        .schema("Health", health())
        .schema("HealthComponent", health_component())
        .build();
    let tags = TAGS.map(|(name, description)| {
        TagBuilder::new().name(name).description(Some(description)).build()
    });
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url("/").description(Some("this server")).build()]))
        .paths(health_paths())
        .components(Some(components))
        .tags(Some(tags))
        .build()
}

fn health_paths() -> PathsBuilder {
    let all = "Whether each dependency answers; 503 unless this process should get traffic";
    let live = "Whether requests are answered at all; no dependency is asked";
    let item = |id, summary, can_fail| {
        PathItem::new(HttpMethod::Get, health_operation(id, summary, can_fail))
    };
    PathsBuilder::new()
        .path("/health", item("health", all, true))
        .path("/health/ready", item("readiness", all, true))
        .path("/health/live", item("liveness", live, false))
}

fn health_operation(id: &str, summary: &str, can_fail: bool) -> OperationBuilder {
    let answer = |description: &str, example: Value| {
        let report = ContentBuilder::new().schema(Some(Ref::from_schema_name("Health")));
        let report = report.example(Some(example)).build();
        ResponseBuilder::new().description(description).content("application/json", report)
    };
    let operation = OperationBuilder::new()
        .tag("Health")
        .operation_id(Some(id))
        .summary(Some(summary))
        .response("200", answer("It is", json!({"status": "UP"})));
    if can_fail {
        let down = json!({"status": "DOWN", "detail": "the log cannot be written"});
        let example = json!({"status": "DOWN", "components": {"eventStore": down}});
        let told = "It is not; the report names what is down";
        operation.response("503", answer(told, example))
    } else {
        operation
    }
}

/// What `kit_http::Readiness` answers.
fn health() -> Object {
    let component = Ref::from_schema_name("HealthComponent");
    let components = ObjectBuilder::new()
        .description(Some("The dependencies, by name"))
        .additional_properties(Some(AdditionalProperties::from(component)));
    ObjectBuilder::new()
        .description(Some("How this process fares"))
        .property(
            "status",
            status("The worst of all; DEGRADED still serves. OUT_OF_SERVICE while shutting down"),
        )
        .property("components", components)
        .required("status")
        .build()
}

fn health_component() -> Object {
    let detail = ObjectBuilder::new().schema_type(Type::String).description(Some("What is wrong"));
    ObjectBuilder::new()
        .description(Some("How a dependency fares"))
        .property("status", status("Whether it works; DEGRADED when a part of it does not"))
        .property("detail", detail)
        .required("status")
        .build()
}

fn status(description: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(["UP", "DEGRADED", "DOWN", "OUT_OF_SERVICE"]))
}
