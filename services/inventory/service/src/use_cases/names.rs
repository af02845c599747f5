//! The names of one kind of catalogue entry: which id a code means, and what people call it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use foldhash::fast::RandomState;
use gondola_inventory_domain::TimeToLive;
use kit_core::{Gtin, GtinNumber, Location, Version};

/// What the catalogue says of a store or a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its code or SKU, as it was registered.
    pub code: Arc<str>,
    /// Its name for people.
    pub name: Arc<str>,
    /// Whether it is open, or still sold.
    pub active: bool,
    /// The longest time that a reservation may hold units of a store, where the store says so.
    pub longest_hold: Option<TimeToLive>,
    /// Where a store is, where that is known.
    pub location: Option<Location>,
    /// The number of a product's barcode, where it has one.
    pub gtin: Option<GtinNumber>,
}

impl Named {
    /// A store with its code, its name and the longest hold that it states in seconds. More than this context can do is as
    /// much as it can.
    #[must_use]
    pub fn store(code: &str, name: &str, active: bool, longest_hold: Option<u32>) -> Self {
        let longest_hold = longest_hold.and_then(|seconds| {
            TimeToLive::from_seconds(seconds.min(TimeToLive::SECONDS_MAX).into()).ok()
        });
        Self { longest_hold, ..Self::product(code, name, active) }
    }

    /// The same store, and where it is.
    #[must_use]
    pub fn at(self, place: Option<&gondola_contracts::Location>) -> Self {
        let parse =
            |at: &gondola_contracts::Location| Location::parse(&at.latitude, &at.longitude).ok();
        Self { location: place.and_then(parse), ..self }
    }

    /// A product with its SKU and its name.
    #[must_use]
    pub fn product(sku: &str, name: &str, active: bool) -> Self {
        let (longest_hold, location, gtin) = (None, None, None);
        Self { code: sku.into(), name: name.into(), active, longest_hold, location, gtin }
    }

    /// The same product, and its barcode.
    #[must_use]
    pub fn with_gtin(self, gtin: Option<&str>) -> Self {
        let number = |gtin: &str| Gtin::new(gtin).ok().map(|gtin| gtin.number());
        Self { gtin: gtin.and_then(number), ..self }
    }
}

/// Entries by id, by code and by barcode; upper and lower case are the same in a code.
#[derive(Debug)]
pub(super) struct Names<Id> {
    codes: HashMap<Box<str>, Id, RandomState>,
    /// One has it, except while the news of who gave it up are behind those of who took it: then the last is who took it.
    gtins: HashMap<GtinNumber, Vec<Id>, RandomState>,
    entries: HashMap<Id, (Named, Version), RandomState>,
}

impl<Id> Default for Names<Id> {
    fn default() -> Self {
        Self { codes: HashMap::default(), gtins: HashMap::default(), entries: HashMap::default() }
    }
}

impl<Id: Copy + Eq + Hash> Names<Id> {
    /// Notes an entry; an older version than the known one changes nothing.
    pub(super) fn note(&mut self, id: Id, named: Named, version: Version) {
        let older = self.entries.get(&id).is_none_or(|(_, known)| *known < version);
        if older {
            self.codes.entry(named.code.to_lowercase().into()).or_insert(id);
            self.codes.insert(named.code.as_ref().into(), id);
            self.note_gtin(id, named.gtin.as_ref());
            self.entries.insert(id, (named, version));
        }
    }

    /// Notes which barcode an entry has now, and that it has no other.
    fn note_gtin(&mut self, id: Id, gtin: Option<&GtinNumber>) {
        let former = self.get(id).and_then(|named| named.gtin.clone());
        if former.as_ref() == gtin {
            return;
        }
        if let Some(former) = former
            && let Some(holders) = self.gtins.get_mut(&former)
        {
            holders.retain(|holder| *holder != id);
            if holders.is_empty() {
                self.gtins.remove(&former);
            }
        }
        if let Some(gtin) = gtin {
            self.gtins.entry(gtin.clone()).or_default().push(id);
        }
    }

    /// The id of the entry with a barcode.
    pub(super) fn with_gtin(&self, gtin: &GtinNumber) -> Option<Id> {
        self.gtins.get(gtin)?.last().copied()
    }

    /// The id that a code means: of entries that differ in case only, the one that is written so, else the first.
    pub(super) fn find(&self, code: &str) -> Option<Id> {
        let exact = self.codes.get(code);
        exact.or_else(|| self.codes.get(code.to_lowercase().as_str())).copied()
    }

    /// What the catalogue says of an id.
    pub(super) fn get(&self, id: Id) -> Option<&Named> {
        self.entries.get(&id).map(|(named, _)| named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn barcoded(code: &str, gtin: Option<&str>) -> Named {
        named(code).with_gtin(gtin)
    }

    #[test]
    fn a_barcode_means_who_has_it_now_in_whatever_order_the_news_come() {
        let (short, long) = ("890355001094", "00890355001094");
        let number = Gtin::new(short).unwrap().number();
        let news = [
            (1, barcoded("A", Some(short)), 1),
            (1, barcoded("A", None), 2),
            (2, barcoded("B", None), 1),
            (2, barcoded("B", Some(long)), 2),
        ];
        for order in [[0, 1, 2, 3], [0, 2, 3, 1], [2, 0, 3, 1], [2, 3, 1, 0], [3, 1, 0, 2]] {
            let mut names = Names::default();
            for at in order {
                let (id, product, version) = news[at].clone();
                names.note(id, product, Version::new(version));
            }
            assert_eq!(names.with_gtin(&number), Some(2), "{order:?}");
            names.note(2, barcoded("B", Some("4006381333931")), Version::new(3));
            assert_eq!(names.with_gtin(&number), None, "{order:?}");
            assert_eq!(names.gtins.len(), 1, "what nobody has is not kept");
        }
    }

    fn named(code: &str) -> Named {
        Named::product(code, "Thing", true)
    }

    #[test]
    fn case_does_not_matter_unless_entries_differ_in_nothing_else() {
        let mut names = Names::default();
        names.note(1, named("Sku-A"), Version::new(1));
        assert_eq!(
            ["Sku-A", "sku-a", "SKU-A", "sku-b"].map(|code| names.find(code)),
            [Some(1), Some(1), Some(1), None]
        );
        // as a log from before can have them
        names.note(2, named("SKU-A"), Version::new(1));
        assert_eq!(
            ["Sku-A", "sku-a", "SKU-A"].map(|code| names.find(code)),
            [Some(1), Some(1), Some(2)]
        );
    }
}
