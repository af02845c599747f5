//! Data folders whose log was changed behind the product's back: an older one put back, another one, none.
//!
//! The harm is done to the folder of a server that has ended, and is met by the next start.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::client::Client;
use crate::folder::Folder;
use crate::oversell::{PRODUCT, STORE};
use crate::server::{Data, Server};

/// Receives some goods, one event each.
fn receive(client: &mut Client, times: u32) {
    for _ in 0..times {
        let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1});
        client.post("/stock", &body).unwrap().expect(201);
    }
}

/// On hand as the view has it at a position; `None` when it has no such stock level.
fn on_hand(server: &Server, position: u64) -> Option<u64> {
    let path =
        format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}?minPosition={position}");
    let reply = server.client().get(&path).unwrap();
    if reply.status == 404 {
        return None;
    }
    reply.expect(200)["onHand"].as_u64()
}

fn feed(server: &Server) -> Value {
    server.client().get("/api/v1/inventory/events?limit=1000").unwrap().expect(200)
}

/// Copies a folder with all in it but the locks.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if !entry.file_name().to_string_lossy().ends_with("lock") {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Where the log of stock is, within a data folder.
fn log_of(data: &Data) -> PathBuf {
    let name = if data.store == "sqlite" { "events.db" } else { "journal" };
    data.folder.join("inventory").join(name)
}

fn replace(path: &Path, by: &Path) {
    if path.is_dir() {
        fs::remove_dir_all(path).unwrap();
        copy(by, path);
    } else {
        fs::copy(by, path).unwrap();
    }
}

#[test]
fn an_older_log_is_refused_until_it_is_accepted_and_views_follow_it_then() {
    for store in ["sqlite", "jsonl"] {
        let folder = Folder::new();
        let data = Data::new(folder.path(), store);
        let server = data.serve();
        receive(&mut server.client(), 5);
        let incarnation = feed(&server)["incarnation"].clone();
        server.stop();
        let older = Data::new(&folder.path().join("older"), store);
        copy(&data.folder, &older.folder);
        let server = data.serve();
        assert_eq!(feed(&server)["incarnation"], incarnation, "the same log after a restart");
        receive(&mut server.client(), 4);
        assert_eq!(on_hand(&server, 9), Some(9));
        server.stop();

        replace(&log_of(&data), &log_of(&older));
        let refused =
            data.try_serve_under(&[]).expect_err("the loss of four events is not noticed");
        assert_eq!(refused.status.code(), Some(2));
        for told in ["ends at position 5", "up to position 9", "accept-older-log"] {
            assert!(refused.log.contains(told), "{store}: {}", refused.log);
        }
        let accepted = data.run("accept-older-log");
        assert!(accepted.contains("the inventory log ends at position 5"), "{accepted}");
        let server = data.serve();
        assert_eq!(on_hand(&server, 5), Some(5));
        receive(&mut server.client(), 2);
        assert_eq!(on_hand(&server, 7), Some(7));
        assert_ne!(feed(&server)["incarnation"], incarnation, "readers of the feed can tell");
        server.stop();
        data.verify(None);
    }
}

#[test]
fn views_of_another_log_are_built_anew() {
    let folder = Folder::new();
    let (data, other) =
        (Data::new(folder.path(), "sqlite"), Data::new(&folder.path().join("other"), "sqlite"));
    fs::create_dir(folder.path().join("other")).unwrap();
    for (data, times) in [(&data, 3), (&other, 8)] {
        let server = data.serve();
        receive(&mut server.client(), times);
        assert_eq!(on_hand(&server, times.into()), Some(times.into()));
        server.stop();
    }
    replace(&log_of(&data), &log_of(&other));
    let server = data.serve();
    assert_eq!(on_hand(&server, 8), Some(8));
    server.stop();
    data.verify(None);
}

#[test]
fn a_log_that_is_gone_is_not_begun_anew() {
    for store in ["sqlite", "jsonl"] {
        let folder = Folder::new();
        let data = Data::new(folder.path(), store);
        let server = data.serve();
        receive(&mut server.client(), 3);
        server.stop();
        let log = match store {
            "sqlite" => log_of(&data),
            _ => log_of(&data).join("journal-00000001.log"),
        };
        for harm in ["emptied", "removed"] {
            if harm == "emptied" { fs::write(&log, "") } else { fs::remove_file(&log) }.unwrap();
            let refused = data.try_serve_under(&[]).expect_err("a new log");
            for told in ["missing or empty", "up to position 3"] {
                assert!(refused.log.contains(told), "{harm}: {}", refused.log);
            }
        }
    }
}

#[test]
fn a_log_in_memory_leaves_nothing_behind() {
    let folder = Folder::new();
    let data = Data::new(folder.path(), "memory");
    for times in [3, 2] {
        let server = data.serve();
        assert_eq!(on_hand(&server, 0), None);
        receive(&mut server.client(), times);
        assert_eq!(on_hand(&server, times.into()), Some(times.into()));
        server.stop();
        assert!(!data.folder.exists(), "it needs no data folder");
    }
}

#[test]
fn a_data_folder_serves_one_process_and_one_kind_of_store() {
    let folder = Folder::new();
    let data = Data::new(folder.path(), "sqlite");
    let jsonl = Data { event_store: "jsonl".to_owned(), ..data.clone() };
    let elsewhere = Data { event_store: "sqlite:elsewhere".to_owned(), ..data.clone() };
    let server = data.serve();
    for second in [&data, &jsonl, &elsewhere] {
        let refused = second.try_serve_under(&[]).expect_err("two servers on one folder");
        assert!(refused.log.contains("in use by another gondola process"), "{}", refused.log);
    }
    server.stop();
    let refused = jsonl.try_serve_under(&[]).expect_err("two kinds of store in one folder");
    assert!(refused.log.contains("holds a log of sqlite, not of jsonl"), "{}", refused.log);
    data.serve().stop();
}
