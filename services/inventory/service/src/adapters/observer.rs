//! What a read model tells those who keep copies of its stock levels.

use crate::use_cases::StockLevel;

/// Keeps copies of stock levels and must hear of every change.
pub(crate) trait LevelObserver: Send + Sync {
    /// The read model shows these levels from now on; told after a reader could first see them.
    fn changed(&self, levels: &mut dyn Iterator<Item = StockLevel>);

    /// The read model was replaced as a whole.
    fn replaced(&self);
}
