//! Change notifications of a read model to the keepers of copies, such as the cache.

use crate::use_cases::StockLevel;

/// A keeper of copies of stock levels, which must be notified of every change.
pub(crate) trait LevelObserver: Send + Sync {
    /// The read model shows these levels from now on. Called after they became visible to readers.
    fn changed(&self, levels: &mut dyn Iterator<Item = StockLevel>);

    /// The read model was replaced as a whole.
    fn replaced(&self);
}
