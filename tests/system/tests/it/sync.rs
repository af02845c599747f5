//! A disk that stops syncing (E04): in the middle of the work, and before it has begun.
//!
//! The faults come from `strace`. They stay once they are there, as a disk that failed stays failed: a single one could
//! hit a sync that `SQLite` only makes to tidy up, which is rightly survived.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustix::process::Signal;

use crate::answers::Answers;
use crate::folder::Folder;
use crate::load::{Buyer, Working};
use crate::random::Random;
use crate::server::{Data, Refused, wait_until};
use crate::settings::{skipped, whole_machine};

/// Concurrent clients.
const BUYERS: usize = 8;

/// More syncs of the log than a start makes: what strikes after that strikes a server that listens.
const START_SYNCS_MAX: u64 = 20;

/// More syncs than a start makes in all.
const SYNCS_MAX: u64 = 80;

/// Syncs that fail.
struct Failing {
    /// Of this file only.
    file: Option<PathBuf>,
    /// From this one on, the first being 1; each thread counts its own.
    from: u64,
}

impl Failing {
    fn any(from: u64) -> Self {
        Self { file: None, from }
    }

    fn of_log(data: &Data, from: u64) -> Self {
        let log =
            if data.store == "sqlite" { "events.db-wal" } else { "journal/journal-00000001.log" };
        Self { file: Some(data.folder.join("inventory").join(log)), from }
    }

    /// Of the log's file itself, which only a checkpoint writes.
    fn of_checkpoints(data: &Data) -> Self {
        Self { file: Some(data.folder.join("inventory/events.db")), from: 1 }
    }

    /// The tracer to run the server under; it stays in the background, so that the child is the server itself.
    fn tracer(&self) -> Vec<String> {
        let inject = format!("inject=fsync,fdatasync:error=EIO:when={}+", self.from);
        let usual =
            ["-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", &inject];
        let mut tracer: Vec<String> =
            ["strace"].iter().chain(&usual).map(|&word| word.to_owned()).collect();
        if let Some(file) = &self.file {
            tracer.extend(["-P".to_owned(), file.display().to_string()]);
        }
        tracer
    }
}

/// Whether this process may trace others; says so when not.
fn can_trace() -> bool {
    let mut trace = Command::new("strace");
    trace.args(["-D", "-f", "-qq", "-e", "trace=none", "true"]);
    let can = trace
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !can {
        skipped("strace");
    }
    can
}

/// Where the fault strikes: a sync of the inventory's log, named by its file. Of those a start makes fewer than are
/// spared, and in another thread, so the server listens and works by then.
///
/// What is right: no unsynced write is acknowledged, the process ends by itself with an error, and the next one has all
/// that was acknowledged.
#[test]
fn a_log_that_cannot_be_synced_ends_the_process_and_loses_nothing() {
    let _machine = whole_machine();
    if !can_trace() {
        return;
    }
    let mut random = Random::of_run("failed sync");
    for store in ["sqlite", "jsonl"] {
        let folder = Folder::new();
        let data = Data::new(folder.path(), store);
        let answers = Arc::new(Answers::new(folder.path(), "answers.jsonl"));
        let mut buyers: Vec<_> = (0..BUYERS).map(|_| Buyer::new(&mut random, &answers)).collect();
        for round in 0..3 {
            // enough for more than a hundred commands in three rounds, though each has a sync of its own
            let from = START_SYNCS_MAX + 31 + random.below(80);
            let mut server = data.serve_under(&Failing::of_log(&data, from).tracer());
            let working = Working::start(buyers, server.address());
            let status = server.wait();
            assert_eq!(
                status.signal(),
                Some(Signal::ABORT.as_raw()),
                "round {round}: {status}\n{}",
                data.last_words()
            );
            let told = data.whole_log().matches("process_ends").count();
            assert_eq!(told, round + 1, "each end is told once");
            buyers = working.join();
        }
        let server = data.serve();
        for buyer in &mut buyers {
            assert!(buyer.resolve(&mut server.client()));
        }
        server.stop();
        let counts = answers.counts();
        eprintln!("{store}: {counts:?}\n{}", data.verify(Some(&answers.path)));
        assert!(counts.acked > 100 && counts.unknown > 0, "{counts:?}");
    }
}

