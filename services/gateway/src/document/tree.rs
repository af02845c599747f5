//! The document as a tree: where its operations and schemas are.

use yaml_serde::{Mapping, Value};

/// Methods that an operation can have, as a path item names them.
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// An operation and where it stands.
pub(super) struct Operation<'d> {
    /// The method, in lower case.
    pub(super) method: &'static str,
    /// The path with the names of its parameters.
    pub(super) path: String,
    /// What is said of it.
    pub(super) fields: &'d mut Mapping,
}

impl Operation<'_> {
    /// Whether it takes a body.
    pub(super) fn has_body(&self) -> bool {
        self.fields.contains_key("requestBody")
    }

    /// Its parameters in some place: `path`, `query` or `header`.
    pub(super) fn parameters<'o>(&'o self, place: &'o str) -> impl Iterator<Item = &'o str> {
        let all = self.fields.get("parameters").and_then(Value::as_sequence);
        let here = all.into_iter().flatten();
        let here = here.filter(move |it| it.get("in").and_then(Value::as_str) == Some(place));
        here.filter_map(|it| it.get("name")?.as_str())
    }

    /// Its answers, by status.
    pub(super) fn answers(&mut self) -> impl Iterator<Item = (u16, &mut Value)> {
        let answers = self.fields.get_mut("responses").and_then(Value::as_mapping_mut);
        let answers = answers.into_iter().flatten();
        answers.filter_map(|(status, answer)| Some((status.as_str()?.parse().ok()?, answer)))
    }
}

/// All operations, in the order of the paths.
pub(super) fn operations(document: &mut Value) -> impl Iterator<Item = Operation<'_>> {
    let paths = document.get_mut("paths").and_then(Value::as_mapping_mut).into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let path = path.as_str().unwrap_or_default();
        let item = item.as_mapping_mut().into_iter().flatten();
        item.filter_map(move |(key, operation)| {
            let method = METHODS.into_iter().find(|method| key.as_str() == Some(method))?;
            Some(Operation { method, path: path.to_owned(), fields: operation.as_mapping_mut()? })
        })
    })
}

/// A group of the components, such as `schemas`, made when there is none.
pub(super) fn components<'d>(document: &'d mut Value, group: &str) -> &'d mut Mapping {
    child(child(mapping(document), "components"), group)
}

/// What an operation or the like says under a name, made when it says nothing.
pub(super) fn child<'m>(parent: &'m mut Mapping, name: &str) -> &'m mut Mapping {
    mapping(parent.entry(name.into()).or_insert_with(|| Mapping::new().into()))
}

/// A value as the mapping that it is, or is to become.
fn mapping(value: &mut Value) -> &mut Mapping {
    if !value.is_mapping() {
        *value = Mapping::new().into();
    }
    let Value::Mapping(mapping) = value else { unreachable!("it was made one") };
    mapping
}

/// The name of the schema that is referred to.
pub(super) fn referred(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

/// A reference to a component.
pub(super) fn reference(group: &str, name: &str) -> Value {
    object([("$ref", format!("#/components/{group}/{name}").into())])
}

/// An object of fields in this order.
pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let fields = fields.map(|(name, value)| (Value::from(name), value));
    Mapping::from_iter(fields).into()
}

/// Visits every object of a part of the document, inner ones first.
pub(super) fn each_object(part: &mut Value, visit: &mut impl FnMut(&mut Mapping)) {
    match part {
        Value::Mapping(fields) => {
            fields.values_mut().for_each(|field| each_object(field, visit));
            visit(fields);
        }
        Value::Sequence(items) => items.iter_mut().for_each(|item| each_object(item, visit)),
        _ => {}
    }
}
