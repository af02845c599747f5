//! The kinds of file whose imports keep their progress.

use super::deterministic_ids::Part;

/// What a file is imported as, where lines change stock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// As it is called on the command line, and in the names of states.
    pub(super) name: &'static str,
    /// The part that its imports begin with.
    pub(super) first: Part,
}

impl Kind {
    pub(super) const STOCK: Self = Self { name: "stock", first: Part::Lines };
    pub(super) const COUNTS: Self = Self { name: "counts", first: Part::Lines };
    pub(super) const SALES: Self = Self { name: "sales", first: Part::Receipts };
    pub(super) const ALL: [Self; 3] = [Self::STOCK, Self::COUNTS, Self::SALES];
}
