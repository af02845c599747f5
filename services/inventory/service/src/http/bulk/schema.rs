//! How the commands of a bulk write look in the OpenAPI document: for each `op` the fields of that operation's own route.

use utoipa::openapi::schema::{ArrayBuilder, Discriminator, ObjectBuilder, OneOfBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::commands::{COMMANDS_MAX, Commands};
use super::line::BatchLine;
use crate::http::reservations::commit::CommitRequest;
use crate::http::reservations::extend::ExtendRequest;
use crate::http::reservations::release::ReleaseRequest;
use crate::http::reservations::reserve::ReserveRequest;
use crate::http::stock::add::AddStockRequest;
use crate::http::stock::adjust::AdjustStockRequest;
use crate::http::stock::count::CountStockRequest;
use crate::http::stock::policy::StockPolicyRequest;

/// The name of the schema of one command.
pub(super) const COMMAND: &str = "BatchCommand";

/// The name of each command's schema, its `op`, and the schema of its own route.
fn commands() -> [(&'static str, &'static str, RefOr<Schema>); 8] {
    [
        ("AddStockCommand", "stock", AddStockRequest::schema()),
        ("AdjustStockCommand", "adjust", AdjustStockRequest::schema()),
        ("CountStockCommand", "count", CountStockRequest::schema()),
        ("SetStockPolicyCommand", "policy", StockPolicyRequest::schema()),
        ("ReserveStockCommand", "reserve", ReserveRequest::schema()),
        ("CommitReservationCommand", "commit", CommitRequest::schema()),
        ("ReleaseReservationCommand", "release", ReleaseRequest::schema()),
        ("ExtendReservationCommand", "extend", ExtendRequest::schema()),
    ]
}

impl PartialSchema for BatchLine {
    fn schema() -> RefOr<Schema> {
        let mut discriminator = Discriminator::new("op");
        let mut choices = OneOfBuilder::new();
        for (name, op, _) in commands() {
            let schema = Ref::from_schema_name(name);
            discriminator.mapping.insert(op.to_owned(), schema.ref_location.clone());
            choices = choices.item(schema);
        }
        let told =
            "One command: `op` says which, the other fields are those of the route of that name.";
        choices.description(Some(told)).discriminator(Some(discriminator)).into()
    }
}

impl ToSchema for BatchLine {
    fn name() -> std::borrow::Cow<'static, str> {
        COMMAND.into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        AddStockRequest::schemas(schemas);
        for (name, op, of_route) in commands() {
            schemas.push((name.to_owned(), with_op(op, of_route)));
        }
    }
}

/// The schema of a route's body, with `op` before its fields. It refers to no other: `allOf` would refuse `op` where unknown fields
/// are refused.
fn with_op(op: &str, of_route: RefOr<Schema>) -> RefOr<Schema> {
    let RefOr::T(Schema::Object(mut object)) = of_route else { return of_route };
    let word = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([op]));
    let word = word.description(Some("Which command it is."));
    let fields = std::mem::take(&mut object.properties);
    object.properties.insert("op".to_owned(), word.into());
    object.properties.extend(fields);
    object.required.insert(0, "op".to_owned());
    if let Some(serde_json::Value::Object(example)) = &mut object.example {
        example.insert("op".to_owned(), op.into());
    }
    Schema::Object(object).into()
}

impl PartialSchema for Commands {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(Ref::from_schema_name(COMMAND))
            .max_items(Some(COMMANDS_MAX))
            .description(Some("Commands, performed in this order."))
            .into()
    }
}

impl ToSchema for Commands {
    fn name() -> std::borrow::Cow<'static, str> {
        "BatchCommands".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        BatchLine::schemas(schemas);
        schemas.push((COMMAND.to_owned(), BatchLine::schema()));
    }
}
