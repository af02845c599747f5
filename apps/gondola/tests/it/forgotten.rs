//! What backups have of a customer who was forgotten, and whom they bring back: as docs/privacy.md says.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};

use crate::gondola::copy;
use crate::privacy::{CANARY, PRODUCT, Running, STORE};

/// A customer who is not forgotten, so that there is something to restore.
const OTHER: &str = "jo.stays@example.com";

const UNKNOWN: &str = "there is no key of this customer: never seen, or forgotten\n";

/// Bytes that must not be found, and what they are.
type Traces = Vec<(&'static str, Vec<u8>)>;

/// The files below a folder with the name of what is in them, also in those that are packed.
fn found(folder: &Path, traces: &Traces) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(self::found(&path, traces));
            continue;
        }
        let mut content = fs::read(&path).unwrap();
        if content.starts_with(&[0x1f, 0x8b]) {
            let mut unpacked = Vec::new();
            MultiGzDecoder::new(&*content).read_to_end(&mut unpacked).unwrap();
            content.extend(unpacked);
        }
        let has = |trace: &[u8]| content.windows(trace.len()).any(|part| part == trace);
        let traces = traces.iter().filter(|(_, trace)| has(trace));
        found.extend(traces.map(|(what, _)| format!("{what} in {}", path.display())));
    }
    found
}

/// A server with a reservation of each customer, and what there is of the one who will be forgotten.
struct Case {
    at: Running,
    key: String,
    traces: Traces,
}

impl Case {
    fn new(event_store: &'static str) -> Self {
        let at = Running::start(event_store);
        let level = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 5});
        at.post("/api/v1/inventory/stock", &level);
        for customer in [CANARY, OTHER] {
            let mut hold = level.clone();
            (hold["quantity"], hold["customerId"]) = (json!(1), json!(customer));
            at.post("/api/v1/inventory/reserve", &hold);
        }
        let known: Value =
            serde_json::from_str(&at.told(&["export", CANARY, "--json"], "")).unwrap();
        let key = known["customerKey"].as_str().unwrap().to_owned();
        let keys = at.folder.path().join("data/privacy/keys.db");
        let keys = rusqlite::Connection::open(keys).unwrap();
        let id: uuid::Uuid = key.parse().unwrap();
        let sql = "SELECT wrapped_key, sealed_reference FROM customer_keys WHERE key_id = ?1";
        let [wrapped, sealed] =
            keys.query_row(sql, [id.as_bytes()], |row| Ok([row.get(0)?, row.get(1)?])).unwrap();
        let traces =
            vec![("name", CANARY.into()), ("wrapped key", wrapped), ("sealed name", sealed)];
        Self { at, key, traces }
    }

    fn back_up(&self) {
        self.at.on_data("data", &["backup", "--to", "backup", "--unchecked"]);
    }

    fn forget(&self) {
        let told = self.at.told(&["forget", CANARY, "--yes"], "");
        assert_eq!(told, format!("forgotten: key {} is destroyed\n", self.key));
    }

    /// Restores a backup into a new folder.
    fn restore(&self, from: &str, to: &str, more: &[&str]) {
        let output = Command::new(env!("CARGO_BIN_EXE_gondola"))
            .current_dir(self.at.folder.path())
            .args(["restore", "--from", from, "--data-dir", to])
            .args(more)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Puts the master key, which an operator has apart from all backups, beside what was restored.
    fn put_master_key(&self, data: &str) {
        let at = |data: &str| self.at.folder.path().join(data).join("privacy/master.key");
        fs::copy(at("data"), at(data)).unwrap();
    }

    fn found(&self, folder: &str) -> Vec<String> {
        found(&self.at.folder.path().join(folder), &self.traces)
    }

    /// What stands in the log of the customer whose key is destroyed.
    fn nobody(&self) -> Value {
        json!({"customerKey": self.key})
    }
}

#[test]
fn a_backup_made_after_it_has_nothing_of_a_forgotten_customer_and_brings_back_nobody() {
    for event_store in ["sqlite:", "jsonl:"] {
        let mut case = Case::new(event_store);
        case.back_up();
        assert_eq!(case.found("backup").len(), 2, "the key and the name, both sealed");
        case.forget();
        case.back_up();
        assert_eq!(case.found("backup"), [""; 0], "{event_store}");
        let master_key = fs::read(case.at.folder.path().join("data/privacy/master.key")).unwrap();
        let master_key = vec![("master key", master_key.trim_ascii().to_vec())];
        let backup = case.at.folder.path().join("backup");
        assert_eq!(found(&backup, &master_key), [""; 0], "{event_store}");

        // all of it, and a moment before the customer was forgotten and the other one came
        for (to, more, others) in
            [("again", &[][..], &[OTHER][..]), ("past", &["--to-position", "2"], &[])]
        {
            case.restore("backup", to, more);
            case.put_master_key(to);
            let others = others.iter().map(|other| json!({"customerId": other}));
            let expected: Vec<_> = std::iter::once(case.nobody()).chain(others).collect();
            assert_eq!(case.at.exported_of(to), expected, "{event_store} {to}");
        }
        case.at.go_over_to("again");
        assert_eq!(case.at.told(&["export", CANARY], ""), UNKNOWN);
        let known = case.at.told(&["export", OTHER], "");
        assert!(known.starts_with("known by key ") && known.contains("active"), "{known}");
        case.at.stop();
        for folder in ["again", "past"] {
            assert_eq!(case.found(folder), [""; 0], "{event_store} {folder}");
        }
    }
}

#[test]
fn a_copy_from_before_brings_a_forgotten_customer_back_until_they_are_forgotten_again() {
    let mut case = Case::new("sqlite:");
    case.back_up();
    let folder = case.at.folder.path().to_owned();
    copy(&folder.join("backup"), &folder.join("copy"));
    case.forget();
    case.back_up();
    case.restore("copy", "before", &[]);
    let both = [CANARY, OTHER].map(|customer| json!({"customerId": customer}));
    case.put_master_key("before");
    assert_eq!(case.at.exported_of("before"), both, "why such copies are kept for a short time");
    case.at.go_over_to("before");
    assert!(case.at.told(&["export", CANARY], "").contains(&case.key));
    case.forget();
    assert_eq!(case.at.told(&["export", CANARY], ""), UNKNOWN);
    case.at.stop();
    assert_eq!(case.at.exported_of("before"), [case.nobody(), both[1].clone()]);
    assert_eq!(case.found("before"), [""; 0]);
    // and without keys the logs tell nothing of anybody
    fs::remove_dir_all(folder.join("before/privacy")).unwrap();
    for left in case.at.exported_of("before") {
        assert!(left["customerKey"].is_string() && left["customerId"].is_null(), "{left}");
    }
}
