//! Examples: every body that is JSON has one, made of its schema with the demo's values, its fields in the schema's order.

use yaml_serde::{Mapping, Value};

use super::answers::PROBLEM;
use super::media::is_json;
use super::tree::{child, components, object, operations, referred};
use super::{outcomes, samples};
use crate::problems::{PROBLEM_CODES, ProblemCode};

/// How deep schemas are followed; a schema may hold itself.
const DEPTH_MAX: usize = 16;

pub(super) fn apply(document: &mut Value) {
    let schemas = components(document, "schemas").clone();
    for mut operation in operations(document) {
        let id = operation.fields.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let id = id.to_owned();
        if let Some(body) = operation.fields.get_mut("requestBody") {
            give_examples(body, &Examples { schemas: &schemas, of_answers: false }, None);
        }
        for (status, answer) in operation.answers() {
            if status >= 400 {
                give_problems(answer, status);
            }
            let outcome = outcomes::of_answer(&id, status).filter(|_| status < 300);
            let examples = Examples { schemas: &schemas, of_answers: true };
            give_examples(answer, &examples, outcome.as_ref());
        }
    }
}

fn give_examples(body: &mut Value, examples: &Examples<'_>, outcome: Option<&Value>) {
    let content = body.get_mut("content").and_then(Value::as_mapping_mut).into_iter().flatten();
    for (media_type, said) in content {
        let Some(said) = said.as_mapping_mut() else { continue };
        if said.contains_key("examples") || !media_type.as_str().is_some_and(is_json) {
            continue;
        }
        let Some(schema) = said.get("schema") else { continue };
        let made = match said.get("example") {
            Some(given) => Some(given.clone()),
            None => examples.of(schema, "", 0),
        };
        if let Some(mut example) = made {
            if let Some(outcome) = outcome {
                outcomes::amend(&mut example, outcome);
            }
            let example = examples.in_order(example, schema);
            said.insert("example".into(), example);
        }
    }
}

const INVALID_QUANTITY: &str = "quantity must be a whole number, but it is the text \"five\"";

/// Every problem that comes with a status, by its code.
fn give_problems(answer: &mut Value, status: u16) {
    let said = answer.get_mut("content").and_then(|content| content.get_mut(PROBLEM));
    let Some(said) = said.and_then(Value::as_mapping_mut) else { return };
    let codes = PROBLEM_CODES.iter().filter(|known| known.status == Some(status));
    let examples = child(said, "examples");
    for known in codes {
        let example = object([("summary", known.title.into()), ("value", problem(known, status))]);
        examples.insert(known.code.into(), example);
    }
    if examples.is_empty() {
        said.shift_remove("examples");
    }
}

fn problem(known: &ProblemCode, status: u16) -> Value {
    let mut problem = object([
        ("type", format!("/problems/{}", known.code).into()),
        ("title", known.title.into()),
        ("status", status.into()),
        ("code", known.code.into()),
        ("detail", detail(known).into()),
        ("requestId", samples::text("requestId", Some("uuid"))),
    ]);
    if let ("invalid", Value::Mapping(problem)) = (known.code, &mut problem) {
        let fault = |pointer: &str, code: &str, detail: &str| {
            object([("pointer", pointer.into()), ("code", code.into()), ("detail", detail.into())])
        };
        let errors = vec![
            fault("/quantity", "wrong-type", INVALID_QUANTITY),
            fault("/storeId", "wrong-format", "storeId must be an id, but it is the text \"SP\""),
        ];
        problem.insert("field".into(), "quantity".into());
        problem.insert("errors".into(), errors.into());
    }
    if let ("insufficient-stock", Value::Mapping(problem)) = (known.code, &mut problem) {
        for id in ["storeId", "productId"] {
            problem.insert(id.into(), samples::text(id, Some("uuid")));
        }
        for (name, units) in [("requested", 5_u64), ("available", 2), ("offered", 2)] {
            problem.insert(name.into(), units.into());
        }
    }
    problem
}

/// A sentence as an occurrence could say it: where the demo has no such occurrence, the page's own words.
fn detail(known: &ProblemCode) -> String {
    match known.code {
        "insufficient-stock" => "5 units were asked for, 2 can be promised".to_owned(),
        "invalid" => format!("{INVALID_QUANTITY}; 1 more fault is in \"errors\""),
        _ => known.cause.replace('`', ""),
    }
}

/// Makes examples of schemas.
struct Examples<'s> {
    schemas: &'s Mapping,
    /// Whether they are of answers, which have what is usual, or of requests, which have what is needed.
    of_answers: bool,
}

