//! A value held against its schema: every fault is noted, and the walk goes on.
//!
//! Of JSON Schema this knows what the documents of this product use, and tells what is wrong in the words of those who send
//! bodies rather than of those who write schemas. A `pattern` is not looked at: what fails it the handler refuses, in its words.

use kit_core::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::parameters::meant;
use super::{EXACTLY_ONE_OF, FAULTS_MAX};
use crate::fault::{below, field_at};
use crate::words::{
    A_LIST, A_MOMENT, A_NUMBER, A_TEXT, A_UUID, A_WHOLE_NUMBER, AN_OBJECT, TRUE_OR_FALSE, choice,
    named, shown,
};
use crate::{Fault, FaultCode};

/// A walk over a request.
pub(super) struct Checker<'c> {
    /// What `$ref` leads into.
    root: &'c Value,
    faults: Vec<Fault>,
    /// The parameter that is looked at, rather than the body.
    parameter: Option<&'c str>,
}

impl<'c> Checker<'c> {
    pub(super) const fn new(root: &'c Value) -> Self {
        Self { root, faults: Vec::new(), parameter: None }
    }

    pub(super) fn body(&mut self, schema: &'c Value, body: &Value) {
        self.parameter = None;
        self.check(schema, body, "");
    }

    pub(super) fn parameter(&mut self, name: &'c str, schema: &'c Value, text: &str) {
        self.parameter = Some(name);
        let value = meant(&types(resolved(self.root, schema)), text);
        self.check(schema, &value, "");
    }

    pub(super) fn found(self) -> Vec<Fault> {
        self.faults
    }