/// Where the fault strikes: every sync of the log's file. Events are safe in the write-ahead log, which grows meanwhile.
///
/// What is right: readiness fails with the reason, and when that goes on the process ends by itself; nothing is lost.
#[test]
fn a_log_file_that_cannot_be_synced_is_told_and_then_ends_the_process() {
    let _machine = whole_machine();
    if !can_trace() {
        return;
    }
    let mut random = Random::of_run("failed checkpoint");
    let folder = Folder::new();
    let data = Data::new(folder.path(), "sqlite");
    data.serve().stop();
    let answers = Arc::new(Answers::new(folder.path(), "answers.jsonl"));
    let buyers: Vec<_> = (0..BUYERS).map(|_| Buyer::new(&mut random, &answers)).collect();
    let mut server = data.serve_under(&Failing::of_checkpoints(&data).tracer());
    let working = Working::start(buyers, server.address());
    let told = wait_until("readiness fails", || match server.client().get("/health/ready") {
        Ok(reply) if reply.status == 503 => Ok(reply.body),
        other => Err(other),
    });
    let reason = told["components"]["inventoryLog"]["detail"].to_string();
    assert!(reason.contains("the log file cannot be written"), "{told}");
    assert_eq!(server.wait().signal(), Some(Signal::ABORT.as_raw()), "{}", data.last_words());
    let ahead = std::fs::metadata(data.folder.join("inventory/events.db-wal")).unwrap().len();
    let mut buyers = working.join();
    let counts = answers.counts();
    // a fast machine does more than that is enough for until the checkpoint has failed often enough
    let most = ((counts.acked + counts.unknown) * (16 << 10)).max(64 << 20);
    assert!(ahead < most, "the write-ahead log has {ahead} bytes for {counts:?}");
    let server = data.serve();
    for buyer in &mut buyers {
        assert!(buyer.resolve(&mut server.client()));
    }
    server.stop();
    data.verify(Some(&answers.path));
}

/// The start was given up before anybody was served, and said why.
#[track_caller]
fn assert_refused(refused: &Refused) {
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(refused.log.contains("error: cannot "), "{refused:?}");
}

/// Starts on a disk that fails at the first sync, at the second, and so on, each time on what the one before has
/// left, until one listens; gives how many were refused.
fn failed_starts(data: &Data) -> u64 {
    for from in 1..=SYNCS_MAX {
        match data.try_serve_under(&Failing::any(from).tracer()) {
            Ok(server) => {
                server.kill();
                return from - 1;
            }
            Err(refused) => assert_refused(&refused),
        }
    }
    panic!("a start makes more than {SYNCS_MAX} syncs")
}

/// Where the fault strikes: at each sync that a start makes, one after the other, in a new folder and in one that was
/// left by a kill under load.
///
/// What is right: the start is refused with an error and does not hang, and the next one without the fault has all
/// that was acknowledged.
#[test]
fn a_start_on_a_disk_that_cannot_sync_is_refused_and_loses_nothing() {
    let _machine = whole_machine();
    if !can_trace() {
        return;
    }
    let mut random = Random::of_run("failed start");
    for store in ["sqlite", "jsonl"] {
        let folder = Folder::new();
        let data = Data::new(folder.path(), store);
        let answers = Arc::new(Answers::new(folder.path(), "answers.jsonl"));
        let refused_anew = failed_starts(&data);
        let mut buyers: Vec<_> = (0..BUYERS).map(|_| Buyer::new(&mut random, &answers)).collect();
        let server = data.serve();
        let working = Working::start(buyers, server.address());
        answers.wait_for_acked(200);
        server.kill();
        buyers = working.join();
        // what the killed process wrote may never have been synced: the next process has to sync it before it serves it
        let trusting = data.try_serve_under(&Failing::of_log(&data, 1).tracer());
        assert_refused(&trusting.expect_err("it trusts a log that it could not sync"));
        let refused_again = failed_starts(&data);
        let server = data.serve();
        for buyer in &mut buyers {
            assert!(buyer.resolve(&mut server.client()));
        }
        server.stop();
        eprintln!("{store}: {refused_anew} and {refused_again} starts were refused");
        assert!(refused_anew > 0 && refused_again > 0);
        data.verify(Some(&answers.path));
    }
}
