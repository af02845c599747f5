//! The start: makes the stream files agree with the journal, unless they prove that the journal has lost events.
//!
//! A stream file is written after the journal is durable. One that is shorter or garbled is built anew. One that is
//! longer is the last copy of something, and is never cut.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use kit_core::{Position, StreamId};
use kit_event_store::log_folder::replace_durably;
use kit_event_store::{Incarnation, LogMark};

use crate::OpenError;
use crate::record::EventPlace;
use crate::recovery::{Scan, names};
use crate::state::State;
use crate::stream_files::{self, Sum};

/// The file that says which log the stream files were made from.
const INCARNATION: &str = "incarnation.txt";

/// Refuses stream files that have more than their journal. Changes nothing.
pub(crate) fn check(scan: &Scan<'_>, streams_dir: &Path, end: LogMark) -> Result<(), OpenError> {
    if is_foreign(streams_dir, end.incarnation)? {
        return Ok(());
    }
    refuse_longer_files(scan, streams_dir, end)
}

/// Makes the stream files what the journal says, which must be durable, and gives the state.
pub(crate) fn reconcile(
    mut scan: Scan<'_>,
    streams_dir: &Path,
    incarnation: Incarnation,
) -> Result<State, OpenError> {
    if is_foreign(streams_dir, incarnation)? {
        tracing::warn!(folder = %streams_dir.display(), "stream_files_of_another_log_are_removed");
        remove_all(streams_dir)?;
    }
    let mut differing = Vec::new();
    for (stream, head) in scan.state.heads_mut() {
        let expected = scan.sums.get(stream).copied().unwrap_or_default();
        let path = stream_files::path(streams_dir, stream);
        if Sum::of_file(&path).map_err(OpenError::io("read", &path))? != expected {
            differing.push(stream.clone());
        }
        head.file_bytes = expected.bytes;
    }
    if !differing.is_empty() {
        tracing::warn!(files = differing.len(), "stream_files_are_built_anew");
        scan.rebuild(streams_dir, differing).map_err(OpenError::io("rebuild", streams_dir))?;
    }
    write_marker(&streams_dir.join(INCARNATION), incarnation)?;
    Ok(scan.state)
}

/// Up to which position the stream files of a folder have events; `None` when there are none.
pub(crate) fn last_position(streams_dir: &Path) -> Result<Option<Position>, OpenError> {
    let mut last = None;
    for (path, _) in files(streams_dir)? {
        last = last.max(last_in_file(&path)?);
    }
    Ok(last)
}

/// Whether the files of a folder were made from another log.
fn is_foreign(streams_dir: &Path, incarnation: Incarnation) -> Result<bool, OpenError> {
    let made_from = read_marker(&streams_dir.join(INCARNATION))?;
    Ok(made_from.is_some_and(|made_from| made_from != incarnation))
}

/// Notes that stream files are of a log, where they do not say of which.
pub(crate) fn name_unnamed(streams_dir: &Path, log: Incarnation) -> Result<(), OpenError> {
    let path = streams_dir.join(INCARNATION);
    if read_marker(&path)?.is_none() { write_marker(&path, log) } else { Ok(()) }
}

fn write_marker(path: &Path, incarnation: Incarnation) -> Result<(), OpenError> {
    if read_marker(path)? == Some(incarnation) {
        return Ok(());
    }
    let written = replace_durably(path, format!("{incarnation}\n").as_bytes());
    written.map_err(OpenError::io("write", path))
}

fn read_marker(path: &Path) -> Result<Option<Incarnation>, OpenError> {
    match std::fs::read_to_string(path) {
        // one that cannot be read says nothing; the files are compared with the journal anyway
        Ok(text) => Ok(text.trim().parse().ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(OpenError::io("read", path)(error)),
    }
}

/// The stream files of a folder, with the name before `.jsonl`.
fn files(streams_dir: &Path) -> Result<Vec<(PathBuf, String)>, OpenError> {
    let names = names(streams_dir)?.into_iter();
    let stem = |name: &String| name.strip_suffix(".jsonl").map(ToOwned::to_owned);
    Ok(names.filter_map(|name| Some((streams_dir.join(&name), stem(&name)?))).collect())
}

fn remove_all(streams_dir: &Path) -> Result<(), OpenError> {
    for (path, _) in files(streams_dir)? {
        std::fs::remove_file(&path).map_err(OpenError::io("remove", &path))?;
    }
    Ok(())
}

/// Refuses stream files that have more than the journal.
fn refuse_longer_files(scan: &Scan<'_>, dir: &Path, end: LogMark) -> Result<(), OpenError> {
    let mut furthest: Option<(Position, PathBuf)> = None;
    let mut longer = None;
    for (path, name) in files(dir)? {
        let expected = StreamId::new(name).ok().and_then(|stream| scan.sums.get(&stream).copied());
        let found = std::fs::metadata(&path).map_err(OpenError::io("read", &path))?;
        // a folder in its place is met when it is written
        if !found.is_file() || found.len() <= expected.map_or(0, |sum| sum.bytes) {
            continue;
        }
        let last = last_in_file(&path)?;
        if expected.is_some() {
            longer = Some(path.clone());
        }
        if let Some(last) = last
            && furthest.as_ref().is_none_or(|(at, _)| last > *at)
        {
            furthest = Some((last, path));
        }
    }
    if let Some((position, path)) = furthest {
        let mark = LogMark { position, ..end };
        mark.belongs_to(end, &path.display().to_string())?;
    }
    longer.map_or(Ok(()), |path| Err(OpenError::StreamFileLonger { path }))
}

/// The greatest position of an event in a file.
fn last_in_file(path: &Path) -> Result<Option<Position>, OpenError> {
    let mut last = None;
    if !path.is_file() {
        return Ok(last);
    }
    let file = File::open(path).map_err(OpenError::io("read", path))?;
    for line in BufReader::new(file).split(b'\n') {
        let line = line.map_err(OpenError::io("read", path))?;
        if let Ok(event) = serde_json::from_slice::<EventPlace<'_>>(&line) {
            last = last.max(Some(event.position));
        }
    }
    Ok(last)
}