    pub(super) fn note(&mut self, fault: Option<Fault>) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.extend(fault);
        }
    }

    /// Notes what is wrong at a place, and what it should be instead.
    fn fault(&mut self, at: &str, code: FaultCode, said: impl FnOnce(&str) -> String) {
        let fault = match self.parameter {
            Some(name) => Fault::in_parameter(name, code, said(name)),
            None => Fault::in_body(at, code, said(named(&field_at(at)))),
        };
        self.note(Some(fault));
    }

    fn check(&mut self, schema: &'c Value, value: &Value, at: &str) {
        if self.faults.len() >= FAULTS_MAX {
            return;
        }
        let schema = resolved(self.root, schema);
        if let Some(variants) = schema.get("oneOf").or_else(|| schema.get("anyOf")) {
            match Choice::of(self.root, schema, value) {
                Choice::Named(variant) => self.check(variant, value, at),
                Choice::None { member } => self.check_choice(schema, member, value, at),
                Choice::Open => self.check_variants(variants, value, at),
            }
        }
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.check(part, value, at);
        }
        let types = types(schema);
        if !types.is_empty() && !types.iter().any(|name| is_of(name, value)) {
            let wanted = wanted(schema);
            let but = shown(value);
            self.fault(at, FaultCode::WrongType, |name| {
                format!("{name} must be {wanted}, but it is {but}")
            });
            return;
        }
        match value {
            Value::Number(_) => self.check_number(schema, value, at),
            Value::String(text) => self.check_text(schema, text, at),
            Value::Array(items) => self.check_list(schema, items, at),
            Value::Object(members) => self.check_object(schema, members, at),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// A value that does not say which variant it is.
    fn check_choice(&mut self, schema: &Value, member: &str, value: &Value, at: &str) {
        let names = schema.pointer("/discriminator/mapping").and_then(Value::as_object);
        let names = choice(names.into_iter().flatten().map(|(name, _)| name.as_str()));
        match value.get(member) {
            None => self.fault(&below(at, member), FaultCode::Missing, |name| {
                format!("{name} is missing; it must be one of {names}")
            }),
            Some(other) => self.fault(&below(at, member), FaultCode::NotAllowed, |name| {
                format!("{name} must be one of {names}, but it is {}", shown(other))
            }),
        }
    }

    /// The faults by the variant that the value is nearest to.
    fn check_variants(&mut self, variants: &'c Value, value: &Value, at: &str) {
        // a value that is none is no nearer to being left out
        let tried = variants.as_array().into_iter().flatten();
        let tried =
            tried.filter(|one| value.is_null() || types(resolved(self.root, one)) != ["null"]);
        let found = tried.map(|one| {
            let mut walk = Self { root: self.root, faults: Vec::new(), parameter: self.parameter };
            walk.check(one, value, at);
            walk.faults
        });
        let nearest = found.min_by_key(Vec::len).unwrap_or_default();
        for fault in nearest {
            self.note(Some(fault));
        }
    }

    fn check_number(&mut self, schema: &Value, value: &Value, at: &str) {
        let Some(number) = value.as_f64() else { return };
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        let (least, most) = (bound("minimum"), bound("maximum"));
        if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
            let span = span(schema.get("minimum"), schema.get("maximum"));
            self.fault(at, FaultCode::OutOfRange, |name| {
                format!("{name} must be {span}, but it is {value}")
            });
        }
    }

    fn check_text(&mut self, schema: &Value, text: &str, at: &str) {
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            if !words.iter().any(|word| word == text) {
                let words = choice(words.iter().filter_map(Value::as_str));
                let but = shown(&Value::from(text));
                self.fault(at, FaultCode::NotAllowed, |name| {
                    format!("{name} must be one of {words}, but it is {but}")
                });
            }
            return;
        }
        let is_written_well = match schema.get("format").and_then(Value::as_str) {
            Some("uuid") => Uuid::try_parse(text).is_ok(),
            Some("date-time") => text.parse::<Timestamp>().is_ok(),
            _ => true,
        };
        if !is_written_well {
            let (wanted, but) = (wanted(schema), shown(&Value::from(text)));
            self.fault(at, FaultCode::WrongFormat, |name| {
                format!("{name} must be {wanted}, but it is {but}")
            });
        }
        self.check_length(schema, ["minLength", "maxLength"], text.chars().count(), at);
    }

    fn check_length(&mut self, schema: &Value, bounds: [&str; 2], count: usize, at: &str) {
        let [least, most] = bounds.map(|name| schema.get(name));
        let bound = |bound: Option<&Value>| bound.and_then(Value::as_u64);
        let count_is = count as u64;
        if bound(least).is_some_and(|it| count_is < it)
            || bound(most).is_some_and(|it| count_is > it)
        {
            let of = if bounds[0] == "minItems" { "items" } else { "characters" };
            let span = span(least, most);
            self.fault(at, FaultCode::WrongLength, |name| {
                format!("{name} must have {span} {of}, but it has {count}")
            });
        }
    }

    fn check_list(&mut self, schema: &'c Value, items: &[Value], at: &str) {
        self.check_length(schema, ["minItems", "maxItems"], items.len(), at);
        let Some(of) = schema.get("items") else { return };
        for (index, item) in items.iter().enumerate() {
            self.check(of, item, &format!("{at}/{index}"));
        }
    }

    fn check_object(&mut self, schema: &'c Value, members: &Map<String, Value>, at: &str) {
        let known = schema.get("properties").and_then(Value::as_object);
        let needed: Vec<&str> = needed(schema).collect();
        for (name, value) in members {
            let place = below(at, name);
            match known.and_then(|known| known.get(name)) {
                // what may be left out may be null, which stands for that
                Some(_) if value.is_null() && !needed.contains(&name.as_str()) => {}
                Some(member) => self.check(member, value, &place),
                None => self.check_other(schema, name, value, &place),
            }
        }
        self.check_one_of(schema, members, at);
        for name in needed.into_iter().filter(|name| !members.contains_key(*name)) {
            let member = known.and_then(|known| known.get(name));
            let member = member.map(|member| wanted(resolved(self.root, member)));
            let place = below(at, name);
            self.fault(&place, FaultCode::Missing, |name| match member {
                Some(wanted) => format!("{name} is missing; it must be {wanted}"),
                None => format!("{name} is missing"),
            });
        }
    }

    /// Members of which exactly one must be there.
    fn check_one_of(&mut self, schema: &Value, members: &Map<String, Value>, at: &str) {
        let groups = schema.get(EXACTLY_ONE_OF).and_then(Value::as_array);
        for group in groups.into_iter().flatten().filter_map(Value::as_array) {
            let names: Vec<&str> = group.iter().filter_map(Value::as_str).collect();
            let is_there = |name: &&&str| members.get(**name).is_some_and(|it| !it.is_null());
            let (count, Some(first)) = (names.iter().filter(is_there).count(), names.first())
            else {
                continue;
            };
            let place = below(at, first);
            let is_told = self.faults.iter().any(|fault| fault.pointer() == Some(&place));
            if count != 1 && !is_told {
                let code = if count == 0 { FaultCode::Missing } else { FaultCode::Invalid };
                self.fault(&place, code, |_| {
                    format!("exactly one of {} must be there", choice(names.iter().copied()))
                });
            }
        }
    }

    /// A member that the schema does not name.
    fn check_other(&mut self, schema: &'c Value, name: &str, value: &Value, at: &str) {
        let names = schema.pointer("/propertyNames/enum").and_then(Value::as_array);
        let is_named_well = names.is_none_or(|names| names.iter().any(|known| known == name));
        match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => {
                let known = schema.get("properties").and_then(Value::as_object);
                let known = choice(known.into_iter().flatten().map(|(name, _)| name.as_str()));
                self.unknown(at, if known.is_empty() { "none" } else { &known });
            }
            _ if !is_named_well => {
                let known = choice(names.into_iter().flatten().filter_map(Value::as_str));
                self.unknown(at, &known);
            }
            Some(others) if others.is_object() => self.check(others, value, at),
            _ => {}
        }
    }

    fn unknown(&mut self, at: &str, known: &str) {
        self.fault(at, FaultCode::Unknown, |name| {
            format!("{name} is not known here; known are: {known}")
        });
    }
}

