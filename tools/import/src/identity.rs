//! Which import of a file this is: one that goes on, one that is done, or a new one.

use anyhow::ensure;
use kit_core::Timestamp;

use super::checkpoint::{Checkpoint, CheckpointFolder, State};
use super::input::InputFile;
use super::kind::Kind;

/// Lines that are equal to these were imported before from another file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "all lines of {file} are equal to those of {before}, whose import was begun at {begun_at}{}: if it is the same \
     delivery, nothing is to be done; if it is another one with equal lines, --again books them",
    if *.done { "" } else { " and broken off (import that file again to go on)" }
)]
pub struct ImportedBefore {
    /// The file.
    pub file: String,
    /// The file that was imported before.
    pub before: String,
    /// When that import was begun.
    pub begun_at: Timestamp,
    /// Whether it is done.
    pub done: bool,
}

/// Where an import stands.
pub(super) enum Standing {
    /// It was begun before, and may be done.
    Begun(Checkpoint, Box<State>),
    /// It begins.
    New {
        checkpoint: Checkpoint,
        /// The number of the import whose rejected lines are tried again, read in another way; 0 when there is none.
        retried: usize,
        /// Whether lines that were imported before are booked once more.
        again: bool,
    },
}

/// Looks where the import of a file stands. `options` say what its lines stand for.
///
/// A file is known by its bytes and its place. The same bytes at the same place are the same file; at another place they
/// may be a second delivery or the first one copied, which only people know.
pub(super) fn standing(
    input: &InputFile,
    kept: &CheckpointFolder,
    (kind, sha256): (Kind, &str),
    options: &str,
) -> anyhow::Result<Standing> {
    let mut earlier = kept.imports_of(kind, sha256)?;
    let place = input.place();
    let next = kept.checkpoint(kind, sha256, earlier.len() + 1)?;
    let reading = input.reading().text();
    let same = earlier.iter().rposition(|(_, state)| state.file == place);
    let Some((checkpoint, state)) = same.map(|index| earlier.swap_remove(index)) else {
        return match earlier.pop() {
            Some((_, state)) if !input.again() => Err(ImportedBefore {
                file: input.name(),
                before: state.file,
                begun_at: state.begun_at,
                done: state.done,
            }
            .into()),
            _ => Ok(Standing::New { checkpoint: next, retried: 0, again: input.again() }),
        };
    };
    if state.done && input.again() {
        return Ok(Standing::New { checkpoint: next, retried: 0, again: input.again() });
    }
    ensure!(
        state.options == options && (state.done || state.reading == reading),
        "the import of this file was begun with {:?} and cannot go on with {:?}: give the same options again",
        both(&state.options, &state.reading),
        both(options, &reading)
    );
    // lines that could not be read are read in another way; the others are booked
    if state.reading != reading && state.tally.rejected() > 0 {
        return Ok(Standing::New {
            checkpoint: next,
            retried: checkpoint.number,
            again: state.again,
        });
    }
    Ok(Standing::Begun(checkpoint, Box::new(state)))
}

fn both(options: &str, reading: &str) -> String {
    format!("{options} {reading}").trim().to_owned()
}
