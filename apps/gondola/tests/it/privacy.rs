//! `gondola privacy` against a server that asks for keys, whose log lines and files are searched for a customer.

use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::access::key;
use crate::roles::send_with;

pub(crate) const CANARY: &str = "maria.canary@example.com";
pub(crate) const STORE: &str = "11111111-1111-1111-1111-111111111111";
pub(crate) const PRODUCT: &str = "22222222-2222-2222-2222-222222222222";

/// A server that writes all its log lines, the fine ones too.
pub(crate) struct Running {
    pub(crate) folder: TempDir,
    event_store: &'static str,
    server: Child,
    address: String,
}

impl Running {
    pub(crate) fn start(event_store: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for role in ["admin", "operator"] {
            let made = key(&folder, role, role);
            fs::write(folder.path().join(format!("{role}.key")), made + "\n").unwrap();
        }
        let (server, address) = serve(&folder, event_store, "data");
        Self { folder, event_store, server, address }
    }

    /// Serves another data folder from now on.
    pub(crate) fn go_over_to(&mut self, data: &str) {
        self.stop();
        (self.server, self.address) = serve(&self.folder, self.event_store, data);
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        let key = fs::read_to_string(self.folder.path().join("operator.key")).unwrap();
        let headers = [("content-type", "application/json"), ("x-api-key", key.trim())];
        let answer = send_with(&self.address, "POST", path, &headers, &body.to_string());
        assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    fn run(&self, arguments: &[&str], key: &str, input: &str) -> Output {
        let url = format!("http://{}", self.address);
        let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"))
            .current_dir(self.folder.path())
            .arg("privacy")
            .args(arguments)
            .args(["--server", &url, "--api-key-file", key])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        command.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        command.wait_with_output().unwrap()
    }

    #[track_caller]
    pub(crate) fn told(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, "admin.key", input);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn refused(&self, arguments: &[&str], key: &str) -> String {
        let output = self.run(arguments, key, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Ends the server as an operator does, and waits until all is written.
    pub(crate) fn stop(&mut self) {
        let id = self.server.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.server.wait().unwrap().success());
    }

    /// A command on a data folder of its kind of event store.
    #[track_caller]
    pub(crate) fn on_data(&self, data: &str, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_gondola"))
            .current_dir(self.folder.path())
            .args(arguments)
            .args(["--event-store", self.event_store, "--data-dir", data])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What the log had in its personal compartments, as the export of events tells it.
    fn exported(&self) -> Vec<Value> {
        self.exported_of("data")
    }

    /// The same of another data folder.
    #[track_caller]
    pub(crate) fn exported_of(&self, data: &str) -> Vec<Value> {
        let text = self.on_data(data, &["export", "events", "--personal"]);
        let events = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        events.map(|mut event| event["personal"].take()).filter(|it| !it.is_null()).collect()
    }
}

/// Starts a server on a data folder; itself, and where it listens.
fn serve(folder: &TempDir, event_store: &str, data: &str) -> (Child, String) {
    let log = fs::File::create(folder.path().join("server.log")).unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_gondola"))
        .current_dir(folder.path())
        .args(["--log", "trace", "serve", "--listen", "127.0.0.1:0"])
        .args(["--event-store", event_store, "--api-keys", "keys.json", "--data-dir", data])
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut told = fs::File::create(folder.path().join("server.out")).unwrap();
    let address = loop {
        let line = lines.next().unwrap().unwrap();
        writeln!(told, "{line}").unwrap();
        if let Some((_, rest)) = line.split_once("http://") {
            break rest.split([' ', '"']).next().unwrap().to_owned();
        }
    };
    std::thread::spawn(move || {
        for line in lines {
            writeln!(told, "{}", line.unwrap()).unwrap();
        }
    });
    (server, address)
}

impl Drop for Running {
    fn drop(&mut self) {
        // it may have ended
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The files below a folder that have a text in them.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
            continue;
        }
        let mut content = Vec::new();
        fs::File::open(&path).unwrap().read_to_end(&mut content).unwrap();
        if content.windows(text.len()).any(|part| part == text.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn a_customer_is_in_no_file_and_no_log_line_and_is_forgotten() {
    for event_store in ["sqlite:", "jsonl:"] {
        let mut at = Running::start(event_store);
        let level = |more: Value| {
            let mut body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 5});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        at.post("/api/v1/inventory/stock", &level(json!({})));
        for customer in [CANARY, "jo"] {
            let named = level(json!({"quantity": 1, "customerId": customer}));
            at.post("/api/v1/inventory/reserve", &named);
        }
        // as an argument and by standard input
        let exported = at.told(&["export", CANARY], "");
        assert!(exported.starts_with("known by key ") && exported.contains("active"), "{exported}");
        assert_eq!(at.told(&["export", "-"], &format!("{CANARY}\n")), exported);
        for key in ["operator.key", "nowhere.key"] {
            let refused = at.refused(&["export", CANARY], key);
            assert!(refused.contains("forbidden") || refused.contains("nowhere.key"), "{refused}");
        }
        assert!(at.refused(&["forget", CANARY, "--yes"], "operator.key").contains("forbidden"));
        assert!(at.refused(&["forget", CANARY], "admin.key").contains("never comes back"));
        at.stop();
        assert_eq!(files_with(at.folder.path(), CANARY), [""; 0], "{event_store}");
        let log = fs::read_to_string(at.folder.path().join("server.log")).unwrap()
            + &fs::read_to_string(at.folder.path().join("server.out")).unwrap();
        assert!(log.contains("/api/v1/privacy/export"), "the log has the requests: {log}");
        // the owner of the keys can still read whom events are about
        let named = json!({"customerId": CANARY});
        assert_eq!(at.exported(), [named, json!({"customerId": "jo"})]);
    }
}

#[test]
fn who_is_forgotten_is_unknown_to_every_command() {
    let mut at = Running::start("sqlite:");
    let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 5});
    at.post("/api/v1/inventory/stock", &body);
    let named =
        json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "customerId": CANARY});
    at.post("/api/v1/inventory/reserve", &named);
    let known: Value = serde_json::from_str(&at.told(&["export", CANARY, "--json"], "")).unwrap();
    let key = known["customerKey"].as_str().unwrap();
    let forgotten = at.told(&["forget", CANARY, "--yes"], "");
    assert_eq!(forgotten, format!("forgotten: key {key} is destroyed\n"));
    let again = at.told(&["forget", CANARY, "--yes"], "");
    assert!(again.contains("there was no key"), "{again}");
    let unknown = at.told(&["export", CANARY], "");
    assert_eq!(unknown, "there is no key of this customer: never seen, or forgotten\n");
    at.stop();
    let log = fs::read_to_string(at.folder.path().join("server.log")).unwrap()
        + &fs::read_to_string(at.folder.path().join("server.out")).unwrap();
    let audit =
        log.lines().find(|line| line.contains("customer_forgotten")).expect("an audit line");
    assert!(audit.contains(key) && audit.contains("key:admin"), "{audit}");
    assert_eq!(at.exported(), [json!({"customerKey": key})], "nobody can read it any more");
    let verified = Command::new(env!("CARGO_BIN_EXE_gondola"))
        .current_dir(at.folder.path())
        .arg("verify")
        .output()
        .unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}
