//! Who can serve a basket: its units split over stores, never more than asked for and never more than a store offers.

use std::cmp::Reverse;

use crate::StoreId;

/// Most parcels that a basket is split into.
pub const PARCELS_MAX: usize = 20;

/// Of so many stores, those that have most of the basket, each pair is tried.
const PAIRED_MAX: usize = 500;

/// What is preferred when more than one store can serve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SourcingStrategy {
    /// As few stores as possible: the fewest if one or two suffice, beyond that each next one fills the most of what is
    /// missing. Of equals the nearer one.
    #[default]
    FewestParcels,
    /// The nearest store gives what it has, then the next.
    Nearest,
    /// The store that offers most of the basket's products gives what it has, then the next.
    MostStock,
    /// The stores give what they have in the order in which they are listed.
    InOrder,
}

/// A store that may serve, and what it offers of each line of the basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The store.
    pub store: StoreId,
    /// How far it is, where that is known.
    pub metres: Option<u32>,
    /// Units that it offers, one number for each line.
    pub offered: Vec<u32>,
}

/// What one store is to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The store.
    pub store: StoreId,
    /// How far it is, where that is known.
    pub metres: Option<u32>,
    /// Units of each line, zero where it sends none.
    pub units: Vec<u32>,
}

/// A basket split over stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourcing {
    /// What each store sends, the preferred store first; none is empty.
    pub parcels: Vec<Parcel>,
    /// Units of each line that nobody sends.
    pub missing: Vec<u32>,
}

/// Splits a basket over stores.
///
/// `wanted` has the units of each line; a store is among the sources once. At most `parcels_max` stores serve; what they do not have is missing. The result
/// depends on nothing but the arguments: of stores that are equally good the one with the lower id serves.
#[must_use]
pub fn source_basket(
    wanted: &[u32],
    sources: &[Source],
    strategy: SourcingStrategy,
    parcels_max: usize,
) -> Sourcing {
    let sources = sources.iter().collect();
    let mut split = Split { missing: wanted.to_vec(), sources, parcels: Vec::new() };
    if strategy == SourcingStrategy::FewestParcels && parcels_max >= 2 {
        for source in split.best_alone_or_paired() {
            split.take(source);
        }
    }
    while split.parcels.len() < parcels_max.min(PARCELS_MAX) {
        let Some(source) = split.preferred(strategy) else { break };
        split.take(source);
    }
    Sourcing { parcels: split.parcels, missing: split.missing }
}

/// A basket that is being split.
struct Split<'a> {
    /// Units of each line that no parcel has.
    missing: Vec<u32>,
    /// Those that send nothing yet, in their order.
    sources: Vec<&'a Source>,
    parcels: Vec<Parcel>,
}

impl<'a> Split<'a> {
    /// The source that serves next, unless none has anything that is missing.
    fn preferred(&self, strategy: SourcingStrategy) -> Option<&'a Source> {
        let useful = self.sources.iter().enumerate().filter(|(_, source)| self.units(source) > 0);
        let chosen = useful.min_by_key(|(place, source)| {
            let most = |count| u64::MAX - count;
            let first = match strategy {
                SourcingStrategy::FewestParcels => {
                    [most(self.lines_filled(source)), most(self.units(source))]
                }
                SourcingStrategy::Nearest => [0; 2],
                SourcingStrategy::MostStock => [most(all(&source.offered)), 0],
                SourcingStrategy::InOrder => [count(*place), 0],
            };
            (first, distance(source), most(self.units(source)), source.store)
        });
        chosen.map(|(_, source)| *source)
    }

    /// The best source that has all that is missing, else the best pair of those that together have it.
    fn best_alone_or_paired(&self) -> Vec<&'a Source> {
        let wanted = all(&self.missing);
        let mut useful = self.sources.clone();
        useful.sort_by_key(|source| (Reverse(self.units(source)), distance(source), source.store));
        useful.truncate(PAIRED_MAX);
        if useful.first().is_none_or(|best| self.units(best) == wanted) {
            // one is enough, or there is none: the next that is preferred is the best
            return Vec::new();
        }
        let mut best: Option<(u64, [&Source; 2])> = None;
        for (place, one) in useful.iter().enumerate() {
            for other in &useful[place + 1..] {
                if self.units(one) + self.units(other) < wanted {
                    // nor has any after it more
                    break;
                }
                let both = self.both_have_all(one, other);
                let metres = distance(one) + distance(other);
                if both && best.is_none_or(|(least, _)| metres < least) {
                    best = Some((metres, [one, other]));
                }
            }
        }
        best.map_or(Vec::new(), |(_, pair)| pair.to_vec())
    }

    fn both_have_all(&self, one: &Source, other: &Source) -> bool {
        let offered = one.offered.iter().zip(&other.offered);
        let mut lines = self.missing.iter().zip(offered);
        lines.all(|(missing, (one, other))| *missing <= one.saturating_add(*other))
    }

    /// Units of the source that are missing.
    fn units(&self, source: &Source) -> u64 {
        let lines = self.missing.iter().zip(&source.offered);
        lines.map(|(missing, offered)| u64::from(*missing.min(offered))).sum()
    }

    /// Lines that the source makes whole.
    fn lines_filled(&self, source: &Source) -> u64 {
        let lines = self.missing.iter().zip(&source.offered);
        count(lines.filter(|(missing, offered)| **missing > 0 && offered >= missing).count())
    }

    /// Lets a source send what is missing, as far as it offers that.
    fn take(&mut self, source: &Source) {
        self.sources.retain(|other| other.store != source.store);
        let lines = self.missing.iter_mut().zip(&source.offered);
        let taken = lines.map(|(missing, offered)| {
            let units = *offered.min(missing);
            *missing -= units;
            units
        });
        let units = taken.collect();
        self.parcels.push(Parcel { store: source.store, metres: source.metres, units });
    }
}

