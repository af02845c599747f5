//! Numbers and ids that cannot be read: what was expected, in people's words rather than in those of a parser.
//!
//! It is asked wherever a mistake is told, so that every number and every id of the command line, the environment and the file has it,
//! those of later commands too.

use std::error::Error;
use std::num::{IntErrorKind, ParseIntError};

/// What was expected where a value was refused for `why`; nothing where the parser has said so itself.
pub(super) fn in_plain_words(why: &(dyn Error + 'static)) -> Option<&'static str> {
    why.downcast_ref().map(of_number).or_else(|| why.downcast_ref().map(of_id))
}

fn of_number(why: &ParseIntError) -> &'static str {
    match why.kind() {
        IntErrorKind::PosOverflow => "a smaller number is expected",
        _ => "a whole number is expected, such as 5",
    }
}

fn of_id(_: &uuid::Error) -> &'static str {
    "an id is expected, such as 018f9a3e-7b1c-7000-8000-000000000001"
}
