//! The OpenAPI document of the whole product, made of the services' parts.

mod common;
mod rules;
mod tree;

use kit_http::Contract;
use serde::{Serialize, Serializer};
use utoipa::openapi::OpenApi;
use yaml_serde::Value;

use crate::access::document_access;

/// An OpenAPI document, 3.1, after all rules. Its fields stand in the order of the code that they describe.
#[derive(Clone, Debug)]
pub struct Document(Value);

impl Document {
    /// Whether it has operations at a path, such as `/api/v1/live`.
    pub fn has_path(&self, path: &str) -> bool {
        self.0.get("paths").is_some_and(|paths| paths.get(path).is_some())
    }

    /// What its operations take, to hold a refused request against.
    ///
    /// # Panics
    /// Never, as [`Document::to_json`].
    pub fn contract(&self) -> Contract {
        let document =
            serde_json::to_value(&self.0).expect("an OpenAPI document has text keys only");
        Contract::of(&document)
    }

    /// As JSON, short.
    ///
    /// # Panics
    /// Never: all that a document consists of can be JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.0).expect("an OpenAPI document has text keys only")
    }

    /// As JSON that people can read.
    ///
    /// # Panics
    /// Never, as [`Document::to_json`].
    pub fn to_pretty_json(&self) -> String {
        serde_json::to_string_pretty(&self.0).expect("an OpenAPI document has text keys only")
    }

    /// As YAML, in which all other tools of the field can read it.
    ///
    /// # Panics
    /// Never: a document is a tree of texts and numbers.
    pub fn to_yaml(&self) -> String {
        yaml_serde::to_string(&self.0).expect("an OpenAPI document is a tree of texts and numbers")
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

/// The document of all `parts`, with what they share: title and conventions, tags, problems, health, who may do what; and then as
/// ADR 067 wants every operation to be described, whichever part it comes from.
///
/// Of paths and schemas that several parts have under one name the first is taken.
///
/// # Panics
/// Never: every OpenAPI document is a tree.
pub fn document(parts: impl IntoIterator<Item = OpenApi>) -> Document {
    let mut document = parts.into_iter().fold(common::common(), OpenApi::merge_from);
    // a part may name a tag too; ours says more
    let mut seen = std::collections::HashSet::new();
    if let Some(tags) = &mut document.tags {
        tags.retain(|tag| seen.insert(tag.name.clone()));
    }
    document_access(&mut document);
    let mut tree = yaml_serde::to_value(&document).expect("an OpenAPI document is a tree");
    rules::apply(&mut tree);
    Document(tree)
}
