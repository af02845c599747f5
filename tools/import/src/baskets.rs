//! Baskets that another import has dealt with: exports of sales overlap, and a sale is booked once.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use sha2::{Digest, Sha256};

use super::booked::Booked;
use super::line_ledger::{Entry, Fate};

/// Lines that are compared at the same time, which takes about 50 MB; more are compared in several passes.
const LINES_PER_PASS: usize = 250_000;

/// What becomes of the lines of a file, as far as it is known before they are sent; takes a byte a line.
#[derive(Debug, Default)]
pub(super) struct Fates(Vec<Fate>);

impl Fates {
    /// What becomes of a line.
    pub(super) fn of(&self, line: u64) -> Fate {
        let index = usize::try_from(line).unwrap_or(usize::MAX);
        self.0.get(index).copied().unwrap_or_default()
    }

    /// Decides it for a line.
    pub(super) fn set(&mut self, line: u64, fate: Fate) {
        let index = usize::try_from(line).unwrap_or(usize::MAX);
        if self.0.len() <= index {
            self.0.resize(index + 1, Fate::Own);
        }
        self.0[index] = fate;
    }

    /// The lines that this import does not book.
    pub(super) fn decided(&self) -> impl Iterator<Item = (u64, Fate)> {
        let lines = (0..).zip(self.0.iter().copied());
        lines.filter(|(_, fate)| *fate != Fate::Own)
    }
}

/// The lines of a basket, by what was sold.
#[derive(Debug, Default)]
struct Basket {
    /// Those that are to be decided, with their numbers.
    present: Vec<(u64, u64)>,
    /// Those that an earlier run of this import has dealt with, and what became of them.
    dealt_with: Vec<(u64, Fate)>,
    /// Those that other imports have booked.
    booked: Vec<u64>,
    /// Those that other imports know and have not booked.
    open: Vec<u64>,
}

impl Basket {
    /// Decides what becomes of its lines; `partial` says that not all of them need be there.
    ///
    /// What was booked is not booked again. A line that was rejected may come again, corrected or not. A basket with any
    /// other difference is not the one that was booked.
    fn decide(mut self, partial: bool, mut decided: impl FnMut(u64, Fate)) {
        if self.booked.is_empty() && self.open.is_empty() {
            return;
        }
        let mut is_changed = self.leave_out_what_is_dealt_with();
        let mut before = Vec::new();
        let mut unknown = 0;
        for (digest, line) in &self.present {
            if take(&mut self.booked, *digest) {
                before.push(*line);
            } else if !take(&mut self.open, *digest) {
                unknown += 1;
            }
        }
        is_changed |= unknown > self.open.len() || !(partial || self.booked.is_empty());
        if is_changed {
            for (_, line) in self.present {
                decided(line, Fate::BasketChanged);
            }
        } else {
            for line in before {
                decided(line, Fate::Before);
            }
        }
    }

    /// Takes the lines that are dealt with off those of the other imports; whether the basket was found to be another one.
    fn leave_out_what_is_dealt_with(&mut self) -> bool {
        let mut is_changed = false;
        for (digest, fate) in std::mem::take(&mut self.dealt_with) {
            match fate {
                Fate::Before => drop(take(&mut self.booked, digest)),
                // where the other import has seen it since, that one knows it as booked before
                Fate::Own | Fate::Rejected => drop(take(&mut self.open, digest)),
                Fate::BasketChanged => is_changed = true,
            }
        }
        is_changed
    }
}

/// Takes a line out of others; whether it was there.
fn take(from: &mut Vec<u64>, digest: u64) -> bool {
    let found = from.iter().position(|known| *known == digest);
    found.map(|index| from.swap_remove(index)).is_some()
}

/// Compares the baskets of a file with those of other imports; `partial` says that its baskets need not be whole.
pub(super) fn compare(
    own: &Booked,
    others: &[Booked],
    partial: bool,
    fates: &mut Fates,
) -> anyhow::Result<()> {
    if others.is_empty() {
        return Ok(());
    }
    let mut lines = 0;
    own.ledger.scan(|_, entry| lines += usize::from(entry.basket != 0))?;
    let passes = lines.div_ceil(LINES_PER_PASS) as u128;
    for pass in 0..passes {
        let mut baskets: HashMap<u128, Basket, RandomState> = HashMap::default();
        own.ledger.scan(|line, entry| {
            if entry.basket == 0 || entry.basket % passes != pass {
                return;
            }
            let basket = baskets.entry(entry.basket).or_default();
            match own.dealt_with(line, entry) {
                Some(fate) => basket.dealt_with.push((entry.digest, fate)),
                None => basket.present.push((entry.digest, line)),
            }
        })?;
        baskets.retain(|_, basket| !basket.present.is_empty());
        for other in others {
            other.ledger.scan(|line, entry| {
                let Some(basket) = baskets.get_mut(&entry.basket) else { return };
                match (entry.fate, other.dealt_with(line, entry)) {
                    (_, Some(Fate::Own)) => basket.booked.push(entry.digest),
                    (Fate::Own | Fate::Rejected, _) => basket.open.push(entry.digest),
                    (Fate::Before | Fate::BasketChanged, _) => {}
                }
            })?;
        }
        for basket in baskets.into_values() {
            basket.decide(partial, |line, fate| fates.set(line, fate));
        }
    }
    Ok(())
}

