//! `gondola backup` and `gondola restore`, and the schedule of `serve`, with the real binary.
//!
//! Where a fault may strike: the backup is killed at any moment, the server is killed between two backups, a byte of the
//! backup changes. What is right there: the backup before is whole, what was acknowledged before the backup was made is in
//! what is restored, and the file that changed is named.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use kit_core::{Clock, SystemClock, Timestamp};
use serde_json::Value;

use crate::gondola::{Place, Raising, account};
use crate::roles::{Server, get, send};

const KINDS: [&str; 2] = ["sqlite", "jsonl"];

/// Clients that send changes while backups are made.
const CLIENTS: u128 = 64;

fn restore(place: &Place, to: &str, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
    let command = command.current_dir(place.path(""));
    let command = command.args(["--log", "warn", "restore", "--from", "backup", "--data-dir", to]);
    command.args(more).output().unwrap()
}

/// Puts the master key of customers' keys, which is in no backup, beside what was restored.
fn put_master_key(from: &Path, data: &Path) {
    std::fs::copy(from.join("privacy/master.key"), data.join("privacy/master.key")).unwrap();
}

/// What it says of a restore that must succeed.
#[track_caller]
fn restored(place: &Place, to: &str, more: &[&str]) -> String {
    let output = restore(place, to, more);
    let error = String::from_utf8_lossy(&output.stderr);
    let told = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{more:?}: {error}{told}");
    assert!(told.contains("verified: I1"), "{told}");
    told
}

/// The error of a restore that must fail, and leaves nothing.
#[track_caller]
fn refused(place: &Place, more: &[&str]) -> String {
    let output = restore(place, "refused", more);
    assert_eq!(output.status.code(), Some(2), "{more:?}");
    assert!(!place.path("refused").exists(), "{more:?}: nothing is left");
    String::from_utf8(output.stderr).unwrap()
}

/// A command on a data folder of a place.
#[track_caller]
fn told_of(place: &Place, kind: &str, data: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
    let command = command.current_dir(place.path("")).args(["--log", "warn"]).args(arguments);
    let output = command.args(["--data-dir", data, "--event-store", kind]).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn events(place: &Place, kind: &str, data: &str) -> Vec<Value> {
    let text = told_of(place, kind, data, &["export", "events"]);
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A shop with two products in two stores.
fn shop(kind: &'static str) -> Place {
    let place = Place::new(kind);
    place.write("stores.csv", "code\nS1\nS2\n");
    place.write("products.csv", "sku,name\nP1,One\nP2,Two\n");
    place.write("monday.csv", "store_code,sku,quantity\nS1,P1,100\nS1,P2,200\nS2,P1,300\n");
    place.write("tuesday.csv", "store_code,sku,quantity\nS1,P1,7\nS2,P2,9\n");
    for what in ["stores", "products"] {
        place.told(&["import", what, &format!("{what}.csv")]);
    }
    place.told(&["import", "stock", "monday.csv"]);
    place
}

fn incarnation(place: &Place, data: &str) -> Value {
    let described: Value =
        serde_json::from_str(&place.read(&format!("{data}/inventory/log.json"))).unwrap();
    described["incarnation"].clone()
}

#[test]
fn a_backup_is_proved_and_what_is_restored_from_it_goes_on_where_it_was() {
    for kind in KINDS {
        let place = shop(kind);
        let told = place.told(&["backup", "--to", "backup"]);
        assert!(told.contains("have their checksums, and restored I1"), "{told}");
        place.told(&["import", "stock", "tuesday.csv"]);
        let told = place.told(&["backup", "--to", "backup", "--unchecked"]);
        assert!(told.contains(": 2 new events,"), "{kind}: only what is new: {told}");
        let told = restored(&place, "again", &[]);
        for what in ["(RTO)", "(RPO)", "inventory  up to position 5, 0 events left out"] {
            assert!(told.contains(what), "{kind}: {what}: {told}");
        }
        assert!(told.contains("master key of customers' keys is not in a backup"), "{told}");
        assert!(!place.path("again/privacy/master.key").exists());
        put_master_key(&place.path("data"), &place.path("again"));
        assert_eq!(events(&place, kind, "again"), events(&place, kind, "data"), "{kind}");
        let stock = |data: &str| told_of(&place, kind, data, &["export", "stock"]);
        assert_eq!(stock("again"), stock("data"), "{kind}");
        assert_ne!(incarnation(&place, "again"), incarnation(&place, "data"), "another log");
        // a file that is whole in it was imported before, and is known to be
        let told = told_of(&place, kind, "again", &["import", "stock", "tuesday.csv"]);
        assert_eq!(account(&told, 2), [0, 2, 0], "{kind}: {told}");
    }
}

#[test]
fn a_restore_takes_a_new_folder_only_and_says_what_the_backup_does_not_reach() {
    let place = shop("sqlite");
    let error = refused(&place, &[]);
    assert!(error.contains("backup"), "there is none yet: {error}");
    place.told(&["backup", "--to", "backup", "--unchecked"]);
    let used = restore(&place, "data", &[]);
    let error = String::from_utf8_lossy(&used.stderr).into_owned();
    assert!(error.contains("has something in it"), "{error}");
    let error = refused(&place, &["--to-position", "4"]);
    assert!(error.contains("up to position 3, not up to 4"), "{error}");
    let error = refused(&place, &["--to-time", "2099-01-01T00:00:00Z"]);
    assert!(error.contains("does not have all that there was at 2099"), "{error}");
    let error = refused(&place, &["--to-time", "2001-01-01T00:00:00Z"]);
    assert!(error.contains("nothing was recorded by then"), "{error}");
    let error = place.error(&["backup", "--to", "data/backup"]);
    assert!(error.contains("is inside the data folder"), "{error}");
    let told = restored(&place, "past", &["--to-position", "2"]);
    assert!(told.contains("inventory  up to position 2, 1 events left out"), "{told}");
    assert_eq!(events(&place, "sqlite", "past"), events(&place, "sqlite", "data")[..2]);
    // what is made from what was restored is another log
    std::fs::rename(place.path("data"), place.path("lost")).unwrap();
    std::fs::rename(place.path("past"), place.path("data")).unwrap();
    let error = place.error(&["backup", "--to", "backup"]);
    assert!(error.contains("One backup is of one log: give an empty folder"), "{error}");
}

#[test]
fn a_byte_that_changed_is_found_and_its_file_named() {
    let place = shop("sqlite");
    place.told(&["backup", "--to", "backup"]);
    let mut files = Vec::new();
    list(&place.path("backup"), &mut files);
    let files = files.into_iter().filter(|file| !file.ends_with("lock")).collect::<Vec<_>>();
    assert!(files.len() >= 4, "manifest, two logs, imports: {files:?}");
    for file in files {
        let whole = std::fs::read(&file).unwrap();
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 4;
        std::fs::write(&file, changed).unwrap();
        let error = refused(&place, &[]);
        let name = file.rsplit('/').next().unwrap();
        assert!(error.contains(name) && error.contains("is damaged"), "{name}: {error}");
        std::fs::write(&file, whole).unwrap();
    }
    restored(&place, "whole", &[]);
}

fn list(folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, files);
        } else {
            files.push(path.to_str().unwrap().to_owned());
        }
    }
}

