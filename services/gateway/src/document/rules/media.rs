//! Media types and who may call: partial updates are merge patches, and security is said of every operation.

use yaml_serde::{Mapping, Value};

use super::tree::{object, operations};

const JSON: &str = "application/json";

/// What PATCH takes (RFC 7396). `application/json` is taken as the same, for clients that know no other.
pub(super) const MERGE_PATCH: &str = "application/merge-patch+json";

pub(super) fn apply(document: &mut Value) {
    let mut schemes = Vec::new();
    for operation in operations(document) {
        if operation.method == "patch" {
            let body = operation.fields.get_mut("requestBody");
            let content = body.and_then(|body| body.get_mut("content"));
            if let Some(content) = content.and_then(Value::as_mapping_mut) {
                rename(content, JSON, MERGE_PATCH);
            }
        }
        match operation.fields.get("security") {
            Some(security) => schemes = vec![security.clone()],
            None => {
                operation.fields.insert("security".into(), Value::Sequence(Vec::new()));
            }
        }
    }
    // what an operation says of itself goes before this, which is for those who look only here
    if let (Some(security), Value::Mapping(document)) = (schemes.pop(), document) {
        document.insert("security".into(), security);
    }
}

fn rename(content: &mut Mapping, from: &str, to: &str) {
    if let Some(described) = content.shift_remove(from) {
        content.insert(to.into(), described);
    }
}

/// Whether a media type is JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    media_type == JSON || media_type.ends_with("+json")
}

/// A media type and what is said of it, as the `content` of an answer.
pub(super) fn content(media_type: &str, said: Value) -> Value {
    object([(media_type, said)])
}