impl Examples<'_> {
    fn of(&self, schema: &Value, name: &str, depth: usize) -> Option<Value> {
        if depth > DEPTH_MAX {
            return None;
        }
        if let Some(example) = schema.get("example") {
            return Some(self.in_order(example.clone(), schema));
        }
        if let Some(target) = referred(schema) {
            let mut example = self.of(self.schemas.get(target)?, name, depth + 1)?;
            if let Some(told) = outcomes::of_schema(target).filter(|_| self.of_answers) {
                outcomes::amend(&mut example, &told);
            }
            return Some(example);
        }
        if let Some(Value::Sequence(all)) = schema.get("allOf") {
            let mut merged = Mapping::new();
            for part in all {
                if let Value::Mapping(fields) = self.of(part, name, depth + 1)? {
                    merged.extend(fields);
                }
            }
            return Some(merged.into());
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(Value::Sequence(choices)) = schema.get(choice) {
                return self.of(choices.first()?, name, depth + 1);
            }
        }
        if let Some(default) = schema.get("default") {
            return Some(default.clone());
        }
        if let Some(Value::Sequence(words)) = schema.get("enum") {
            return words.first().cloned();
        }
        self.of_type(schema, name, depth)
    }

    fn of_type(&self, schema: &Value, name: &str, depth: usize) -> Option<Value> {
        let kind = match schema.get("type")? {
            Value::Sequence(kinds) => kinds.first()?,
            kind => kind,
        };
        let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
        match kind.as_str()? {
            "object" => Some(self.of_object(schema, depth)),
            "array" => {
                let item = self.of(schema.get("items")?, singular(name), depth + 1)?;
                Some(vec![item].into())
            }
            "string" => Some(samples::text(name, schema.get("format").and_then(Value::as_str))),
            "boolean" => Some(true.into()),
            _ => {
                let (least, most) = (bound("minimum").unwrap_or(0), bound("maximum"));
                Some(samples::number(name, least, most.unwrap_or(u64::MAX)))
            }
        }
    }

    fn of_object(&self, schema: &Value, depth: usize) -> Value {
        let required = schema.get("required").and_then(Value::as_sequence);
        let properties = schema.get("properties").and_then(Value::as_mapping);
        let mut example = Mapping::new();
        for (key, property) in properties.into_iter().flatten() {
            let name = key.as_str().unwrap_or_default();
            let is_needed = required.is_some_and(|required| required.contains(key));
            let is_usual = self.of_answers && samples::is_usual(name);
            if is_needed || is_usual || property.get("example").is_some() {
                example.extend(self.of(property, name, depth + 1).map(|it| (key.clone(), it)));
            }
        }
        example.into()
    }

    /// An example that stands in the code, with its fields as the schema has them.
    fn in_order(&self, example: Value, schema: &Value) -> Value {
        match example {
            Value::Mapping(fields) => self.fields_in_order(fields, schema),
            Value::Sequence(items) => {
                let of_items = self.resolved(schema).get("items").cloned().unwrap_or_default();
                items.into_iter().map(|item| self.in_order(item, &of_items)).collect()
            }
            other => other,
        }
    }

    fn fields_in_order(&self, mut fields: Mapping, schema: &Value) -> Value {
        let mut ordered = Mapping::new();
        for (name, property) in self.properties(schema) {
            let field = fields.shift_remove(name);
            ordered.extend(field.map(|field| (name.clone(), self.in_order(field, property))));
        }
        let of_others = self.resolved(schema).get("additionalProperties");
        let of_others = of_others.cloned().unwrap_or_default();
        let others = fields.into_iter();
        ordered.extend(others.map(|(name, field)| (name, self.in_order(field, &of_others))));
        ordered.into()
    }

    /// The properties of a schema and of what it extends.
    fn properties<'v>(&'v self, schema: &'v Value) -> Vec<(&'v Value, &'v Value)> {
        let schema = self.resolved(schema);
        let parts = schema.get("allOf").and_then(Value::as_sequence).into_iter().flatten();
        let own = schema.get("properties").and_then(Value::as_mapping).into_iter().flatten();
        parts.flat_map(|part| self.properties(part)).chain(own).collect()
    }

    fn resolved<'v>(&'v self, schema: &'v Value) -> &'v Value {
        referred(schema).and_then(|name| self.schemas.get(name)).unwrap_or(schema)
    }
}

/// What one of several things is called: `storeIds` are of `storeId`.
fn singular(name: &str) -> &str {
    name.strip_suffix('s').unwrap_or(name)
}
