//! What a server has promised to take: the operations of its OpenAPI document, by which the faults of a refused request are
//! found, all of them.

mod check;
mod parameters;

use std::collections::HashMap;

use axum::extract::MatchedPath;
use http::{Method, Uri};
use serde_json::{Map, Value, json};

use self::check::{Checker, has_member};
use crate::Fault;
use crate::fault::pointer_to;

/// An extension of schemas: lists of members, of each of which exactly one must be there.
pub const EXACTLY_ONE_OF: &str = "x-exactly-one-of";

/// Most faults that are told of one request.
pub const FAULTS_MAX: usize = 100;

/// The operations of an OpenAPI 3.1 document, as far as they say what a request must be like.
///
/// Nothing is asked of it as long as requests are good: only one that was refused is held against it.
#[derive(Debug)]
pub struct Contract {
    /// What schemas refer to: the document's `components.schemas`, at that place.
    schemas: Value,
    /// By path, as in `/api/v1/stores/{store}`.
    paths: HashMap<String, Vec<(Method, Operation)>>,
}

/// What one operation takes.
#[derive(Debug)]
struct Operation {
    parameters: Vec<Parameter>,
    /// The schema of a JSON body.
    body: Option<Value>,
}

/// A parameter of the path or the query.
#[derive(Debug)]
struct Parameter {
    name: String,
    is_in_path: bool,
    is_required: bool,
    schema: Value,
}

/// A request as far as its faults can be in it.
pub(crate) struct Asked<'r> {
    pub(crate) method: &'r Method,
    pub(crate) route: &'r MatchedPath,
    pub(crate) uri: &'r Uri,
    /// The JSON body, if it was read.
    pub(crate) body: Option<&'r [u8]>,
}

impl Contract {
    /// The operations of a document; what is no operation in it is passed over.
    pub fn of(document: &Value) -> Self {
        let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
        let items = document.get("paths").and_then(Value::as_object).into_iter().flatten();
        let paths = items.map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten().filter_map(|(method, it)| {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).ok()?;
                Some((method, Operation::of(it)))
            });
            (path.clone(), operations.collect())
        });
        Self { paths: paths.collect(), schemas: json!({ "components": { "schemas": schemas } }) }
    }

    /// The faults of a value by a schema of the document; `None` where there is no schema of this name.
    pub fn faults_of(&self, schema: &str, value: &Value) -> Option<Vec<Fault>> {
        let schema = self.schemas.pointer("/components/schemas")?.get(schema)?;
        let mut checker = Checker::new(&self.schemas);
        checker.body(schema, value);
        Some(checker.found())
    }

    fn operation(&self, asked: &Asked<'_>) -> Option<&Operation> {
        let operations = self.paths.get(asked.route.as_str())?;
        operations.iter().find(|(method, _)| method == asked.method).map(|(_, found)| found)
    }

    /// All faults of a request that can be seen without knowing the world: of its parameters, then of its body.
    pub(crate) fn faults(&self, asked: &Asked<'_>) -> Vec<Fault> {
        let Some(operation) = self.operation(asked) else { return Vec::new() };
        let mut checker = Checker::new(&self.schemas);
        operation.check_parameters(asked, &mut checker);
        let body = asked.body.and_then(|body| serde_json::from_slice(body).ok());
        if let (Some(schema), Some(body)) = (&operation.body, &body) {
            checker.body(schema, body);
        }
        checker.found()
    }

    /// Whether a field that a handler names is one of the body, rather than a parameter; the pointer to it then.
    pub(crate) fn pointer(&self, asked: &Asked<'_>, field: &str) -> Option<String> {
        let operation = self.operation(asked)?;
        let schema = operation.body.as_ref()?;
        let first = field.split(['.', '[']).next().unwrap_or_default();
        let is_parameter = operation.parameters.iter().any(|parameter| parameter.name == first);
        (has_member(&self.schemas, schema, first) || !is_parameter).then(|| pointer_to(field))
    }
}

impl Operation {
    fn of(operation: &Value) -> Self {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let content = operation.pointer("/requestBody/content").and_then(Value::as_object);
        Self {
            parameters: parameters.into_iter().flatten().filter_map(Parameter::of).collect(),
            body: content.and_then(json_schema).cloned(),
        }
    }
}

/// The schema of a body that is one JSON text.
fn json_schema(content: &Map<String, Value>) -> Option<&Value> {
    let media = ["application/json", "application/merge-patch+json"];
    media.into_iter().find_map(|media| content.get(media)?.get("schema"))
}

impl Parameter {
    fn of(parameter: &Value) -> Option<Self> {
        let is_in_path = match parameter.get("in")?.as_str()? {
            "path" => true,
            "query" => false,
            _ => return None,
        };
        Some(Self {
            name: parameter.get("name")?.as_str()?.to_owned(),
            is_in_path,
            is_required: parameter.get("required").and_then(Value::as_bool).unwrap_or_default(),
            schema: parameter.get("schema").cloned().unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests;
