//! What it means for imports that an older log was put back: some of their lines are lost.

use kit_event_store::{Incarnation, LogMark, LostEvents};
use uuid::Uuid;

use super::checkpoint::CheckpointFolder;
use super::kind::Kind;

/// Refuses a log that ends before what imports have booked in it.
pub fn check_log(kept: &CheckpointFolder, end: LogMark) -> Result<(), LostEvents> {
    for kind in Kind::ALL {
        let states = kept.kept(kind).unwrap_or_else(|error| {
            tracing::warn!(%error, kind = kind.name, "progress_of_imports_not_read");
            Vec::new()
        });
        for (checkpoint, state) in states.iter().filter(|(_, state)| state.log.is_some()) {
            checkpoint.stands_on(state, end)?;
        }
    }
    Ok(())
}

/// An import that may have lost lines. Imported again as before, it books what the log does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToRepeat {
    /// What the file was imported as, such as `sales`.
    pub kind: &'static str,
    /// The file.
    pub file: String,
}

/// Takes the imports that lie whole in an older log over to its new incarnation; tells the others, in the order in which
/// they were begun. `kept` names the incarnation before, and `end` is that of the log now.
pub fn accept_older_log(kept: &CheckpointFolder, end: LogMark) -> anyhow::Result<Vec<ToRepeat>> {
    // whatever log a state of before stood on: it is not the new one
    let before = kept.incarnation.map_or(Uuid::nil(), Incarnation::as_uuid);
    let mut to_repeat = Vec::new();
    for kind in Kind::ALL {
        for (checkpoint, mut state) in kept.kept(kind)? {
            let stood_on = state.log.unwrap_or(before);
            let is_whole = stood_on == before && state.done && state.position <= end.position.get();
            state.log = Some(if is_whole { end.incarnation.as_uuid() } else { stood_on });
            checkpoint.save(&state)?;
            if !is_whole {
                to_repeat.push((state.begun_at, ToRepeat { kind: kind.name, file: state.file }));
            }
        }
    }
    to_repeat.sort_by_key(|(begun_at, _)| *begun_at);
    Ok(to_repeat.into_iter().map(|(_, import)| import).collect())
}
