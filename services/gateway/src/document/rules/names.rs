//! Names: one way to write operation ids and schemas, and no copy of a schema that has a name.

use std::collections::{BTreeMap, BTreeSet};

use yaml_serde::{Mapping, Value};

use super::tree::{components, each_object, operations, reference, referred};

/// What the ids of operations that only read begin with.
const READING: [&str; 6] = ["get", "list", "check", "follow", "look", "read"];

/// What utoipa calls a page of something.
const PAGE: &str = "Page_";

pub(super) fn apply(document: &mut Value) {
    for operation in operations(document) {
        let Some(id) = operation.fields.get_mut("operationId") else { continue };
        *id = operation_id(operation.method, id.as_str().unwrap_or_default()).into();
    }
    name_page_items(document);
    rename_schemas(document);
}

/// `list_products` as `listProducts`, and what only names a thing, such as `store`, with the verb: `getStore`.
fn operation_id(method: &str, id: &str) -> String {
    let camel = words(id, '_');
    let verb = camel.find(char::is_uppercase).map_or(camel.as_str(), |end| &camel[..end]);
    if method != "get" || READING.contains(&verb) {
        return camel;
    }
    format!("get{}", capital(&camel))
}

/// Words between separators, written together with capitals in between.
fn words(text: &str, separator: char) -> String {
    let mut words = text.split(separator);
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |all, word| all + &capital(word))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Pages refer to the schema of their items instead of having a copy of it.
fn name_page_items(document: &mut Value) {
    let schemas = components(document, "schemas");
    let mut missing = Mapping::new();
    let known: BTreeSet<String> =
        schemas.keys().filter_map(|name| Some(name.as_str()?.to_owned())).collect();
    for (name, schema) in schemas.iter_mut() {
        let Some(item) = name.as_str().and_then(|name| name.strip_prefix(PAGE)) else { continue };
        let items = ["properties", "items", "items"];
        let items = items.into_iter().try_fold(schema, |schema, field| schema.get_mut(field));
        let Some(items) = items.filter(|items| referred(items).is_none()) else { continue };
        let copy = std::mem::replace(items, reference("schemas", item));
        if !known.contains(item) {
            missing.insert(item.into(), copy);
        }
    }
    schemas.extend(missing);
}

/// Names as the field has them: `Webhook` rather than `WebhookBody`, `ProductPage` rather than `Page_Product`.
fn rename_schemas(document: &mut Value) {
    let schemas = components(document, "schemas");
    let names: Vec<String> =
        schemas.keys().filter_map(|name| Some(name.as_str()?.to_owned())).collect();
    let names = new_names(&names);
    let renamed = std::mem::take(schemas).into_iter().map(|(name, schema)| {
        let new = name.as_str().and_then(|name| names.get(name));
        (new.map_or(name.clone(), |new| new.as_str().into()), schema)
    });
    let mut renamed: Vec<_> = renamed.collect();
    renamed.sort_by(|(one, _), (other, _)| one.as_str().cmp(&other.as_str()));
    schemas.extend(renamed);
    each_object(document, &mut |fields| {
        let Some(target) = fields.get_mut("$ref") else { return };
        let name = target.as_str().and_then(|it| it.strip_prefix("#/components/schemas/"));
        if let Some(new) = name.and_then(|name| names.get(name)) {
            *target = format!("#/components/schemas/{new}").into();
        }
    });
}

/// The new name of each schema that gets one; a name that another schema has already is given to none.
fn new_names(names: &[String]) -> BTreeMap<String, String> {
    let mut taken: BTreeSet<String> = names.iter().cloned().collect();
    let mut new = BTreeMap::new();
    for name in names {
        let candidates = match name.strip_prefix(PAGE) {
            Some(item) => vec![format!("{}Page", short(item)), format!("{}List", short(item))],
            None => vec![short(name)],
        };
        if let Some(free) = candidates.into_iter().find(|it| !taken.contains(it)) {
            taken.insert(free.clone());
            new.insert(name.clone(), free);
        }
    }
    new
}

/// A name without what says how the code keeps apart a thing and how it looks on the wire.
fn short(name: &str) -> String {
    let name = name.strip_suffix("Word").unwrap_or(name);
    let mut parts = name.split("Body");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        // the beginning of a longer word, such as `Bodyguard`, is none
        let is_end = part.chars().next().is_none_or(char::is_uppercase);
        all + if is_end { "" } else { "Body" } + part
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_begin_with_a_verb_and_have_one_casing() {
        assert_eq!(operation_id("get", "list_products"), "listProducts");
        assert_eq!(operation_id("get", "store"), "getStore");
        assert_eq!(operation_id("get", "webhookDelivery"), "getWebhookDelivery");
        assert_eq!(operation_id("get", "checkAvailability"), "checkAvailability");
        assert_eq!(operation_id("post", "register_store"), "registerStore");
    }

    #[test]
    fn names_are_short_but_never_taken_twice() {
        let names = ["AlertBody", "ChannelWord", "Page_AlertBody", "Page_Stock", "StockPage"];
        let names = new_names(&names.map(str::to_owned));
        assert_eq!(names["AlertBody"], "Alert");
        assert_eq!(names["ChannelWord"], "Channel");
        assert_eq!(names["Page_AlertBody"], "AlertPage");
        assert_eq!(names["Page_Stock"], "StockList");
        assert_eq!(new_names(&["AlertBody".into(), "Alert".into()]), BTreeMap::new());
        assert_eq!(short("TransferBodyLine"), "TransferLine");
        assert_eq!(short("Bodyguard"), "Bodyguard");
    }
}