/// For sums: a place that is not known is as far as can be.
fn distance(source: &Source) -> u64 {
    u64::from(source.metres.unwrap_or(u32::MAX))
}

fn count(things: usize) -> u64 {
    u64::try_from(things).unwrap_or(u64::MAX)
}

fn all(units: &[u32]) -> u64 {
    units.iter().copied().map(u64::from).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::SourcingStrategy::{FewestParcels, InOrder, MostStock, Nearest};
    use super::*;

    fn source(number: u128, metres: impl Into<Option<u32>>, offered: &[u32]) -> Source {
        let store = StoreId::from_uuid(Uuid::from_u128(number));
        Source { store, metres: metres.into(), offered: offered.to_vec() }
    }

    /// What the stores send, by their numbers.
    fn split(
        wanted: &[u32],
        sources: &[Source],
        strategy: SourcingStrategy,
        parcels_max: usize,
    ) -> (Vec<(u128, Vec<u32>)>, Vec<u32>) {
        let Sourcing { parcels, missing } = source_basket(wanted, sources, strategy, parcels_max);
        let parcels = parcels.into_iter();
        let parcels = parcels.map(|parcel| (parcel.store.as_uuid().as_u128(), parcel.units));
        (parcels.collect(), missing)
    }

    #[test]
    fn one_store_serves_alone_where_it_can_however_far() {
        let sources = [source(1, 10, &[2, 0]), source(2, 900, &[5, 5]), source(3, 20, &[0, 1])];
        let alone = (vec![(2, vec![2, 1])], vec![0, 0]);
        assert_eq!(split(&[2, 1], &sources, FewestParcels, 5), alone);
    }

    #[test]
    fn of_stores_that_serve_alone_the_nearer_one_does() {
        let sources = [source(1, None, &[9]), source(2, 700, &[9]), source(3, 20, &[2])];
        assert_eq!(split(&[2], &sources, FewestParcels, 5), (vec![(3, vec![2])], vec![0]));
    }

    /// The store that has most is in neither of the two that suffice: filling up from it would take three.
    #[test]
    fn two_parcels_are_found_where_two_suffice() {
        let sources = [
            source(1, 1, &[1, 1, 1, 1, 0, 0]),
            source(2, 2, &[1, 0, 1, 0, 1, 0]),
            source(3, 3, &[0, 1, 0, 1, 0, 1]),
        ];
        let two = vec![(2, vec![1, 0, 1, 0, 1, 0]), (3, vec![0, 1, 0, 1, 0, 1])];
        assert_eq!(split(&[1; 6], &sources, FewestParcels, 5), (two, vec![0; 6]));
    }

    #[test]
    fn beyond_two_each_next_store_fills_the_most() {
        let sources =
            [source(1, 1, &[3, 0, 0]), source(2, 2, &[0, 1, 0]), source(3, 3, &[0, 0, 2])];
        let (parcels, missing) = split(&[3, 1, 2], &sources, FewestParcels, 5);
        assert_eq!(parcels, [(1, vec![3, 0, 0]), (3, vec![0, 0, 2]), (2, vec![0, 1, 0])]);
        assert_eq!(missing, [0; 3]);
    }

    #[test]
    fn the_nearest_gives_first_and_an_unknown_place_last() {
        let sources = [source(1, None, &[9]), source(2, 500, &[2]), source(3, 40, &[1])];
        let parcels = vec![(3, vec![1]), (2, vec![2]), (1, vec![1])];
        assert_eq!(split(&[4], &sources, Nearest, 5), (parcels, vec![0]));
    }

    #[test]
    fn the_store_that_has_most_gives_first() {
        let sources = [source(1, 1, &[3, 0]), source(2, 900, &[50, 0]), source(3, 5, &[4, 4])];
        let parcels = vec![(2, vec![4, 0]), (3, vec![0, 1])];
        assert_eq!(split(&[4, 1], &sources, MostStock, 5), (parcels, vec![0, 0]));
    }

    #[test]
    fn a_fixed_order_is_kept() {
        let sources = [source(9, 900, &[1]), source(2, 1, &[9]), source(1, 2, &[9])];
        let parcels = vec![(9, vec![1]), (2, vec![2])];
        assert_eq!(split(&[3], &sources, InOrder, 5), (parcels, vec![0]));
    }

    #[test]
    fn what_no_store_has_or_no_further_parcel_may_bring_is_missing() {
        let sources = [source(1, 1, &[2]), source(2, 2, &[2]), source(3, 3, &[2])];
        for strategy in [FewestParcels, Nearest, MostStock, InOrder] {
            let one = split(&[9], &sources, strategy, 1);
            assert_eq!(one, (vec![(1, vec![2])], vec![7]), "{strategy:?}");
            assert_eq!(split(&[9], &sources, strategy, 20).1, [3], "{strategy:?}");
            assert_eq!(split(&[9], &[], strategy, 20), (vec![], vec![9]), "{strategy:?}");
        }
    }

    /// The fewest stores that have everything, by trying every set.
    fn fewest(wanted: &[u32], sources: &[Source]) -> Option<usize> {
        let sets = 0_u32..1 << sources.len();
        let enough = sets.filter(|set| {
            let of = |line: usize| {
                let chosen = sources.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
                chosen.map(|(_, source)| source.offered[line]).sum::<u32>()
            };
            (0..wanted.len()).all(|line| of(line) >= wanted[line])
        });
        enough.map(|set| set.count_ones() as usize).min()
    }

    proptest! {
        #[test]
        fn nothing_is_sent_that_was_not_asked_for_or_is_not_there(
            wanted in prop::collection::vec(1_u32..6, 1..5),
            stores in prop::collection::vec((prop::option::of(0_u32..99), [0_u32..5, 0..5, 0..5, 0..5]), 0..7),
            strategy in prop::sample::select(vec![FewestParcels, Nearest, MostStock, InOrder]),
            parcels_max in 1_usize..8,
        ) {
            let sources: Vec<_> = (1..).zip(&stores).map(|(number, (metres, offered))| {
                source(number, *metres, &offered[..wanted.len()])
            }).collect();
            let (parcels, missing) = split(&wanted, &sources, strategy, parcels_max);
            prop_assert!(parcels.len() <= parcels_max);
            for line in 0..wanted.len() {
                let sent: u32 = parcels.iter().map(|(_, units)| units[line]).sum();
                prop_assert_eq!(sent + missing[line], wanted[line]);
            }
            let mut served = Vec::new();
            for (number, units) in &parcels {
                let at = usize::try_from(*number - 1).unwrap();
                prop_assert!(!served.contains(number), "a store sends one parcel");
                served.push(*number);
                prop_assert!(units.iter().zip(&sources[at].offered).all(|(sent, offered)| sent <= offered));
                prop_assert!(units.iter().any(|units| *units > 0), "an empty parcel");
            }
            let is_all = missing.iter().all(|units| *units == 0);
            let fewest = fewest(&wanted, &sources);
            if parcels_max >= sources.len() {
                prop_assert_eq!(is_all, fewest.is_some(), "all that can be served is");
            }
            if strategy == FewestParcels && fewest.is_some_and(|count| count <= parcels_max.min(2)) {
                prop_assert_eq!(Some(parcels.len()), fewest);
            }
        }
    }
}
