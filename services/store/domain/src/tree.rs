//! Entries that stand below others of their kind: a tree without circles.

use crate::{Aggregate, Refusal};

/// Most entries on the way from one to the top of its tree, itself included.
pub const DEPTH_MAX: usize = 16;

/// Checks the place of an entry below the others of its kind; `above` are those, the next one first.
///
/// Each of them is the parent of the one before it, or what is above stops there: at the entry itself, or at one that is not
/// registered.
pub fn check_place<A: Aggregate>(entry: &A, above: &[A]) -> Result<(), Refusal<A>> {
    if entry.is_removed() {
        return Ok(());
    }
    let Some(parent) = entry.parent_code().cloned() else { return Ok(()) };
    let id = entry.id();
    let is_above = |other: &A| other.parent() == Some(id);
    if entry.parent() == Some(id) || above.iter().any(is_above) {
        return Err(Refusal::Circle { code: entry.code().clone(), parent });
    }
    match above.first() {
        Some(next) if !next.is_removed() => {}
        _ => return Err(Refusal::ParentNotFound { parent }),
    }
    if above.len() >= DEPTH_MAX {
        return Err(Refusal::TooDeep { parent });
    }
    Ok(())
}
