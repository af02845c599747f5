//! Parameters of the path and the query, held against what the operation promises to take.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::check::Checker;
use super::{Asked, Operation, Parameter};
use crate::words::choice;
use crate::{Fault, FaultCode};

impl Operation {
    pub(super) fn check_parameters<'c>(&'c self, asked: &Asked<'_>, checker: &mut Checker<'c>) {
        let template = asked.route.as_str().split('/');
        for (place, segment) in template.zip(asked.uri.path().split('/')) {
            let name = place.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            if let Some(known) = name.and_then(|name| self.parameter(name, true)) {
                checker.parameter(&known.name, &known.schema, &decoded(segment));
            }
        }
        let stated = asked.uri.query().unwrap_or_default();
        let stated = stated.split('&').filter(|pair| !pair.is_empty());
        let stated: Vec<_> = stated.map(pair).collect();
        for (name, value) in &stated {
            match self.parameter(name, false) {
                Some(known) => checker.parameter(&known.name, &known.schema, value),
                None => checker.note(self.unknown(name)),
            }
        }
        let needed = self.parameters.iter().filter(|known| known.is_required && !known.is_in_path);
        for Parameter { name, .. } in needed {
            if !stated.iter().any(|(stated, _)| stated == name) {
                let detail = format!("the query parameter {name} is missing");
                checker.note(Some(Fault::in_parameter(name, FaultCode::Missing, detail)));
            }
        }
    }

    fn parameter(&self, name: &str, is_in_path: bool) -> Option<&Parameter> {
        let mut all = self.parameters.iter();
        all.find(|known| known.is_in_path == is_in_path && known.name == name)
    }

    /// No fault where an operation reads no query at all: it minds none then.
    fn unknown(&self, name: &str) -> Option<Fault> {
        let known = self.parameters.iter().filter(|known| !known.is_in_path);
        let known = choice(known.map(|known| known.name.as_str()));
        let detail = format!("{name} is no query parameter here; known are: {known}");
        (!known.is_empty()).then(|| Fault::in_parameter(name, FaultCode::Unknown, detail))
    }
}

fn pair(pair: &str) -> (String, String) {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let text = |part: &str| decoded(&part.replace('+', " ")).into_owned();
    (text(name), text(value))
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// A parameter's text as the value that its schema means by it.
pub(super) fn meant(types: &[&str], text: &str) -> Value {
    let number = types.iter().any(|kind| ["integer", "number"].contains(kind));
    let read = match text {
        "true" | "false" if types.contains(&"boolean") => serde_json::from_str(text).ok(),
        // what JSON does not take as a number, a query does: `+5`, `007`
        _ if number => text.parse::<i64>().map(Value::from).ok(),
        _ => None,
    };
    let read = read.or_else(|| number.then(|| serde_json::from_str(text).ok()).flatten());
    read.filter(|value: &Value| !value.is_object() && !value.is_array())
        .unwrap_or_else(|| Value::from(text))
}
