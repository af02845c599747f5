//! Which trace something belongs to, and which span of it; as W3C Trace Context writes it.

use std::fmt;

/// A span of a trace, as other spans refer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanContext {
    /// The trace; never 0.
    pub trace_id: u128,
    /// The span; 0 before the first span of a trace.
    pub span_id: u64,
    /// Whether its spans are recorded.
    pub is_sampled: bool,
}

/// The only version of the header whose parts are known in full.
const VERSION: &str = "00";

/// The bit of the flags that says that the trace is sampled.
const SAMPLED: u8 = 1;

impl SpanContext {
    /// Reads a `traceparent`; `None` for one that is invalid, which counts as none. Of later versions the known parts are read.
    pub fn parse(traceparent: &str) -> Option<Self> {
        let mut parts = traceparent.trim().split('-');
        let mut part = |length: usize| parts.next().filter(|part| is_hex(part, length));
        let (version, trace, span, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
        let has_more = parts.next().is_some();
        if version == "ff" || (version == VERSION && has_more) {
            return None;
        }
        let trace_id = u128::from_str_radix(trace, 16).ok().filter(|id| *id != 0)?;
        let span_id = u64::from_str_radix(span, 16).ok().filter(|id| *id != 0)?;
        let flags = u8::from_str_radix(flags, 16).ok()?;
        Some(Self { trace_id, span_id, is_sampled: flags & SAMPLED != 0 })
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// As a `traceparent`.
impl fmt::Display for SpanContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { trace_id, span_id, is_sampled } = self;
        write!(f, "{VERSION}-{trace_id:032x}-{span_id:016x}-{:02x}", u8::from(*is_sampled))
    }
}

#[cfg(test)]
mod tests {
    use super::SpanContext;

    const KNOWN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn what_is_written_is_read() {
        let read = SpanContext::parse(KNOWN).unwrap();
        assert_eq!(read.trace_id, 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736);
        assert_eq!((read.span_id, read.is_sampled), (0x00f0_67aa_0ba9_02b7, true));
        assert_eq!(read.to_string(), KNOWN);
        let unsampled = SpanContext::parse(&KNOWN.replace("-01", "-00")).unwrap();
        assert_eq!(unsampled, SpanContext { is_sampled: false, ..read });
        let later = SpanContext::parse(&format!("01{}-what-ever", &KNOWN[2..]));
        assert_eq!(later, Some(read), "a later version has these parts too");
        assert!(SpanContext::parse(&KNOWN.replace("-01", "-ff")).unwrap().is_sampled);
    }

    #[test]
    fn what_is_invalid_counts_as_none() {
        let wrong = [
            String::new(),
            "00".to_owned(),
            KNOWN.to_uppercase(),
            KNOWN.replace("00-4", "ff-4"),
            format!("{KNOWN}-more"),
            KNOWN.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32)),
            KNOWN.replace("00f067aa0ba902b7", &"0".repeat(16)),
            KNOWN.replace("00f0", "+0f0"),
            KNOWN.replace('-', "_"),
        ];
        for text in wrong {
            assert_eq!(SpanContext::parse(&text), None, "{text}");
        }
    }
}
