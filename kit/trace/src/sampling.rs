//! Which of the traces that begin here are recorded.

use std::fmt;
use std::str::FromStr;

/// Bits of a trace id that are random, as W3C Trace Context 2 wants them: the last 56.
const RANDOM_BITS: u32 = 56;

/// Decimals of a ratio that are read.
const DECIMALS_MAX: usize = 9;

/// The share of traces that are recorded, from 0 to 1. Processes with the same ratio choose the same traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SamplingRatio {
    /// In units of 10^-9.
    billionths: u64,
}

/// The text is no ratio.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} must be a number from 0 to 1, such as 0.01, with at most 9 decimals")]
pub struct InvalidRatio {
    text: String,
}

impl SamplingRatio {
    /// A 1 with as many zeros as there may be decimals.
    const WHOLE: u64 = 1_000_000_000;

    /// All traces.
    pub const ALL: Self = Self { billionths: Self::WHOLE };

    /// Whether a trace that begins here is recorded.
    pub(crate) fn takes(self, trace_id: u128) -> bool {
        let random = trace_id & ((1 << RANDOM_BITS) - 1);
        random < (u128::from(self.billionths) << RANDOM_BITS) / u128::from(Self::WHOLE)
    }
}

impl FromStr for SamplingRatio {
    type Err = InvalidRatio;

    fn from_str(text: &str) -> Result<Self, InvalidRatio> {
        let read = || {
            let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
            let digits = [whole, decimals]
                .iter()
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
            let decimals = (digits && decimals.len() <= DECIMALS_MAX).then_some(decimals)?;
            let billionths: u64 = format!("{whole}{decimals:0<DECIMALS_MAX$}").parse().ok()?;
            (billionths <= Self::WHOLE).then_some(Self { billionths })
        };
        read().ok_or_else(|| InvalidRatio { text: text.to_owned() })
    }
}

impl fmt::Display for SamplingRatio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, decimals) = (self.billionths / Self::WHOLE, self.billionths % Self::WHOLE);
        let text = format!("{whole}.{decimals:0DECIMALS_MAX$}");
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use kit_core::{IdSource as _, RandomIds, Timestamp};

    use super::*;

    fn ratio(text: &str) -> SamplingRatio {
        text.parse().unwrap()
    }

    #[test]
    fn a_ratio_is_read_and_shown() {
        for text in ["0", "1", "0.5", "0.01", "0.000000001"] {
            assert_eq!(ratio(text).to_string(), text);
        }
        for text in ["", ".5", "1.", "1.1", "-1", "2", "50%", "0.0000000001", "1e-3"] {
            assert!(text.parse::<SamplingRatio>().is_err(), "{text}");
        }
    }

    /// Correlation ids, which begin with the time, are trace ids.
    #[test]
    fn a_share_of_the_traces_is_taken() {
        let ids: Vec<u128> =
            (0..10_000).map(|_| RandomIds.next_id(Timestamp::from_millis(7)).as_u128()).collect();
        let taken = |text| ids.iter().filter(|id| ratio(text).takes(**id)).count();
        assert_eq!((taken("0"), taken("1")), (0, 10_000));
        assert!((2_200..2_800).contains(&taken("0.25")), "{}", taken("0.25"));
        assert!(ids.iter().all(|id| !ratio("0.1").takes(*id) || ratio("0.3").takes(*id)));
    }
}
