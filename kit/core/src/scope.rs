//! How much of the data a caller may see and change.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

/// All of the data, or only what belongs to some owners, by their ids. Cheap to clone.
///
/// ```
/// use kit_core::Scope;
/// use uuid::Uuid;
///
/// let (mine, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
/// assert!(Scope::All.allows(other));
/// assert!(Scope::only([mine]).allows(mine));
/// assert!(!Scope::only([mine]).allows(other));
/// assert!(!Scope::only([]).allows(mine));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Everything, as where nobody is asked who they are.
    #[default]
    All,
    /// What belongs to these owners.
    Only(Arc<BTreeSet<Uuid>>),
}

impl Scope {
    /// What belongs to these owners; of none it is nothing.
    #[must_use]
    pub fn only(owners: impl IntoIterator<Item = Uuid>) -> Self {
        Self::Only(Arc::new(owners.into_iter().collect()))
    }

    /// Whether what belongs to an owner is within it.
    #[must_use]
    pub fn allows(&self, owner: Uuid) -> bool {
        self.owners().is_none_or(|owners| owners.contains(&owner))
    }

    /// The owners that it is limited to; `None` where it is not.
    #[must_use]
    pub fn owners(&self) -> Option<&BTreeSet<Uuid>> {
        match self {
            Self::All => None,
            Self::Only(owners) => Some(owners),
        }
    }
}
