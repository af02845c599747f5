//! Units of measure: how many pieces a box, a case or a dozen has.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// What means one piece, whatever the options say.
const PIECES: [&str; 12] =
    ["", "each", "ea", "unit", "units", "un", "und", "piece", "pieces", "pc", "pcs", "pce"];

/// How many pieces a unit of measure has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Units {
    /// By the name of the unit, in lower case.
    ByName(BTreeMap<String, u32>),
    /// As the column of this name says in each line.
    ByColumn(String),
}

impl FromStr for Units {
    type Err = String;

    /// `box=24,dozen=12`, or the name of a column.
    fn from_str(text: &str) -> Result<Self, String> {
        if !text.contains('=') {
            return Ok(Self::ByColumn(text.to_owned()));
        }
        let pair = |pair: &str| {
            let (name, pieces) = pair.split_once('=')?;
            let pieces = pieces.trim().parse().ok().filter(|pieces| *pieces > 0)?;
            Some((name.trim().to_lowercase(), pieces))
        };
        let pairs: Option<BTreeMap<_, _>> = text.split(',').map(pair).collect();
        pairs.map(Self::ByName).ok_or_else(|| {
            format!("{text:?} is not like box=24,dozen=12, and no name of a column either")
        })
    }
}

impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByColumn(name) => f.write_str(name),
            Self::ByName(pairs) => {
                let pairs: Vec<_> =
                    pairs.iter().map(|(name, pieces)| format!("{name}={pieces}")).collect();
                f.write_str(&pairs.join(","))
            }
        }
    }
}

/// Whether a name of a unit means one piece.
pub(crate) fn is_piece(unit: &str) -> bool {
    PIECES.contains(&unit.to_lowercase().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_named_or_taken_from_a_column() {
        let units: Units = "Box=24, dozen = 12".parse().unwrap();
        let expected = BTreeMap::from([("box".to_owned(), 24), ("dozen".to_owned(), 12)]);
        assert_eq!(units, Units::ByName(expected));
        assert_eq!(units.to_string(), "box=24,dozen=12");
        assert_eq!("factor".parse(), Ok(Units::ByColumn("factor".to_owned())));
        for wrong in ["box=", "box=0", "box=-1", "box=24,case", "box=1.5"] {
            assert!(wrong.parse::<Units>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn pieces_have_many_names() {
        for unit in ["", "EA", "pcs.", "Unit"] {
            assert!(is_piece(unit), "{unit}");
        }
        for unit in ["Box", "case", "kg", "dz"] {
            assert!(!is_piece(unit), "{unit}");
        }
    }
}
