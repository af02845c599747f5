//! What a process with some roles serves.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A serving process; killed at the end.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    fn start(folder: &TempDir, role: &str) -> Self {
        Self::start_with(folder, role, &[])
    }

    pub(crate) fn start_with(folder: &TempDir, role: &str, more: &[&str]) -> Self {
        Self::run(folder, &[&["serve", "--listen", "127.0.0.1:0", "--role", role], more].concat())
    }

    /// Starts with these arguments, which must come to a server.
    pub(crate) fn run(folder: &TempDir, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gondola"))
            .current_dir(folder.path())
            .args(["--log", "warn"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.split("http://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.unwrap_or_else(|| panic!("no address in {first:?}")).to_owned();
        // what is announced after the first line must find a reader
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// Ends it at once, as a power failure does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The answer to a GET, head and body.
    pub(crate) fn get(&self, path: &str) -> String {
        get(&self.address, path)
    }

    #[track_caller]
    fn expect(&self, path: &str, status: u16) -> String {
        let answer = self.get(path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
        answer
    }
}

/// The answer to a GET, head and body.
pub(crate) fn get(address: &str, path: &str) -> String {
    send(address, "GET", path, "")
}

/// The answer to a request with JSON, head and body.
pub(crate) fn send(address: &str, method: &str, path: &str, body: &str) -> String {
    send_with(address, method, path, &[("content-type", "application/json")], body)
}

/// The answer to a request with these headers, head and body.
pub(crate) fn send_with(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let headers = headers.concat();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         {headers}content-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

#[test]
fn the_role_store_serves_only_the_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder, "store");
    server.expect("/api/v1/stores", 200);
    server.expect("/api/v1/products", 200);
    server.expect("/api/v1/inventory/events", 404);
    let health = server.expect("/health/ready", 200);
    assert!(health.contains("catalogueView") && !health.contains("inventoryViews"), "{health}");
    let document = server.expect("/openapi.json", 200);
    assert!(document.contains("/api/v1/products"), "{document}");
    assert!(!document.contains("/api/v1/inventory/reserve"), "only what is served is documented");
    assert!(!folder.path().join("data/inventory").exists(), "no log of what is not served");
}

#[test]
fn the_role_inventory_alone_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gondola"))
        .current_dir(folder.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--role", "inventory"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("add --role store"), "{said}");
}

#[test]
fn a_gateway_passes_on_what_others_serve_and_serves_the_pages_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let store = Server::start(&folder, "store");
    let url = format!("http://{}", store.address);
    // nobody serves the inventory: the discard port
    let more = ["--store-url", &url, "--inventory-url", "http://127.0.0.1:9"];
    let gateway = Server::start_with(&folder, "gateway", &more);
    gateway.expect("/api/v1/stores", 200);
    let away = gateway.expect("/api/v1/inventory/events", 503);
    assert!(away.contains("service-unavailable") && away.contains("\"inventory\""), "{away}");
    let health = gateway.expect("/health", 200);
    assert!(health.contains("DEGRADED") && health.contains("inventory 127.0.0.1:9"), "{health}");
    let document = gateway.expect("/openapi.json", 200);
    for path in ["/api/v1/products", "/api/v1/inventory/reserve"] {
        assert!(document.contains(path), "the document is that of all services");
    }
    gateway.expect("/", 200);
    gateway.expect("/problems/service-unavailable", 200);
}

#[test]
fn a_gateway_that_does_not_know_where_services_are_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gondola"))
        .current_dir(folder.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--role", "gateway"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--inventory-url http://HOST:PORT"), "{said}");
}