/// A line of a basket: two are equal when they sold the same.
pub(super) fn entry(store: &str, basket: &str, sku: &str, quantity: &str) -> Entry {
    let (basket, sold) = (hashed(&[store, basket]), hashed(&[sku, quantity]));
    // 0 is no basket
    Entry { basket: basket.max(1), digest: (sold >> 64) as u64, fate: Fate::Own }
}

/// A number that texts have in common with no others.
fn hashed(parts: &[&str]) -> u128 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    let bytes: [u8; 32] = digest.finalize().into();
    bytes.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(present: &[u64], booked: &[u64], open: &[u64], partial: bool) -> Vec<Fate> {
        decided_after(&[], present, booked, open, partial)
    }

    fn decided_after(
        dealt_with: &[(u64, Fate)],
        present: &[u64],
        booked: &[u64],
        open: &[u64],
        partial: bool,
    ) -> Vec<Fate> {
        let basket = Basket {
            present: present.iter().copied().zip(0..).collect(),
            dealt_with: dealt_with.to_vec(),
            booked: booked.to_vec(),
            open: open.to_vec(),
        };
        let mut fates = vec![Fate::Own; present.len()];
        basket.decide(partial, |line, fate| fates[usize::try_from(line).unwrap()] = fate);
        fates
    }

    #[test]
    fn a_basket_is_booked_once_and_taken_only_as_it_was() {
        use Fate::{BasketChanged as Changed, Before, Own};
        for (present, booked, open, expected) in [
            (&[1, 2][..], &[][..], &[][..], &[Own, Own][..]),
            (&[1, 2], &[2, 1], &[], &[Before, Before]),
            // the same line twice is two lines
            (&[1, 1], &[1, 1], &[], &[Before, Before]),
            (&[1, 1], &[1], &[], &[Changed, Changed]),
            (&[1, 2, 3], &[1, 2], &[], &[Changed, Changed, Changed]),
            (&[1], &[1, 2], &[], &[Changed]),
            (&[3], &[1], &[], &[Changed]),
            // 2 was rejected, or never sent
            (&[1, 2], &[1], &[2], &[Before, Own]),
            // it was corrected where it comes from
            (&[1, 3], &[1], &[2], &[Before, Own]),
            (&[1, 3, 4], &[1], &[2], &[Changed, Changed, Changed]),
            // it was left out where it comes from
            (&[1], &[1], &[2], &[Before]),
        ] {
            assert_eq!(
                decided(present, booked, open, false),
                expected,
                "{present:?} {booked:?} {open:?}"
            );
        }
    }

    #[test]
    fn rejected_lines_of_a_basket_come_without_the_others() {
        assert_eq!(decided(&[3], &[1], &[2], true), [Fate::Own]);
        assert_eq!(decided(&[3], &[1], &[2], false), [Fate::BasketChanged]);
        assert_eq!(decided(&[2], &[1, 2], &[2], true), [Fate::Before]);
        assert_eq!(decided(&[3], &[1], &[], true), [Fate::BasketChanged]);
    }

    #[test]
    fn a_basket_that_is_gone_on_with_is_judged_whole() {
        use Fate::{BasketChanged as Changed, Before, Own, Rejected};
        for (dealt_with, present, booked, open, expected) in [
            (&[(1, Before), (2, Before)][..], &[3][..], &[1, 2, 3][..], &[][..], &[Before][..]),
            (&[(1, Before), (1, Before)], &[1], &[1, 1], &[], &[Changed]),
            (&[(1, Before)], &[2], &[1, 2, 3], &[], &[Changed]),
            (&[(1, Changed)], &[2], &[2, 3], &[], &[Changed]),
            // 1 and 4 were open when they were dealt with; 2 still is
            (&[(1, Own), (4, Rejected)], &[2, 3], &[3], &[1, 4, 2], &[Own, Before]),
            // what was open there was booked here, and what was open here was booked there since
            (&[(1, Own)], &[2, 3], &[2, 3], &[], &[Before, Before]),
        ] {
            assert_eq!(
                decided_after(dealt_with, present, booked, open, false),
                expected,
                "{dealt_with:?} {present:?} {booked:?} {open:?}"
            );
        }
    }

    #[test]
    fn baskets_are_of_their_store_and_lines_of_what_was_sold() {
        let line = entry("S1", "T-1", "P1", "2");
        assert_eq!(line, entry("S1", "T-1", "P1", "2"));
        assert_ne!(line.basket, entry("S2", "T-1", "P1", "2").basket);
        assert_ne!(line.basket, entry("S1T", "-1", "P1", "2").basket);
        assert_eq!(line.basket, entry("S1", "T-1", "P2", "1").basket);
        assert_ne!(line.digest, entry("S1", "T-1", "P1", "3").digest);
    }
}
