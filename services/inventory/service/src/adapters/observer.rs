//! Change notifications of a read model to the keepers of copies, such as the cache.

use kit_core::Position;

use super::fold::LevelKey;
use crate::use_cases::StockLevel;

/// A keeper of copies of stock levels, which must be notified of every change.
pub(crate) trait LevelObserver: Send + Sync {
    /// The read model has these levels from now on. Called after they became visible to readers.
    ///
    /// They are as the events made them: a `next_deadline` that has passed says that some of what is reserved is free.
    fn changed(&self, levels: &mut dyn Iterator<Item = StockLevel>);

    /// These levels were changed last at these positions, and who copied an earlier state must forget it. Told instead of
    /// [`Self::changed`] where another process has written them, after they became visible to readers.
    fn outdated(&self, levels: &mut dyn Iterator<Item = (LevelKey, Position)>);

    /// The read model was replaced as a whole, or levels were changed that are not told, before it showed this position.
    fn replaced(&self, at: Position);
}
