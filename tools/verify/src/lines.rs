//! The lines of reservations, from creation to their single ending: I4.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde::Serialize;
use uuid::Uuid;

use super::entry::{Broken, Invariant, require};

/// Bounds of a new reservation's time to live, in milliseconds.
const TIME_TO_LIVE: std::ops::RangeInclusive<i64> = 1_000..=90 * 86_400_000;

/// How long an id is kept from being used again, in milliseconds.
const ID_KEPT: i64 = 30 * 86_400_000;

/// The end of a chain of lines.
const NONE: u32 = u32::MAX;

/// All lines of all reservations.
#[derive(Default)]
pub(super) struct Lines {
    /// The newest line of each reservation.
    newest: HashMap<u128, u32, RandomState>,
    all: Vec<Line>,
    reservations: u64,
    superseded: usize,
    texts: RandomState,
}

/// What a reservation holds of one stock level.
pub(super) struct Line {
    pub(super) level: u32,
    /// The line of the same reservation that was made before this one.
    next: u32,
    /// Units reserved at first.
    pub(super) quantity: u32,
    pub(super) committed: u32,
    /// Units still held.
    pub(super) held: u32,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
    /// 0 while it is active.
    pub(super) ended_at: i64,
    /// Position of the first event of the transaction that made it.
    transaction: u64,
    pub(super) order: u64,
    pub(super) sale: u64,
    pub(super) status: Status,
    /// Whether the reservation's id was used again for the same product, long after this line had ended.
    pub(super) superseded: bool,
}

/// Reservations made, and how their lines stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Number of reservations made.
    pub made: u64,
    /// Lines of them.
    pub lines: usize,
    /// Lines that were sold.
    pub committed: u64,
    /// Lines that were released.
    pub cancelled: u64,
    /// Lines whose time was over.
    pub expired: u64,
    /// Lines that were left out of a sale.
    pub partial_commit: u64,
    /// Lines that were revoked because units were missing.
    pub shortage: u64,
    /// Lines whose units left for another store.
    pub transferred: u64,
    /// Lines that hold units.
    pub active: u64,
}

/// Status of a line; the numbers are those of the views.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Active = 0,
    Committed = 1,
    Cancelled = 2,
    Expired = 3,
    PartialCommit = 4,
    Shortage = 5,
    Transferred = 6,
}

/// A new line of a reservation.
pub(super) struct Made {
    pub(super) reservation: Uuid,
    pub(super) level: u32,
    pub(super) quantity: i64,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
    pub(super) transaction: u64,
    pub(super) order: u64,
}

/// How a line ends, or becomes less.
#[derive(Clone, Copy)]
pub(super) struct Ending {
    pub(super) status: Status,
    /// Units that are not held any more.
    pub(super) released: i64,
    /// Units that are still held; none ends the line.
    pub(super) kept: i64,
    /// Those of them that were sold.
    pub(super) committed: i64,
    pub(super) at: i64,
    pub(super) sale: u64,
}

impl Lines {
    /// Records a new line; `product` gives the product of a level.
    pub(super) fn make(
        &mut self,
        made: &Made,
        product: impl Fn(u32) -> Uuid,
    ) -> Result<(), Broken> {
        let id = made.reservation;
        check_deadline(id, made.created_at, made.expires_at)?;
        let index = u32::try_from(self.all.len()).ok().filter(|index| *index != NONE);
        let index = index.ok_or_else(|| Broken {
            invariant: Invariant::I5,
            message: "the log has more than 4 billion reservation lines".to_owned(),
        })?;
        let next = self.newest.get(&id.as_u128()).copied().unwrap_or(NONE);
        let before = self.all.get(next as usize).map(|line| line.transaction);
        // lines of one command are one reservation, in one store: that is checked of all commands
        if before != Some(made.transaction) {
            self.check_made_again(made)?;
            self.reservations += 1;
        }
        let same = |line: &Line| product(line.level) == product(made.level);
        if let Some((older, _)) = self.find(id, same) {
            self.all[older as usize].superseded = true;
            self.superseded += 1;
        }
        self.all.push(made.line(next));
        self.newest.insert(id.as_u128(), index);
        Ok(())
    }

    /// An id may come again only when all of it has ended and its claim has run out.
    fn check_made_again(&self, made: &Made) -> Result<(), Broken> {
        let id = made.reservation;
        let holds = |line: &Line| {
            line.status == Status::Active || made.created_at - line.expires_at < ID_KEPT
        };
        require(self.find(id, holds).is_none(), Invariant::I4, || {
            format!("reservation {id} was made before")
        })
    }

    /// Ends the line of a reservation in a stock level, or leaves it with fewer units.
    pub(super) fn end(&mut self, id: Uuid, level: u32, ending: Ending) -> Result<(), Broken> {
        let line = self.active(id, level)?;
        check_when(id, line.expires_at, ending)?;
        let Ending { status, released, kept, committed, at, sale } = ending;
        require(released + kept == i64::from(line.held), Invariant::I4, || {
            let (how, held) = (status.says(), line.held);
            format!(
                "reservation {id} held {held} here, but {released} were {how} or returned and {kept} kept"
            )
        })?;
        let partly = kept == 0 || matches!(status, Status::Committed | Status::Cancelled);
        require(partly, Invariant::I4, || {
            format!("reservation {id} was {} and keeps {kept} all the same", status.says())
        })?;
        // at most what was held, see above
        line.committed += u32::try_from(committed).unwrap_or(u32::MAX);
        line.held = u32::try_from(kept).unwrap_or(u32::MAX);
        if sale != 0 {
            line.sale = sale;
        }
        if kept == 0 {
            (line.status, line.ended_at) = (status, at);
        }
        Ok(())
    }

