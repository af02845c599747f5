//! How every operation is described, whichever service it is of: one rule a file, applied over the whole document (ADR 067).

mod answers;
mod closed;
mod examples;
mod headers;
mod media;
mod names;
mod one_name;
mod optional;
mod outcomes;
mod problems;
mod samples;

use yaml_serde::Value;

use super::tree;

/// Applies all rules. Their order matters: names come before what goes by them, and what is shared is found last.
pub(super) fn apply(document: &mut Value) {
    problems::apply(document);
    names::apply(document);
    closed::apply(document);
    one_name::apply(document);
    media::apply(document);
    optional::apply(document);
    answers::keep_possible(document);
    headers::apply(document);
    examples::apply(document);
    answers::share(document);
}
