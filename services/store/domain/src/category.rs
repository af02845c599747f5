//! The category: a place in the tree by which products are sorted.

use uuid::Uuid;

use crate::change::replace;
use crate::word::words;
use crate::{Aggregate, CategoryCode, CategoryId, Change, Name};

#[cfg(test)]
mod tests;

/// A category as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// What the chain calls it, and products name it by; never changes, and no other category has it.
    pub code: CategoryCode,
    /// Its name for people.
    pub name: Name,
    /// The code of the category directly above it; one without is at the top.
    pub parent: Option<CategoryCode>,
    /// Whether it is in use.
    pub status: CategoryStatus,
}

words! {
    /// Whether a category is in use.
    CategoryStatus is "category status" {
        /// Products and other categories may be below it.
        #[default]
        Active = "active",
        /// It was removed; its code stays taken, and it may come back.
        Removed = "removed",
    }
}

impl CategoryId {
    /// Ids of categories are made from their codes in this namespace.
    const NAMESPACE: Uuid = Uuid::from_u128(0x1d0c_5b1e_73a4_4c55_9b0e_6a2f_08c1_d7e3);

    /// The id of the category with a code, in whatever case it is written: a code means one category for ever.
    #[must_use]
    pub fn of(code: &CategoryCode) -> Self {
        Self::from_uuid(Uuid::new_v5(&Self::NAMESPACE, code.folded().as_bytes()))
    }
}

/// The fields to change; the default changes nothing. The code is not among them: products name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CategoryChanges {
    /// New name, if any.
    pub name: Option<Name>,
    /// What to do to the category above it.
    pub parent: Change<CategoryCode>,
    /// New status, if any.
    pub status: Option<CategoryStatus>,
}

impl Aggregate for Category {
    type Id = CategoryId;
    type Code = CategoryCode;
    type Changes = CategoryChanges;

    const NOUN: &'static str = "category";
    const CODE_NOUN: &'static str = "code";
    const REGISTERED: &'static str = "CategoryRegisteredEvent";
    const UPDATED: &'static str = "CategoryUpdatedEvent";
    const ALREADY_REGISTERED_CODE: &'static str = "category-already-registered";
    const NOT_FOUND_CODE: &'static str = "category-not-found";
    const IS_TREE: bool = true;
    const HAS_USERS: bool = true;

    fn id(&self) -> CategoryId {
        CategoryId::of(&self.code)
    }

    fn code(&self) -> &CategoryCode {
        &self.code
    }

    fn parent(&self) -> Option<CategoryId> {
        self.parent.as_ref().map(CategoryId::of)
    }

    fn parent_code(&self) -> Option<&CategoryCode> {
        self.parent.as_ref()
    }

    fn is_removed(&self) -> bool {
        self.status == CategoryStatus::Removed
    }

    fn apply(mut self, changes: &CategoryChanges) -> Self {
        replace(&mut self.name, changes.name.as_ref());
        changes.parent.apply(&mut self.parent);
        replace(&mut self.status, changes.status.as_ref());
        self
    }
}
