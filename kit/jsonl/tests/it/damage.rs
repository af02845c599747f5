//! The journal after crashes in the middle of a write, and after damage that no crash explains.
//!
//! The harm is done to a closed store's files, byte by byte or bit by bit over the named range, and met by the next
//! open: nothing here is left to chance or time. What a crash may leave is repaired; all else is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kit_core::RecordedEvent;
use kit_jsonl::{JsonlOptions, JsonlStore, OpenError};
use kit_testkit::event_store::{
    append, assert_holds_exactly, claiming, commit, transaction, whole_log,
};
use tempfile::TempDir;
use uuid::Uuid;

/// A closed store: its folder, and after each group the size of the journal and the events so far.
struct Filled {
    dir: TempDir,
    groups: Vec<(u64, Vec<Arc<RecordedEvent>>)>,
}

/// A folder in memory where the system has one: these tests open thousands of stores, and each of them syncs.
fn tempdir() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn options(dir: &Path, segment_bytes_max: u64) -> JsonlOptions {
    let options = JsonlOptions::new(dir, dir.join("events"), Uuid::nil());
    JsonlOptions { segment_bytes_max, ..options }
}

fn segment(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("journal/journal-{number:08}.log"))
}

/// Five groups: of one event, of several streams, with claims, of one event more, and with Unicode in it.
async fn fill(segment_bytes_max: u64) -> Filled {
    let dir = tempdir();
    let store = JsonlStore::open(options(dir.path(), segment_bytes_max)).unwrap();
    let mut last = transaction([append("a", 4, 1)]);
    last.appends[0].events[0].data = r#"{"reason":"São João 🛒"}"#.into();
    let sent = [
        transaction([append("a", 0, 1)]),
        transaction([append("a", 1, 2), append("b", 0, 1)]),
        claiming(transaction([append("c", 0, 1)]), "k", None),
        transaction([append("a", 3, 1), append("b", 1, 2)]),
        last,
    ];
    let size = || fs::metadata(segment(dir.path(), 1)).unwrap().len();
    let mut groups = vec![(size(), Vec::new())];
    for transaction in sent {
        let mut log = groups.last().unwrap().1.clone();
        log.extend(commit(&store, transaction).await);
        groups.push((size(), log));
    }
    drop(store);
    Filled { dir, groups }
}

/// A copy of a folder to do harm to.
fn copy(from: &Path) -> TempDir {
    let to = crashed(from);
    copy_files(&from.join("events"), &to.path().join("events"));
    to
}

/// The same as a crash leaves it that comes before anything is written to the stream files.
fn crashed(from: &Path) -> TempDir {
    let to = tempdir();
    fs::copy(from.join("log.json"), to.path().join("log.json")).unwrap();
    copy_files(&from.join("journal"), &to.path().join("journal"));
    to
}

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn flip(path: &Path, bit: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[bit / 8] ^= 1 << (bit % 8);
    fs::write(path, bytes).unwrap();
}

fn open(dir: &Path) -> Result<JsonlStore, OpenError> {
    JsonlStore::open(options(dir, u64::MAX))
}

/// The only segment refuses to open, the error says where, and the file is as it was.
#[track_caller]
fn assert_refused(dir: &Path, at: u64, what: &str) {
    let before = fs::read(segment(dir, 1)).unwrap();
    let error = open(dir).err().unwrap_or_else(|| panic!("{what} must be refused"));
    let OpenError::Damaged { path, offset, .. } = &error else { panic!("{what}: {error}") };
    assert_eq!((path, *offset), (&segment(dir, 1), at), "{what}");
    assert!(error.to_string().contains("restore the file from a backup"), "{error}");
    assert_eq!(fs::read(segment(dir, 1)).unwrap(), before, "{what} must not change the file");
}

#[tokio::test]
async fn a_journal_cut_at_any_byte_holds_the_whole_groups_before() {
    let filled = fill(u64::MAX).await;
    let ends: Vec<u64> = filled.groups.iter().map(|(end, _)| *end).collect();
    let [.., third_last, _, _, end] = ends[..] else { panic!("five groups") };
    for length in third_last..=end {
        let dir = crashed(filled.dir.path());
        let file = fs::File::options().write(true).open(segment(dir.path(), 1)).unwrap();
        file.set_len(length).unwrap();
        let whole = filled.groups.iter().rfind(|(end, _)| *end <= length).unwrap();
        assert_holds_exactly(&open(dir.path()).unwrap(), &whole.1).await;
        // What was appended after the repair is found too.
        let log = whole_log(&open(dir.path()).unwrap()).await;
        assert_eq!(log.len(), whole.1.len() + 1, "cut at {length}");
    }
}

