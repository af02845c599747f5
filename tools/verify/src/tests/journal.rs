//! Journals written by hand: read to their end without touching a byte, and damage is distinguished from a torn end.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::super::failure::Failure;
use super::super::journal::Journal;
use super::Checker;
use super::log::{Event, Log, time};

/// A journal in the making.
struct Writer {
    folder: PathBuf,
    segment: u32,
    bytes: Vec<u8>,
    crc: u32,
    last: u64,
}

impl Writer {
    fn new(folder: &Path) -> Self {
        let mut writer =
            Self { folder: folder.to_owned(), segment: 0, bytes: Vec::new(), crc: 0, last: 0 };
        writer.rotate();
        writer
    }

    fn path(&self) -> PathBuf {
        self.folder.join(format!("journal-{:08}.log", self.segment))
    }

    fn frame(&mut self, body: &str) {
        let covered = format!("{:08x} {:08x} {body}", self.crc, body.len());
        self.crc = crc32c::crc32c(covered.as_bytes());
        self.bytes.extend_from_slice(format!("{:08x} {covered}\n", self.crc).as_bytes());
        std::fs::write(self.path(), &self.bytes).unwrap();
    }

    fn rotate(&mut self) {
        self.segment += 1;
        self.bytes.clear();
        self.frame(&format!(r#"{{"format":1,"segment":{},"after":{}}}"#, self.segment, self.last));
    }

    fn group(&mut self, events: &[Event]) {
        let records: Vec<String> = events.iter().map(record).collect();
        self.last = events.last().unwrap().position;
        self.frame(&format!(r#"{{"events":[{}],"claims":[]}}"#, records.join(",")));
    }
}

fn record(event: &Event) -> String {
    let (occurred, recorded) = (time(event.occurred_at), time(event.metadata.recorded_at));
    format!(
        r#"{{"event_id":"{}","event_type":"{}","schema_version":1,"stream":"{}","version":{},"position":{},"occurred_at":"{occurred}","recorded_at":"{recorded}","correlation_id":"{}","causation_id":"{}","actor":"test:till","data":{}}}"#,
        event.id,
        event.name,
        event.stream,
        event.version,
        event.position,
        event.metadata.correlation_id,
        event.metadata.causation_id,
        event.data,
    )
}

/// Five events in three groups and two files.
fn written() -> (TempDir, Writer) {
    let folder = TempDir::new().unwrap();
    let mut writer = Writer::new(folder.path());
    let log = Log::new().add(1, 5).add(2, 5).add(1, 5).add(2, 5).add(1, 5);
    writer.group(&log.events[..3]);
    writer.rotate();
    writer.group(&log.events[3..4]);
    writer.group(&log.events[4..]);
    (folder, writer)
}

/// Reads a journal in two goes, which part within the first group, and checks it; the position that it ends with.
fn read(folder: &Path) -> Result<u64, Failure> {
    let mut journal = Journal::open(folder)?;
    let mut checker = Checker::new();
    journal.walk(2, &mut |event| checker.event(event))?;
    assert_eq!(checker.position(), 2);
    let end = journal.end();
    journal.walk(end, &mut |event| checker.event(event))?;
    assert_eq!(checker.position(), end);
    Ok(checker.finish()?.events)
}

#[track_caller]
fn assert_unreadable(folder: &Path, why: &str) {
    match read(folder) {
        Err(Failure::Unchecked(error)) => {
            let text = format!("{error:#}");
            assert!(text.contains(why), "{text}");
        }
        other => panic!("the damage should be found, got {other:?}"),
    }
}

#[test]
fn a_journal_is_read_to_its_end() {
    let (folder, _) = written();
    assert_eq!(read(folder.path()).unwrap(), 5);
}

#[test]
fn a_journal_of_the_format_before_is_read_and_a_newer_one_refused() {
    let folder = TempDir::new().unwrap();
    let mut writer =
        Writer { folder: folder.path().to_owned(), segment: 1, bytes: Vec::new(), crc: 0, last: 0 };
    let id = uuid::Uuid::nil();
    writer.frame(&format!(r#"{{"format":2,"segment":1,"after":0,"incarnation":"{id}"}}"#));
    writer.group(&Log::new().add(1, 5).add(2, 5).add(1, 5).events);
    assert_eq!(read(folder.path()).unwrap(), 3);
    writer.frame(r#"{"events":[],"claims":[],"later":1}"#);
    assert_unreadable(folder.path(), "unknown field `later`");
    (writer.bytes, writer.crc) = (Vec::new(), 0);
    writer.frame(r#"{"format":3,"segment":1,"after":0}"#);
    writer.group(&Log::new().add(1, 5).add(2, 5).add(1, 5).events);
    assert_unreadable(folder.path(), "has format 3, this program knows formats up to 2");
}

#[test]
fn what_was_half_written_is_neither_read_nor_cut_off() {
    let (folder, mut writer) = written();
    let torn = [&writer.bytes[..], b"0badc0de 00000000 0000"].concat();
    std::fs::write(writer.path(), &torn).unwrap();
    assert_eq!(read(folder.path()).unwrap(), 5);
    assert_eq!(std::fs::read(writer.path()).unwrap(), torn);
    std::fs::write(writer.path(), &writer.bytes).unwrap();
    writer.rotate();
    std::fs::write(writer.path(), &writer.bytes[..20]).unwrap();
    assert_eq!(read(folder.path()).unwrap(), 5);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "nothing is made or removed");
}

#[test]
fn damage_is_named_by_file_and_byte() {
    let (folder, writer) = written();
    let first = folder.path().join("journal-00000001.log");
    let whole = std::fs::read(&first).unwrap();
    let mut flipped = whole.clone();
    flipped[100] ^= 1;
    std::fs::write(&first, &flipped).unwrap();
    assert_unreadable(folder.path(), "journal-00000001.log is damaged at byte");
    std::fs::write(&first, &whole).unwrap();
    let mut flipped = writer.bytes.clone();
    flipped[100] ^= 1;
    std::fs::write(writer.path(), &flipped).unwrap();
    assert_unreadable(folder.path(), "whole frames follow");
    std::fs::remove_file(&first).unwrap();
    assert_unreadable(folder.path(), "journal-00000001.log is missing");
}

#[test]
fn a_frame_that_is_taken_out_is_missed() {
    let (folder, mut writer) = written();
    let log = Log::new().add(1, 5).add(1, 5);
    let before = writer.bytes.len();
    writer.group(&log.events[..1]);
    let after = writer.bytes.len();
    writer.group(&log.events[1..]);
    let without = [&writer.bytes[..before], &writer.bytes[after..]].concat();
    std::fs::write(writer.path(), without).unwrap();
    assert_unreadable(folder.path(), "the frame before this one is missing");
}
