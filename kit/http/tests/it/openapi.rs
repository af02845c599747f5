//! What the kit's types say of themselves in an OpenAPI document.

use kit_http::{Cursor, Limit, Page, Problem, Problems};
use serde_json::json;
use utoipa::{OpenApi, PartialSchema};

#[expect(dead_code, reason = "stands for an operation of a service")]
#[utoipa::path(get, path = "/things", responses((status = 200, body = Page<String>), Problems))]
fn list() {}

#[derive(OpenApi)]
#[openapi(paths(list), components(schemas(Problem)))]
struct Document;

#[test]
fn operations_list_the_common_problems() {
    let document = serde_json::to_value(Document::openapi()).unwrap();
    let responses = &document["paths"]["/things"]["get"]["responses"];
    for status in ["400", "404", "409", "413", "415", "422", "500", "503"] {
        let content = &responses[status]["content"]["application/problem+json"];
        assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{status}");
    }
    let problem = &document["components"]["schemas"]["Problem"];
    assert_eq!(problem["required"], json!(["type", "title", "status", "code"]), "{problem}");
    assert_eq!(problem["properties"]["type"]["type"], "string", "{problem}");
    let page = &responses["200"]["content"]["application/json"]["schema"];
    assert_eq!(page["$ref"], "#/components/schemas/Page_String", "{responses}");
}

#[test]
fn query_types_state_their_bounds() {
    let limit = serde_json::to_value(Limit::schema()).unwrap();
    assert_eq!(
        (&limit["minimum"], &limit["maximum"], &limit["default"]),
        (&json!(1), &json!(200), &json!(50))
    );
    assert_eq!(serde_json::to_value(Cursor::<u8>::schema()).unwrap()["type"], "string");
}
