//! A disk that is full (E06).

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::answers::{Answers, Name};
use crate::client::{Client, Reply};
use crate::folder::Folder;
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

/// Delivers a unit and records the answer.
fn deliver_one(client: &mut Client, answers: &Answers, random: &mut Random) -> Option<Reply> {
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

#[track_caller]
fn await_view(server: &Server) {
    wait_until("the view shows the stock", || match view(server) {
        200 => Ok(()),
        other => Err(other),
    });
}

/// Delivers until an answer has a status; meanwhile there is one other that is right as well.
#[track_caller]
fn deliver_until(status: u16, meanwhile: u16, mut deliver: impl FnMut() -> Reply) {
    wait_until(&format!("a delivery is answered with {status}"), || {
        let reply = deliver();
        assert!([status, meanwhile].contains(&reply.status), "{} {}", reply.status, reply.body);
        if reply.status == status { Ok(()) } else { Err(reply) }
    });
}

/// Takes the disk's space from a server at work, and gives it back.
fn fill_and_free(server: &Server, disk: &SmallDisk, mut deliver: impl FnMut() -> Reply) {
    await_view(server);
    disk.fill();
    // the last bytes of a file's last page may still take a few
    deliver_until(503, 201, &mut deliver);
    for _ in 0..20 {
        let reply = deliver();
        assert_eq!(reply.status, 503, "{}", reply.body);
    }
    assert_eq!(view(server), 200, "reads go on");
    let health = server.client().get("/health/ready").unwrap().expect(503);
    let reason = health["components"]["inventoryLog"]["detail"].to_string();
    assert!(reason.contains("cannot be written"), "{health}");
    assert!(level(server, PRODUCT)[0] >= 50);
    disk.free();
    deliver_until(201, 503, &mut deliver);
    for _ in 0..20 {
        assert_eq!(deliver().status, 201);
    }
    // what else could not be written is tried again now and then
    server.await_ready();
}

/// Where the fault strikes: at every write of the server from some moment on, after its start and after its first fifty
/// answers; which file's write meets it first is chance.
///
/// What is right: writes are refused with 503 and have not happened, reads go on, and once there is space so do writes.
/// A server that gets a termination signal ends with or without space.
fn survives_a_full_disk(store: &'static str) -> bool {
    let folder = Folder::new();
    let Some(disk) = SmallDisk::mount(&folder.path().join("disk")) else { return false };
    // the server's own log is there too, as it often is
    let data = Data::new(&disk.0, store);
    let answers = Answers::new(folder.path(), "answers.jsonl");
    let mut random = Random::of_run("full disk");
    let server = data.serve();
    let mut client = server.client();
    let mut deliver = || {
        let reply = deliver_one(&mut client, &answers, &mut random);
        reply.unwrap_or_else(|| panic!("no answer: {}", data.last_words()))
    };
    for _ in 0..50 {
        assert_eq!(deliver().status, 201);
    }
    for _ in 0..3 {
        fill_and_free(&server, &disk, &mut deliver);
    }
    // what still has to be written behind the log cannot be: the end does not wait for it
    disk.fill();
    deliver_until(503, 201, &mut deliver);
    server.stop();
    disk.free();
    let server = data.serve();
    let mut client = server.client();
    assert_eq!(deliver_one(&mut client, &answers, &mut random).unwrap().status, 201);
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

/// A start without any space: it is refused with a sentence, or serves what there is. Nothing is lost by it.
fn starts_once_there_is_space(store: &'static str) -> bool {
    let folder = Folder::new();
    let Some(disk) = SmallDisk::mount(&folder.path().join("disk")) else { return false };
    let log = folder.path().join("server.log");
    let data = Data { log, ..Data::new(&disk.0, store) };
    let answers = Answers::new(folder.path(), "answers.jsonl");
    let mut random = Random::of_run("start on a full disk");
    let deliver_some = |server: &Server, random: &mut Random| {
        let mut client = server.client();
        for _ in 0..50 {
            assert_eq!(deliver_one(&mut client, &answers, random).unwrap().status, 201);
        }
    };
    let server = data.serve();
    deliver_some(&server, &mut random);
    await_view(&server);
    // killed, so that the next start has something to recover
    server.kill();
    disk.fill();
    match data.try_serve_under(&[]) {
        Ok(server) => {
            // it listens before it is ready
            await_view(&server);
            server.stop();
        }
        Err(refused) => {
            eprintln!("{store}: {}", refused.log);
            let says_why = ["full", "No space left"].iter().any(|why| refused.log.contains(why));
            assert!(says_why, "{}", refused.log);
        }
    }
    disk.free();
    let server = data.serve();
    assert_eq!(level(&server, PRODUCT)[0], 50);
    deliver_some(&server, &mut random);
    server.stop();
    eprintln!("{store}: {}", data.verify(Some(&answers.path)));
    true
}

#[test]
fn a_start_on_a_full_disk_loses_nothing() {
    let _machine = whole_machine();
    for store in ["sqlite", "jsonl"] {
        if !starts_once_there_is_space(store) {
            return skipped("mount tmpfs");
        }
    }
}
