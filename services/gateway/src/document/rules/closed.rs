//! What extends a schema that takes no further fields has those fields itself: `allOf` could be fulfilled by nothing.

use yaml_serde::{Mapping, Value};

use super::tree::{components, referred};

pub(super) fn apply(document: &mut Value) {
    let schemas = components(document, "schemas");
    let known = schemas.clone();
    for schema in schemas.values_mut() {
        let Some(schema) = schema.as_mapping_mut() else { continue };
        let Some(parts) = schema.get("allOf").and_then(Value::as_sequence) else { continue };
        let parts = parts
            .iter()
            .map(|part| referred(part).and_then(|name| known.get(name)).unwrap_or(part));
        let parts: Vec<Value> = parts.cloned().collect();
        if parts.iter().any(is_closed) {
            schema.shift_remove("allOf");
            merge(schema, parts);
        }
    }
}

fn is_closed(schema: &Value) -> bool {
    schema.get("additionalProperties").and_then(Value::as_bool) == Some(false)
}

/// Writes the fields of all parts into one object, in their order.
fn merge(schema: &mut Mapping, parts: Vec<Value>) {
    let (mut properties, mut required) = (Mapping::new(), Vec::new());
    for mut part in parts {
        if let Some(Value::Mapping(fields)) = part.get_mut("properties") {
            properties.extend(std::mem::take(fields));
        }
        if let Some(Value::Sequence(names)) = part.get_mut("required") {
            required.append(names);
        }
    }
    schema.insert("type".into(), "object".into());
    schema.insert("required".into(), required.into());
    schema.insert("properties".into(), properties.into());
}
