//! Bodies about categories: what callers send and see.

use gondola_contracts::surrogate_keys;
use gondola_store_domain::{
    Aggregate, Category, CategoryChanges, CategoryCode, CategoryStatus, Name,
};
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::patch::{Patch, field};
use super::word::word_list;
use super::{PublicResource, Resource};
use crate::use_cases::Entry;

word_list! {
    /// Whether a category is in use.
    CategoryStatusWord as CategoryStatus of CategoryStatus {
        /// Products and other categories may be below it.
        Active,
        /// It was removed; its code stays taken, and it may come back.
        Removed,
    }
}

/// A category to add to the tree.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RegisterCategory {
    /// What the chain calls it, and products name it by: unique, and never changes. Not a UUID.
    #[schema(min_length = 1, max_length = 64, example = "AUDIO")]
    code: String,
    /// Its name for people.
    #[schema(min_length = 1, max_length = 200, example = "Audio")]
    name: String,
    /// The code of the category directly above it; at the top when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64, example = "ELECTRONICS")]
    parent: Option<String>,
}

impl RegisterCategory {
    /// The category.
    pub(super) fn parse(&self) -> Result<Category, Problem> {
        let parent = self.parent.as_deref().map(CategoryCode::new).transpose();
        Ok(Category {
            code: field("code", CategoryCode::new(&self.code))?,
            name: field("name", Name::new(&self.name))?,
            parent: field("parent", parent)?,
            status: CategoryStatus::Active,
        })
    }
}

/// What to change of a category (JSON merge patch): what is absent stays, null removes. The code never changes.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct UpdateCategory {
    /// Its name for people.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = String, required = false, max_length = 200, example = "Audio and headphones")]
    name: Patch<String>,
    /// The code of the category directly above it; null moves it to the top.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, max_length = 64)]
    parent: Patch<String>,
    /// Whether it is in use. One that others stand below, or that products name, cannot be removed.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = CategoryStatusWord, required = false)]
    status: Patch<CategoryStatusWord>,
}

impl UpdateCategory {
    pub(super) fn parse(&self) -> Result<CategoryChanges, Problem> {
        Ok(CategoryChanges {
            name: self.name.replace("name", |text| Name::new(text))?,
            parent: self.parent.change("parent", |code| CategoryCode::new(code))?,
            status: self.status.replace("status", |word| Ok::<_, Problem>(word.domain()))?,
        })
    }
}

/// A category of the tree.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Category)]
pub(super) struct CategoryBody {
    /// Which category; made from its code, so the same everywhere.
    category_id: Uuid,
    /// What the chain calls it, and products name it by; unique, and never changes.
    #[schema(example = "AUDIO")]
    code: String,
    /// Its name for people.
    #[schema(example = "Audio")]
    name: String,
    /// The code of the category directly above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "ELECTRONICS")]
    parent: Option<String>,
    /// Whether it is in use.
    status: CategoryStatusWord,
    /// How many changes it has had; also its `ETag`.
    #[schema(example = 1)]
    version: u64,
    /// After a change: its position in the catalogue's log, for `minPosition` of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 42)]
    position: Option<u64>,
}

impl Resource for Category {
    type Body = CategoryBody;

    const PATH: &'static str = "/api/v1/categories";
    const ORDER: &'static str = "categories by code";
    const ID_MEMBER: &'static str = "categoryId";
    const CODE_MEMBER: &'static str = "categoryCode";
    const ALREADY_REGISTERED: &'static str = "Category already registered";

    fn body(Entry { state, version }: &Entry<Self>, position: Option<u64>) -> CategoryBody {
        CategoryBody {
            category_id: state.id().as_uuid(),
            code: state.code.to_string(),
            name: state.name.to_string(),
            parent: state.parent.as_ref().map(ToString::to_string),
            status: CategoryStatusWord::of(state.status),
            version: version.get(),
            position,
        }
    }
}

impl PublicResource for Category {
    fn keys_of_one(&self) -> String {
        surrogate_keys::of_category(self.id().as_uuid())
    }

    fn keys_of_list() -> String {
        surrogate_keys::of_categories()
    }
}
