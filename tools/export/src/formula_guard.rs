//! Text that a spreadsheet would take for a formula: guarded when it is written, unguarded when it is read.

use std::borrow::Cow;

/// What the formulas of spreadsheets begin with.
const FORMULA_SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// What makes a spreadsheet take a cell for text.
const GUARD: char = '\'';

/// A text that no spreadsheet takes for a formula: one that begins like a formula gets a quote in front.
///
/// So does one that looks guarded already, or it would be read back without its own quote. The text comes back exactly
/// when the file is imported.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches(GUARD)) {
        return Cow::Owned(format!("{GUARD}{text}"));
    }
    Cow::Borrowed(text)
}

/// The text that was guarded; any other text as it is.
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix(GUARD) {
        Some(inner) if is_formula(inner.trim_start_matches(GUARD)) => inner,
        _ => text,
    }
}

fn is_formula(text: &str) -> bool {
    text.starts_with(FORMULA_SIGNS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn texts_that_begin_like_formulas_are_guarded() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'-1", "''=x"] {
            assert_eq!(guarded(formula), format!("'{formula}"));
        }
        for text in ["", "2106", "SP-014", "a=b", "85123A", "'", "'quoted'"] {
            assert_eq!(guarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn what_was_guarded_is_read_back_exactly(text in "['=+@\t\r-]{0,4}[a-z0-9' -]{0,4}") {
            let written = guarded(&text);
            prop_assert!(!is_formula(&written));
            prop_assert_eq!(unguarded(&written), text.as_str());
        }

        #[test]
        fn any_text_is_read_back_exactly(text in ".{0,8}") {
            let written = guarded(&text);
            prop_assert_eq!(unguarded(&written), text.as_str());
        }
    }
}