#[test]
fn a_backup_that_is_killed_leaves_the_one_before_and_the_next_goes_on() {
    let place = shop("sqlite");
    place.told(&["backup", "--to", "backup", "--unchecked"]);
    let arguments = ["backup", "--to", "backup"];
    let began = Instant::now();
    assert!(place.command(&arguments).output().unwrap().status.success());
    let (mut whole, mut killed) = (began.elapsed(), 0);
    for round in 0..12_u32 {
        let quantity = round + 1;
        let rows = format!("store_code,sku,quantity\nS1,P1,{quantity}\n");
        place.write("more.csv", &rows);
        place.told(&["import", "stock", "more.csv"]);
        let mut child = place.start(&arguments);
        std::thread::sleep(whole * round / 12);
        if child.try_wait().unwrap().is_none() {
            killed += 1;
        } else {
            // the machine was busier when it was measured
            whole /= 2;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let name = format!("killed-{round}");
        restored(&place, &name, &[]);
        let (all, some) = (events(&place, "sqlite", "data"), events(&place, "sqlite", &name));
        assert_eq!(some, all[..some.len()], "round {round}");
        assert!(some.len() + 1 >= all.len(), "round {round}: the backup before is in it");
        place.told(&["backup", "--to", "backup", "--unchecked"]);
    }
    assert!(killed >= 6, "only {killed} of 12 were killed in the middle");
    place.told(&["backup", "--to", "backup"]);
    let left = std::fs::read_dir(place.path("backup")).unwrap().map(|it| it.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().ends_with(".new")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// The quantity on hand of a product in a store, as of a moment or now.
fn on_hand(address: &str, path: &str) -> Option<u64> {
    let answer = get(address, path);
    let body = answer.split("\r\n\r\n").nth(1).unwrap();
    let level: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{path}: {answer}"));
    level["onHand"].as_u64()
}

/// What was acknowledged to a client, and when.
struct Acknowledged {
    store: String,
    at: Timestamp,
}

/// When the backup of a place was made.
fn made_at(place: &Place) -> Option<Timestamp> {
    let manifest = std::fs::read_to_string(place.path("backup/manifest.json")).ok()?;
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    manifest["madeAt"].as_str()?.parse().ok()
}

/// What clients are told to do, and how many of them rest.
#[derive(Default)]
struct Clients {
    pause: AtomicBool,
    gone: AtomicBool,
    resting: AtomicU32,
}

/// Sends changes until the machine is gone: each client receives units in a stock level of its own. In a pause it rests, once it
/// has received some.
fn send_until(address: &str, client: u128, clients: &Clients) -> Vec<Acknowledged> {
    let Clients { pause, gone, resting } = clients;
    let mut acknowledged = Vec::new();
    let (store, product) = (uuid::Uuid::from_u128(client + 1), uuid::Uuid::from_u128(77));
    let body = format!(r#"{{"storeId":"{store}","productId":"{product}","quantity":1}}"#);
    while !gone.load(Ordering::Relaxed) {
        if pause.load(Ordering::Relaxed) && !acknowledged.is_empty() {
            resting.fetch_add(1, Ordering::Relaxed);
            while pause.load(Ordering::Relaxed) && !gone.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        let answer = send(address, "POST", "/api/v1/inventory/stock", &body);
        if answer.starts_with("HTTP/1.1 201 ") {
            let at = SystemClock.now();
            acknowledged.push(Acknowledged { store: store.to_string(), at });
        }
    }
    acknowledged
}

#[test]
fn a_lost_machine_loses_nothing_that_was_acknowledged_before_its_last_backup() {
    let place = Place::new("sqlite");
    let folder = tempfile::tempdir().unwrap();
    let to = place.path("backup");
    let to = to.to_str().unwrap();
    let server = Server::start_with(&folder, "all", &["--backup-to", to, "--backup-every", "1"]);
    let address = server.address.clone();
    let told = Clients::default();
    let path = |client: u128| {
        let (store, product) = (uuid::Uuid::from_u128(client + 1), uuid::Uuid::from_u128(77));
        format!("/api/v1/inventory/stores/{store}/products/{product}")
    };
    let paths: Vec<_> = (0..CLIENTS).map(path).collect();
    let (acknowledged, at, then) = std::thread::scope(|scope| {
        let (told, address) = (&told, &address);
        let gone = Raising(&told.gone);
        let clients = (0..CLIENTS)
            .map(|client| scope.spawn(move || send_until(address, client, told)))
            .collect::<Vec<_>>();
        std::thread::sleep(Duration::from_millis(1_500));
        // a moment in the middle of it, in which no two shards are at work, and what there was then
        told.pause.store(true, Ordering::Relaxed);
        let began = Instant::now();
        while u128::from(told.resting.load(Ordering::Relaxed)) < CLIENTS {
            assert!(began.elapsed() < Duration::from_mins(1), "not all clients rest");
            std::thread::sleep(Duration::from_millis(5));
        }
        let at = SystemClock.now();
        std::thread::sleep(Duration::from_millis(50));
        told.pause.store(false, Ordering::Relaxed);
        let began = Instant::now();
        while made_at(&place).is_none_or(|made_at| made_at <= at) {
            assert!(began.elapsed() < Duration::from_mins(1), "no backup after {at}");
            std::thread::sleep(Duration::from_millis(50));
        }
        let then = paths.iter().map(|path| on_hand(address, &format!("{path}?asOf={at}")));
        let then = then.collect::<Vec<_>>();
        // the machine is lost
        drop(gone);
        let all = clients.into_iter().flat_map(|client| client.join().unwrap());
        (all.collect::<Vec<_>>(), at, then)
    });
    drop(server);
    let told = restored(&place, "again", &[]);
    let made_at = made_at(&place).unwrap();
    assert!(told.contains(&format!("as of      {made_at}: ")), "{told}");
    let before = acknowledged.iter().filter(|one| one.at < made_at).count();
    assert!(before > 50, "{before} acknowledged before the backup at {made_at}");
    let kept = events(&place, "sqlite", "again");
    for client in 0..CLIENTS {
        let store = uuid::Uuid::from_u128(client + 1).to_string();
        let sent = acknowledged.iter().filter(|one| one.store == store && one.at < made_at).count();
        let kept = kept.iter().filter(|event| event.to_string().contains(&store)).count();
        assert!(kept >= sent, "store {store}: {kept} of {sent}");
    }
    // a moment in the past
    restored(&place, "past", &["--to-time", &at.to_string()]);
    put_master_key(&folder.path().join("data"), &place.path("past"));
    let past = tempfile::tempdir().unwrap();
    std::fs::rename(place.path("past"), past.path().join("data")).unwrap();
    let server = Server::start_with(&past, "all", &[]);
    for (path, then) in paths.iter().zip(&then) {
        assert!(then.is_some_and(|units| units > 0), "{path}: {then:?}");
        let strong = format!("{path}?consistency=strong");
        assert_eq!(on_hand(&server.address, &strong), *then, "{path} as of {at}");
    }
}

#[test]
fn what_cannot_be_backed_up_is_refused_before_it_is_served() {
    let place = Place::new("memory");
    let error = place.error(&["serve", "--listen", "127.0.0.1:0", "--backup-to", "backup"]);
    assert!(error.contains("nothing to back up"), "{error}");
    let place = Place::new("sqlite");
    let error = place.error(&["serve", "--listen", "127.0.0.1:0", "--backup-to", "data/backup"]);
    assert!(error.contains("is inside the data folder"), "{error}");
}