    /// The latest deadline of the reservation that a line belongs to: the views have it in all of its lines.
    pub(super) fn deadline(&self, id: Uuid, line: &Line) -> i64 {
        let own = self.chain(id).filter(|(_, other)| other.transaction == line.transaction);
        own.map(|(_, line)| line.expires_at).max().unwrap_or(line.expires_at)
    }

    /// Gives the line of a reservation in a stock level a later deadline.
    pub(super) fn extend(
        &mut self,
        id: Uuid,
        level: u32,
        at: i64,
        expires_at: i64,
    ) -> Result<(), Broken> {
        let line = self.active(id, level)?;
        let deadline = line.expires_at;
        require(at < deadline, Invariant::I4, || {
            format!("reservation {id} was extended {} ms after its deadline", at - deadline)
        })?;
        require(expires_at > deadline, Invariant::I4, || {
            format!(
                "reservation {id} was extended to {} ms before its deadline",
                deadline - expires_at
            )
        })?;
        line.expires_at = expires_at;
        check_deadline(id, at, expires_at)
    }

    fn active(&mut self, id: Uuid, level: u32) -> Result<&mut Line, Broken> {
        let found = self.find(id, |line| line.level == level).map(|(index, _)| index);
        let Some(index) = found else {
            let message = format!("reservation {id} was never made here");
            return Err(Broken { invariant: Invariant::I4, message });
        };
        let line = &mut self.all[index as usize];
        require(line.status == Status::Active, Invariant::I4, || {
            format!("reservation {id} has ended here already: it was {}", line.status.says())
        })?;
        Ok(line)
    }

    /// The newest line of a reservation that is like this.
    pub(super) fn find(&self, id: Uuid, is: impl Fn(&Line) -> bool) -> Option<(u32, &Line)> {
        self.chain(id).find(|(_, line)| is(line))
    }

    /// The lines of a reservation, newest first.
    fn chain(&self, id: Uuid) -> impl Iterator<Item = (u32, &Line)> {
        let line = |index: u32| Some((index, self.all.get(index as usize)?));
        let newest = self.newest.get(&id.as_u128()).copied();
        std::iter::successors(newest.and_then(line), move |(_, before)| line(before.next))
    }

    /// All lines, in the order in which they were made.
    pub(super) fn all(&self) -> impl ExactSizeIterator<Item = &Line> {
        self.all.iter()
    }

    /// The reservations that still hold something.
    #[cfg(any(feature = "mysql", feature = "postgres"))]
    pub(super) fn holding(&self) -> impl Iterator<Item = Uuid> {
        let is_active = |(_, line): (u32, &Line)| line.status == Status::Active;
        let ids = self.newest.keys().map(|id| Uuid::from_u128(*id));
        ids.filter(move |id| self.chain(*id).any(is_active))
    }

    /// How many lines the views have: all but those whose id and product came again.
    pub(super) fn present(&self) -> usize {
        self.all.len() - self.superseded
    }

    /// The id of the reservation that a line belongs to. Looks through all of them: for messages.
    pub(super) fn reservation_of(&self, wanted: u32) -> Option<Uuid> {
        let mut ids = self.newest.keys().map(|id| Uuid::from_u128(*id));
        ids.find(|id| self.chain(*id).any(|(index, _)| index == wanted))
    }

    /// A number that stands for a text, 0 for none: enough to distinguish texts, and much smaller.
    pub(super) fn mark(&self, text: Option<&str>) -> u64 {
        use std::hash::BuildHasher;
        text.map_or(0, |text| self.texts.hash_one(text) | 1)
    }

    /// Reservations, and how their lines stand.
    pub(super) fn counts(&self) -> Counts {
        let made = self.reservations;
        let mut counts = Counts { made, lines: self.all.len(), ..Counts::default() };
        for line in &self.all {
            *match line.status {
                Status::Active => &mut counts.active,
                Status::Committed => &mut counts.committed,
                Status::Cancelled => &mut counts.cancelled,
                Status::Expired => &mut counts.expired,
                Status::PartialCommit => &mut counts.partial_commit,
                Status::Shortage => &mut counts.shortage,
                Status::Transferred => &mut counts.transferred,
            } += 1;
        }
        counts
    }
}

impl Made {
    fn line(&self, next: u32) -> Line {
        Line {
            level: self.level,
            next,
            // within the bounds of units, which the caller has checked
            quantity: u32::try_from(self.quantity).unwrap_or(u32::MAX),
            committed: 0,
            held: u32::try_from(self.quantity).unwrap_or(u32::MAX),
            created_at: self.created_at,
            expires_at: self.expires_at,
            ended_at: 0,
            transaction: self.transaction,
            order: self.order,
            sale: 0,
            status: Status::Active,
            superseded: false,
        }
    }
}

impl Status {
    const fn says(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Committed => "committed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::PartialCommit => "left out of the sale",
            Self::Shortage => "revoked",
            Self::Transferred => "sent to another store",
        }
    }
}

/// A line expires at or after its deadline, and ends before it in every other way.
fn check_when(id: Uuid, deadline: i64, Ending { status, at, .. }: Ending) -> Result<(), Broken> {
    let late = at - deadline;
    if status == Status::Expired {
        require(late >= 0, Invariant::I4, || {
            format!("reservation {id} expired {} ms before its deadline", -late)
        })
    } else {
        require(late < 0, Invariant::I4, || {
            let how = status.says();
            format!("reservation {id} was {how} {late} ms after its deadline")
        })
    }
}

fn check_deadline(id: Uuid, from: i64, until: i64) -> Result<(), Broken> {
    let given = until - from;
    require(TIME_TO_LIVE.contains(&given), Invariant::I4, || {
        format!("reservation {id} is given {given} ms, outside 1 second to 90 days")
    })
}
