//! A disk that is full (E06) and one that fails (E04).

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::answers::{Answers, Name};
use crate::client::{Client, Reply};
use crate::folder::Folder;
use crate::load::{Buyer, Working};
use crate::oversell::{PRODUCT, STORE, level};
use crate::random::Random;
use crate::server::{Data, Server, wait_until};
use crate::settings::{skipped, whole_machine};
use serde_json::json;

/// A file system of a few megabytes, in memory.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this process may not mount one.
    fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=32m", "none"]).arg(at).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then(|| Self(at.to_owned()))
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    /// Takes all space that is left.
    fn fill(&self) {
        let mut file =
            std::fs::OpenOptions::new().create(true).append(true).open(self.filler()).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            while std::io::Write::write_all(&mut file, &vec![0; size]).is_ok() {}
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(&self.0).status());
    }
}

/// Delivers a unit and notes what came of it.
fn deliver(client: &mut Client, answers: &Answers, random: &mut Random) -> Option<Reply> {
    let reference = random.uuid();
    let body =
        json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "reference": reference});
    let reply = client.send("/stock", Some(&reference), &body);
    answers.note(&Name { kind: "add", field: "reference", id: reference }, &reply);
    reply.ok()
}

fn view(server: &Server) -> u16 {
    let path = format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}");
    server.client().get(&path).unwrap().status
}

fn survives_a_full_disk(store: &'static str) -> bool {
    let folder = Folder::new();
    let Some(disk) = SmallDisk::mount(&folder.path().join("disk")) else { return false };
    // the server's own log is there too, as it often is
    let data = Data::new(&disk.0, store);
    let answers = Answers::new(folder.path(), "answers.jsonl");
    let mut random = Random::of_run("full disk");
    let server = data.serve();
    let mut client = server.client();
    for _ in 0..50 {
        assert_eq!(deliver(&mut client, &answers, &mut random).unwrap().status, 201);
    }
    for round in 0..3 {
        wait_until("the view shows the stock", || view(&server) == 200);
        disk.fill();
        // the last bytes of a file's last page may still take a few
        wait_until("a full disk is noticed", || {
            let reply = deliver(&mut client, &answers, &mut random).unwrap();
            assert!([201, 503].contains(&reply.status), "{} {}", reply.status, reply.body);
            reply.status == 503
        });
        for _ in 0..20 {
            let reply = deliver(&mut client, &answers, &mut random);
            let reply = reply.unwrap_or_else(|| panic!("no answer: {}", data.last_words()));
            assert_eq!(reply.status, 503, "{}", reply.body);
        }
        assert_eq!(view(&server), 200, "reads go on");
        assert!(level(&server, PRODUCT)[0] >= 50, "round {round}");
        disk.free();
        wait_until("writes go on once there is space again", || {
            deliver(&mut client, &answers, &mut random).unwrap().status == 201
        });
        for _ in 0..20 {
            assert_eq!(deliver(&mut client, &answers, &mut random).unwrap().status, 201);
        }
    }
    server.stop();
    let counts = answers.counts();
    eprintln!("{store}: {counts:?}\n{}", data.verify(Some(&answers.path)));
    true
}

#[test]
fn a_full_disk_is_told_and_survived() {
    let _machine = whole_machine();
    for store in ["sqlite", "jsonl"] {
        if !survives_a_full_disk(store) {
            return skipped("mount tmpfs");
        }
    }
}

fn can_trace() -> bool {
    let mut trace = Command::new("strace");
    trace.args(["-qq", "-e", "trace=none", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
    trace.status().is_ok_and(|status| status.success())
}

#[test]
fn a_failed_sync_ends_the_process_and_loses_nothing() {
    let _machine = whole_machine();
    if !can_trace() {
        return skipped("strace");
    }
    let mut random = Random::of_run("failed sync");
    for store in ["sqlite", "jsonl"] {
        let folder = Folder::new();
        let data = Data::new(folder.path(), store);
        let answers = Arc::new(Answers::new(folder.path(), "answers.jsonl"));
        let mut buyers: Vec<_> = (0..8).map(|_| Buyer::new(&mut random, &answers)).collect();
        for round in 0..3 {
            let inject = format!("inject=fsync,fdatasync:error=EIO:when={}", 40 + random.below(60));
            let trace = [
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                &inject,
            ];
            let mut server = data.serve_under(&trace);
            let working = Working::start(buyers, server.address());
            let status = server.wait();
            assert!(!status.success(), "round {round}: {status}");
            assert!(status.signal().is_some() || status.code() == Some(134), "{status}");
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
