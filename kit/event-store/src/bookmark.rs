//! How far followers have read, so that a log in memory knows what it need not keep.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use kit_core::Position;

/// A follower's place in a log. While it exists, the log keeps what comes after it at hand, within its own limits.
#[derive(Clone, Debug, Default)]
pub struct Bookmark(Arc<AtomicU64>);

impl Bookmark {
    /// Moves it on: everything up to here has been read.
    pub fn pass(&self, position: Position) {
        self.0.store(position.get(), Ordering::Relaxed);
    }
}

/// The bookmarks in one log.
#[derive(Debug, Default)]
pub struct Bookmarks(Vec<Weak<AtomicU64>>);

impl Bookmarks {
    /// A new one, at the log's beginning; it is forgotten when its last clone is dropped.
    pub fn add(&mut self) -> Bookmark {
        let bookmark = Bookmark::default();
        self.0.push(Arc::downgrade(&bookmark.0));
        bookmark
    }

    /// The position that all of them have passed; `None` when there are none.
    pub fn passed(&mut self) -> Option<Position> {
        let mut passed = None;
        self.0.retain(|one| {
            let Some(at) = one.upgrade() else { return false };
            let at = Position::new(at.load(Ordering::Relaxed));
            passed = Some(passed.map_or(at, |least: Position| least.min(at)));
            true
        });
        passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_of_those_that_are_left_counts() {
        let mut bookmarks = Bookmarks::default();
        assert_eq!(bookmarks.passed(), None);
        let (fast, slow) = (bookmarks.add(), bookmarks.add());
        fast.pass(Position::new(9));
        assert_eq!(bookmarks.passed(), Some(Position::ZERO), "a new one has passed nothing");
        slow.pass(Position::new(4));
        assert_eq!(bookmarks.passed(), Some(Position::new(4)));
        drop(slow);
        assert_eq!(bookmarks.passed(), Some(Position::new(9)));
        drop(fast);
        assert_eq!(bookmarks.passed(), None);
    }
}
