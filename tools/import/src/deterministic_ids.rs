//! Names for what an import does, so that what is in the log already is recognised when it runs again.

use kit_core::Timestamp;
use uuid::Uuid;

/// Bits of a line's number.
const LINE_BITS: u32 = 44;

/// Bits of a try's number.
const TRY_BITS: u32 = 16;

const LINE_MASK: u128 = (1 << LINE_BITS) - 1;
const TRY_MASK: u128 = (1 << TRY_BITS) - 1;

/// Everything but line and try: the moment, version and variant, salt, and part.
const OWN_MASK: u128 = !((LINE_MASK << TRY_BITS) | TRY_MASK);

/// The part of an import that a line belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Part {
    /// The stock that the sales of the file need.
    Receipts,
    /// The lines of the file.
    #[default]
    Lines,
}

/// The ids of one part of an import.
///
/// They have the form of a `UUIDv7` of the moment when the import was begun, which is kept with its progress: made again
/// they are the same, they grow with the lines, and no other import of this data folder has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DeterministicIds(u128);

impl DeterministicIds {
    /// The ids of a part of an import by the moment when it was begun and the SHA-256 of its file.
    pub(super) fn new(begun_at: Timestamp, sha256: &str, part: Part) -> Self {
        let millis = u128::from(begun_at.as_millis().unsigned_abs()) & ((1 << 48) - 1);
        let salt =
            u128::from(u16::from_str_radix(sha256.get(..3).unwrap_or_default(), 16).unwrap_or(0));
        let part = match part {
            Part::Receipts => 0,
            Part::Lines => 1,
        };
        let version_and_variant = (7 << 76) | (0b10 << 62);
        Self((millis << 80) | version_and_variant | (salt << 64) | (part << (LINE_BITS + TRY_BITS)))
    }

    /// What all ids of a part of an import have in common, and no others.
    pub(super) const fn family(self) -> u128 {
        self.0
    }

    /// What an id has in common with others, if an import has made it.
    pub(super) fn family_of(id: Uuid) -> u128 {
        id.as_u128() & OWN_MASK
    }

    /// What all events of a line have in common, as their correlation id.
    pub(super) fn of_line(self, line: u64) -> Uuid {
        self.of_try(line, 0)
    }

    /// The reservation of a sale. Tries are counted from 1; there is a second one only when an interrupted run left a
    /// reservation that expired.
    pub(super) fn of_try(self, line: u64, number: u16) -> Uuid {
        let line = u128::from(line) & LINE_MASK;
        Uuid::from_u128(self.0 | (line << TRY_BITS) | u128::from(number))
    }

    /// The line and the try that an id names, if it is one of these.
    pub(super) fn read(self, id: Uuid) -> Option<(u64, u16)> {
        if Self::family_of(id) != self.0 {
            return None;
        }
        let id = id.as_u128();
        let line = u64::try_from((id >> TRY_BITS) & LINE_MASK).ok()?;
        let number = u16::try_from(id & TRY_MASK).ok()?;
        Some((line, number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(part: Part) -> DeterministicIds {
        DeterministicIds::new(Timestamp::from_millis(1_795_000_000_123), "fe3400", part)
    }

    #[test]
    fn ids_are_version_7_read_back_and_grow_with_the_lines() {
        let own = ids(Part::Lines);
        let mut before = Uuid::nil();
        for line in [0, 1, 2, 2_165_058, (1 << LINE_BITS) - 1] {
            for number in [0, 1, u16::MAX] {
                let id = own.of_try(line, number);
                assert_eq!(id.get_version_num(), 7);
                assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
                assert_eq!(own.read(id), Some((line, number)));
                assert!(id > before);
                before = id;
            }
        }
    }

    #[test]
    fn ids_of_others_are_not_read() {
        let own = ids(Part::Lines);
        let later =
            DeterministicIds::new(Timestamp::from_millis(1_795_000_000_124), "fe3400", Part::Lines);
        let other =
            DeterministicIds::new(Timestamp::from_millis(1_795_000_000_123), "aa3400", Part::Lines);
        for foreign in [ids(Part::Receipts), later, other] {
            assert_eq!(own.read(foreign.of_line(7)), None);
        }
        assert_eq!(own.read(Uuid::from_u128(7)), None);
    }
}
