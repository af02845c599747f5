//! What the context says of itself.

use serde_json::Value;

use crate::app::App;

#[tokio::test]
async fn every_operation_is_documented_and_every_reference_resolves() {
    let document = serde_json::to_value(&App::start().await.document).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let listed: Vec<&str> = paths.keys().map(String::as_str).collect();
    assert_eq!(
        listed,
        [
            "/api/v1/catalogue/look-up",
            "/api/v1/categories",
            "/api/v1/categories/{category}",
            "/api/v1/products",
            "/api/v1/products/{product}",
            "/api/v1/products/{product}/suppliers",
            "/api/v1/products/{product}/suppliers/{supplier}",
            "/api/v1/stock-copy/drain",
            "/api/v1/stores",
            "/api/v1/stores/{store}",
            "/api/v1/stores/{store}/stock",
            "/api/v1/suppliers",
            "/api/v1/suppliers/{supplier}",
            "/api/v1/suppliers/{supplier}/products"
        ]
    );
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            let at = format!("{method} {path}");
            assert!(operation["summary"].is_string(), "{at}");
            assert!(operation["operationId"].is_string(), "{at}");
            for status in ["400", "404", "409", "422", "500", "503"] {
                assert!(operation["responses"][status].is_object(), "{at} {status}");
            }
            // a drain is told nothing but that it shall be
            if ["post", "put", "patch"].contains(&method.as_str()) && !path.ends_with("/drain") {
                assert!(
                    operation["requestBody"]["content"]["application/json"].is_object(),
                    "{at}"
                );
            }
        }
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let name = reference.strip_prefix("#/components/schemas/").unwrap();
        assert!(schemas.contains_key(name), "{name} of {:?}", schemas.keys());
    }
    for name in [
        "RegisterStore",
        "RegisterProduct",
        "RegisterCategory",
        "RegisterSupplier",
        "PutSupplierOffer",
        "UpdateSupplierOffer",
        "Store",
        "Product",
        "Category",
        "Supplier",
        "SupplierOffer",
    ] {
        for (field, schema) in schemas[name]["properties"].as_object().unwrap() {
            let documented = schema["description"].is_string()
                || schema["$ref"].is_string()
                || schema["oneOf"].is_array();
            assert!(documented, "{name}.{field}: {schema}");
        }
    }
    assert_eq!(schemas["UpdateStore"].get("required"), None, "{}", schemas["UpdateStore"]);
}

fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(reference) if name == "$ref" => references.push(reference),
                    other => collect(other, references),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}
