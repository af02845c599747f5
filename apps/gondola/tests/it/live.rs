//! The live feed of real processes, through a gateway, with real keys.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::access::key;
use crate::roles::{Server, send_with};

const OWN: &str = "11111111-1111-1111-1111-111111111111";
const OTHER: &str = "33333333-3333-3333-3333-333333333333";
const PRODUCT: &str = "22222222-2222-2222-2222-222222222222";

/// Longer than a revoked key may still be in use: 2 s until the file is read, 5 s until the stream is looked at.
const PATIENCE: Duration = Duration::from_mins(1);

/// A WebSocket whose texts are read; it sends nothing.
struct Socket(BufReader<TcpStream>);

impl Socket {
    /// The status of the answer, and the socket behind it.
    fn open(address: &str, key: &str, origin: &str) -> (u16, Self) {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "GET /api/v1/live?after=0 HTTP/1.1\r\nhost: {address}\r\norigin: {origin}\r\nx-api-key: {key}\r\n\
             connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
        }
        (head.split(' ').nth(1).unwrap().parse().unwrap(), Self(reader))
    }

    /// The next text; `None` at the end. Frames of a server are not masked.
    fn next(&mut self) -> Option<Value> {
        loop {
            let mut head = [0; 2];
            match self.0.read_exact(&mut head) {
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return None,
                read => read.unwrap(),
            }
            let length = match head[1] {
                126 => {
                    let mut long = [0; 2];
                    self.0.read_exact(&mut long).unwrap();
                    usize::from(u16::from_be_bytes(long))
                }
                short => usize::from(short),
            };
            let mut text = vec![0; length];
            self.0.read_exact(&mut text).unwrap();
            match head[0] & 0x0f {
                1 => return Some(serde_json::from_slice(&text).unwrap()),
                8 => return None,
                _ => {}
            }
        }
    }
}

#[test]
fn a_websocket_through_the_gateway_shows_the_callers_store_until_its_key_is_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let admin = key(&folder, "admin", "admin");
    let till = key(&folder, "till", &format!("store:{OWN}"));
    let keys = ["--api-keys", "keys.json"];
    let all = Server::start_with(&folder, "all", &keys);
    let url = format!("http://{}", all.address);
    let urls = ["--store-url", &url, "--inventory-url", &url];
    let gateway = Server::start_with(&folder, "gateway", &[&keys[..], &urls].concat());
    let own = format!("http://{}", gateway.address);

    assert_eq!(Socket::open(&gateway.address, "gk_000000000000_00", &own).0, 401);
    assert_eq!(Socket::open(&gateway.address, &till, "http://evil.example").0, 403);
    let (status, mut socket) = Socket::open(&gateway.address, &till, &own);
    assert_eq!(status, 101);
    assert_eq!(socket.next().unwrap()["event"], "log");

    let headers = [("content-type", "application/json"), ("x-api-key", admin.as_str())];
    for store in [OTHER, OWN, OTHER, OWN] {
        let body = format!(r#"{{"storeId":"{store}","productId":"{PRODUCT}","quantity":1}}"#);
        let path = "/api/v1/inventory/stock";
        let made = send_with(&gateway.address, "POST", path, &headers, &body);
        assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    }
    for position in [2, 4] {
        let told = socket.next().unwrap();
        assert_eq!(told["event"], "StockAddedEvent");
        assert_eq!((&told["id"], &told["data"]["storeId"]), (&position.into(), &OWN.into()));
    }

    let revoked = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_gondola"))
        .current_dir(folder.path())
        .args(["keys", "revoke", "--api-keys", "keys.json", till.split('_').nth(1).unwrap()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let ended = std::iter::from_fn(|| socket.next()).find(|told| told["event"] == "ended").unwrap();
    assert_eq!(ended["data"]["reason"], "credential");
    assert_eq!(ended["data"]["resumeAfter"], 4);
    assert!(revoked.elapsed() < PATIENCE / 2, "{:?}", revoked.elapsed());
    assert!(socket.next().is_none());
}