#[tokio::test]
async fn a_first_start_that_was_broken_off_is_begun_again() {
    let dir = tempdir();
    drop(open(dir.path()).unwrap());
    let whole = fs::read(segment(dir.path(), 1)).unwrap();
    for length in 0..whole.len() {
        fs::write(segment(dir.path(), 1), &whole[..length]).unwrap();
        fs::remove_file(dir.path().join("log.json")).unwrap();
        drop(open(dir.path()).unwrap());
        assert_eq!(fs::read(segment(dir.path(), 1)).unwrap(), whole, "cut at {length}");
    }
}

#[tokio::test]
async fn a_last_segment_cut_within_its_header_is_begun_again() {
    let filled = fill(1).await;
    let last = segment(filled.dir.path(), 6);
    let whole = fs::read(&last).unwrap();
    let header = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for length in 0..=header {
        let dir = crashed(filled.dir.path());
        fs::write(segment(dir.path(), 6), &whole[..length]).unwrap();
        let expected = &filled.groups[filled.groups.len() - 2].1;
        assert_holds_exactly(&open(dir.path()).unwrap(), expected).await;
    }
}

#[tokio::test]
async fn any_flipped_bit_before_the_last_group_is_refused() {
    let filled = fill(u64::MAX).await;
    let mut begin = 0;
    for (end, _) in &filled.groups[..filled.groups.len() - 1] {
        // A prime step visits every place in a byte without taking minutes.
        for bit in (begin * 8..end * 8).step_by(7) {
            let dir = copy(filled.dir.path());
            flip(&segment(dir.path(), 1), usize::try_from(bit).unwrap());
            assert_refused(dir.path(), begin, &format!("flipped bit {bit}"));
        }
        begin = *end;
    }
}

#[tokio::test]
async fn a_flipped_bit_in_the_last_group_cuts_it_off() {
    let filled = fill(u64::MAX).await;
    let [.., (begin, before), (end, _)] = &filled.groups[..] else { panic!("five groups") };
    for bit in (begin * 8..end * 8).step_by(7) {
        let dir = crashed(filled.dir.path());
        flip(&segment(dir.path(), 1), usize::try_from(bit).unwrap());
        let store = open(dir.path()).unwrap();
        assert_eq!(whole_log(&store).await, *before, "bit {bit}");
        drop(store);
        assert_eq!(fs::metadata(segment(dir.path(), 1)).unwrap().len(), *begin);
    }
}

#[tokio::test]
async fn zeros_behind_the_end_are_cut_off() {
    let filled = fill(u64::MAX).await;
    let (end, log) = filled.groups.last().unwrap();
    let path = segment(filled.dir.path(), 1);
    fs::File::options().write(true).open(&path).unwrap().set_len(end + 4_096).unwrap();
    assert_holds_exactly(&open(filled.dir.path()).unwrap(), log).await;
}

#[tokio::test]
async fn a_missing_middle_is_refused() {
    let filled = fill(u64::MAX).await;
    let ends: Vec<_> =
        filled.groups.iter().map(|(end, _)| usize::try_from(*end).unwrap()).collect();
    let whole = fs::read(segment(filled.dir.path(), 1)).unwrap();
    let without_the_second = [&whole[..ends[1]], &whole[ends[2]..]].concat();
    fs::write(segment(filled.dir.path(), 1), without_the_second).unwrap();
    assert_refused(filled.dir.path(), filled.groups[1].0, "a missing frame");
}

#[tokio::test]
async fn a_missing_or_damaged_segment_is_refused() {
    let filled = fill(1).await;
    let dir = copy(filled.dir.path());
    fs::remove_file(segment(dir.path(), 3)).unwrap();
    let error = open(dir.path()).err().unwrap().to_string();
    assert!(error.contains("journal-00000003.log"), "{error}");

    let dir = copy(filled.dir.path());
    let path = segment(dir.path(), 3);
    let length = fs::metadata(&path).unwrap().len();
    for shorter in [0, 10, length - 1] {
        fs::File::options().write(true).open(&path).unwrap().set_len(shorter).unwrap();
        let error = open(dir.path()).err().unwrap();
        assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
    }

    let dir = copy(filled.dir.path());
    let header = fs::read(segment(dir.path(), 3)).unwrap();
    let header = header.split_inclusive(|byte| *byte == b'\n').next().unwrap();
    fs::write(segment(dir.path(), 3), header).unwrap();
    let error = open(dir.path()).err().unwrap().to_string();
    assert!(error.contains("the frame before this one is missing"), "{error}");
}