/// Which of several variants a value is.
enum Choice<'c> {
    /// The one that it names.
    Named(&'c Value),
    /// It is to name one in this member, and does not.
    None { member: &'c str },
    /// It does not have to name one, or is no object.
    Open,
}

impl<'c> Choice<'c> {
    fn of(root: &'c Value, schema: &'c Value, value: &Value) -> Self {
        let discriminator = schema.get("discriminator");
        let member = discriminator.and_then(|it| it.get("propertyName")?.as_str());
        let Some(member) = member.filter(|_| value.is_object()) else { return Self::Open };
        let named = || {
            let target = discriminator?.get("mapping")?.get(value.get(member)?.as_str()?)?;
            root.pointer(target.as_str()?.trim_start_matches('#'))
        };
        named().map_or(Self::None { member }, Self::Named)
    }
}

/// Whether objects of a schema have a member.
pub(super) fn has_member(root: &Value, schema: &Value, name: &str) -> bool {
    let schema = resolved(root, schema);
    let own = schema.get("properties").and_then(|members| members.get(name));
    own.is_some() || variants(schema).any(|one| has_member(root, one, name))
}

/// What a schema is, wherever it stands.
fn resolved<'c>(root: &'c Value, mut schema: &'c Value) -> &'c Value {
    while let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let Some(found) = root.pointer(target.trim_start_matches('#')) else { break };
        schema = found;
    }
    schema
}

/// The names of members that an object must have.
fn needed(schema: &Value) -> impl Iterator<Item = &str> {
    let needed = schema.get("required").and_then(Value::as_array);
    needed.into_iter().flatten().filter_map(Value::as_str)
}

fn variants(schema: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|name| schema.get(name));
    lists.filter_map(Value::as_array).flatten()
}

/// The types that a schema allows; none where it says nothing.
fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

/// What a schema wants, as in "a whole number".
fn wanted(schema: &Value) -> String {
    let types = types(schema);
    let format = schema.get("format").and_then(Value::as_str);
    let bounds = (schema.get("minimum"), schema.get("maximum"));
    match (types.iter().find(|name| **name != "null").copied(), format) {
        (Some("integer"), _) if bounds != (None, None) => {
            format!("{A_WHOLE_NUMBER}, {}", span(bounds.0, bounds.1))
        }
        (Some("integer"), _) => A_WHOLE_NUMBER.to_owned(),
        (Some("number"), _) => A_NUMBER.to_owned(),
        (Some("boolean"), _) => TRUE_OR_FALSE.to_owned(),
        (Some("array"), _) => A_LIST.to_owned(),
        (Some("string"), Some("uuid")) => A_UUID.to_owned(),
        (Some("string"), Some("date-time")) => A_MOMENT.to_owned(),
        (Some("string"), _) => match schema.get("enum").and_then(Value::as_array) {
            Some(words) => format!("one of {}", choice(words.iter().filter_map(Value::as_str))),
            None => A_TEXT.to_owned(),
        },
        _ => AN_OBJECT.to_owned(),
    }
}

/// Between which numbers.
fn span(least: Option<&Value>, most: Option<&Value>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("{least} to {most}"),
        (Some(least), None) => format!("{least} or more"),
        (None, Some(most)) => format!("{most} at most"),
        (None, None) => "a number".to_owned(),
    }
}
