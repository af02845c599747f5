//! How far a follower is: its position, what it passes over, and waiting until it is further.

use std::sync::Arc;
use std::time::Duration;

use kit_core::Position;
use tokio::sync::{Notify, watch};

use crate::parking::Parking;
use crate::projection::Projection;

/// The position that a view has reached, but for the streams that it passes over.
#[derive(Clone, Debug)]
pub struct Progress {
    position: watch::Receiver<Position>,
    parking: Parking,
    hurry: Arc<Notify>,
}

/// The other end of a [`Progress`]: it is advanced by the task that keeps the view up to date; clones are the same one.
#[derive(Clone, Debug)]
pub struct Tracker {
    pub(crate) position: watch::Sender<Position>,
    pub(crate) hurry: Arc<Notify>,
}

impl Tracker {
    /// Moves it on to a position that another process has brought the view to; never back.
    pub fn reached(&self, position: Position) {
        self.position.send_if_modified(|at| {
            let is_further = position > *at;
            *at = position.max(*at);
            is_further
        });
    }
}

impl Progress {
    /// The progress of a view and the handle that moves it on.
    #[must_use]
    pub fn of(view: &dyn Projection) -> (Tracker, Self) {
        Self::starting_at(Position::ZERO, view)
    }

    /// The same for a view that is complete up to a position already.
    #[must_use]
    pub fn starting_at(position: Position, view: &dyn Projection) -> (Tracker, Self) {
        Self::passing_over(view.parking(), position)
    }

    /// The same for a view that another process may keep up to date, with the streams that it passes over.
    #[must_use]
    pub fn passing_over(parking: Parking, position: Position) -> (Tracker, Self) {
        let (sender, position) = watch::channel(position);
        let hurry = Arc::new(Notify::new());
        let tracker = Tracker { position: sender, hurry: Arc::clone(&hurry) };
        (tracker, Self { position, parking, hurry })
    }

    /// The streams that the view passes over.
    #[must_use]
    pub const fn parking(&self) -> &Parking {
        &self.parking
    }

    /// The position up to which the view is complete.
    pub fn position(&self) -> Position {
        *self.position.borrow()
    }

    /// Waits until the view has a position; false when it takes longer than `at_most`.
    pub async fn reach(&self, position: Position, at_most: Duration) -> bool {
        if self.position() >= position {
            return true;
        }
        self.hurry.notify_one();
        let mut receiver = self.position.clone();
        let reached = receiver.wait_for(|at| *at >= position);
        matches!(tokio::time::timeout(at_most, reached).await, Ok(Ok(_)))
    }
}
