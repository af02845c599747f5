//! Webhooks that are to make the server ask places inside: in a network of the test's own, where only traps could be hit.
//!
//! The real server runs where metadata service, private addresses and loopback are traps that count connections, and where
//! names are answered by a resolver that lies. What is right: no trap is hit, whatever the resolver says and whenever; what is
//! allowed is reached; who answers slowly or without end holds up nobody else.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::roles::{Server, get, send};
use crate::webhooks::{PATIENCE, body};

/// Set within the network of its own.
const INSIDE: &str = "GONDOLA_TEST_INSIDE_NETWORK";

/// An address that everybody may reach, by HTTPS; here it is this machine, and it counts as a trap: nothing is sent in clear.
const PUBLIC: Ipv4Addr = Ipv4Addr::new(93, 184, 216, 34);

/// Where places are that may be reached by `--webhook-allow`.
const ALLOWED: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 9);

/// Events that each webhook is sent: a name is looked up at least so often.
const EVENTS: usize = 6;

/// Has a test run again in a network and with files of its own, as its root.
fn in_own_network(test: &str) {
    let mut command = Command::new("unshare");
    command.args(["--net", "--mount"]);
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        command.arg("--map-root-user");
    }
    let ended = command
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--include-ignored"])
        .env(INSIDE, "yes")
        .output()
        .unwrap();
    let told = [ended.stdout, ended.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(ended.status.success() && told[0].contains("1 passed"), "{}", told.join("\n"));
}

/// Makes addresses this machine's own, and has names looked up at the lying resolver.
fn prepare_network(folder: &Path) {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let resolver = write("resolv.conf", "nameserver 127.0.0.53\noptions timeout:10 attempts:1\n");
    let order = write("nsswitch.conf", "hosts: files dns\n");
    let addresses = ["169.254.169.254", "10.0.0.1", "192.168.1.1", "93.184.216.34"];
    let addresses = addresses.map(|address| format!("ip address add {address}/32 dev lo"));
    let files = [(resolver, "/etc/resolv.conf"), (order, "/etc/nsswitch.conf")];
    let files =
        files.map(|(file, place)| format!("[ ! -e {place} ] || mount --bind {file} {place}"));
    let script = [
        "set -e\nip link set lo up",
        &addresses.join("\n"),
        "ip -6 address add fd00::1/128 dev lo nodad",
        &files.join("\n"),
    ];
    let done = Command::new("sh").args(["-c", &script.join("\n")]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Counts the connections to places that nobody is to reach.
fn traps() -> Arc<AtomicUsize> {
    let hits = Arc::new(AtomicUsize::new(0));
    let inside: [IpAddr; 7] = [
        PUBLIC.into(),
        [169, 254, 169, 254].into(),
        [10, 0, 0, 1].into(),
        [192, 168, 1, 1].into(),
        Ipv4Addr::LOCALHOST.into(),
        Ipv6Addr::LOCALHOST.into(),
        "fd00::1".parse().unwrap(),
    ];
    for address in inside {
        for port in [80, 443] {
            let (listener, hits) = (TcpListener::bind((address, port)).unwrap(), Arc::clone(&hits));
            std::thread::spawn(move || {
                for _ in listener.incoming() {
                    hits.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    }
    hits
}

/// The addresses of a name, when it is asked for the so-manieth time.
fn addresses(name: &str, time: usize) -> Vec<IpAddr> {
    let (metadata, private) = ([169, 254, 169, 254].into(), [10, 0, 0, 1].into());
    match name {
        "right.example" => vec![ALLOWED.into()],
        "public.example" => vec![PUBLIC.into()],
        "private.example" => vec![private],
        "mixed.example" => vec![ALLOWED.into(), private],
        // allowed when it is looked at, and the metadata service when it is connected to
        "rebound.example" if time.is_multiple_of(2) => vec![ALLOWED.into()],
        "metadata.example" | "rebound.example" => vec![metadata],
        "local.example" => vec!["fd00::1".parse().unwrap()],
        "mapped.example" => vec![Ipv4Addr::new(169, 254, 169, 254).to_ipv6_mapped().into()],
        _ => Vec::new(),
    }
}

/// A resolver that answers as [`addresses`] says.
fn resolver() {
    let socket = UdpSocket::bind("127.0.0.53:53").unwrap();
    std::thread::spawn(move || {
        let mut asked = std::collections::BTreeMap::<String, usize>::new();
        let mut packet = [0; 512];
        while let Ok((length, peer)) = socket.recv_from(&mut packet) {
            let question = &packet[..length];
            let (name, end) = name_in(question);
            let is_ipv4 = question[end..end + 2] == [0, 1];
            let times = asked.entry(name.clone()).or_default();
            let found = addresses(&name, *times);
            *times += usize::from(is_ipv4);
            socket.send_to(&answer(&question[..end + 4], &found, is_ipv4), peer).unwrap();
        }
    });
}

/// The name that a packet asks for, and where it ends.
fn name_in(question: &[u8]) -> (String, usize) {
    let (mut labels, mut at) = (Vec::new(), 12);
    while question[at] > 0 {
        let length = usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..=at + length]).into_owned());
        at += length + 1;
    }
    (labels.join("."), at + 1)
}

fn answer(question: &[u8], found: &[IpAddr], is_ipv4: bool) -> Vec<u8> {
    let of_kind: Vec<_> = found.iter().filter(|address| address.is_ipv4() == is_ipv4).collect();
    let mut answer = question.to_vec();
    // an answer without error, with one question and so many addresses
    answer[2..4].copy_from_slice(&[0x81, 0x80]);
    answer[4..12].copy_from_slice(&[0, 1, 0, u8::try_from(of_kind.len()).unwrap(), 0, 0, 0, 0]);
    for address in of_kind {
        let (kind, bytes) = match address {
            IpAddr::V4(address) => (1, address.octets().to_vec()),
            IpAddr::V6(address) => (28, address.octets().to_vec()),
        };
        let length = u8::try_from(bytes.len()).unwrap();
        // the name of the question, class IN, good for no time
        answer.extend([0xC0, 12, 0, kind, 0, 1, 0, 0, 0, 0, 0, length]);
        answer.extend(bytes);
    }
    answer
}

/// A receiver at a port of the allowed address that treats each connection in its own way, and counts them.
fn receiver(port: u16, treat: fn(&mut TcpStream)) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((ALLOWED, port)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let heard = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&heard);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            std::thread::spawn(move || {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4_096]);
                treat(&mut stream);
            });
        }
    });
    (url, heard)
}

/// A gibibyte, of which a byte comes every ten milliseconds.
fn drip(stream: &mut TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 500 Error\r\ncontent-length: 1073741824\r\n\r\n");
    while stream.write_all(b"x").is_ok() {
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn hang(stream: &mut TcpStream) {
    let _ = stream.read(&mut [0; 1]);
}

fn take(stream: &mut TcpStream) {
    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
}

fn redirect(stream: &mut TcpStream) {
    let _ = stream.write_all(
        b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
}

fn redirect_to_file(stream: &mut TcpStream) {
    let _ = stream.write_all(
        b"HTTP/1.1 307 Temporary\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
}

/// Registers a webhook; `None` where its address is refused at once.
fn register(server: &Server, url: &str) -> Option<String> {
    let wanted = json!({"url": url, "eventTypes": ["gondola.inventory.inventory-updated.v1"]});
    let answer = send(&server.address, "POST", "/api/v1/webhooks", &wanted.to_string());
    if answer.starts_with("HTTP/1.1 422 ") {
        return None;
    }
    assert!(answer.starts_with("HTTP/1.1 201 "), "{url}: {answer}");
    Some(body(&answer)["webhookId"].as_str().unwrap().to_owned())
}

fn deliveries(server: &Server, webhook: &str) -> Vec<Value> {
    let listed = get(&server.address, &format!("/api/v1/webhooks/{webhook}/deliveries"));
    body(&listed)["items"].as_array().unwrap().clone()
}

/// Waits until all events were tried for a webhook, and says how many were delivered.
fn delivered(server: &Server, webhook: &str, url: &str) -> usize {
    let begun = Instant::now();
    loop {
        let all = deliveries(server, webhook);
        let tried = all.iter().filter(|one| one["attempts"].as_u64().unwrap() > 0).count();
        if tried >= EVENTS {
            return all.iter().filter(|one| one["state"] == "delivered").count();
        }
        assert!(begun.elapsed() < PATIENCE, "{url}: {all:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
#[ignore = "needs a network of its own, which not every machine gives: make test-services"]
fn no_webhook_reaches_a_place_inside() {
    if std::env::var_os(INSIDE).is_none() {
        return in_own_network("request_forgery::no_webhook_reaches_a_place_inside");
    }
    let folder = tempfile::tempdir().unwrap();
    prepare_network(folder.path());
    let hits = traps();
    resolver();
    let server = Server::start_with(&folder, "all", &["--webhook-allow", &ALLOWED.to_string()]);
    let forged = [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[fd00::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0251.0376.0251.0376/",
        "http://127.1/",
        "http://0/",
        "http://localhost/",
        "http://metadata.example/",
        "http://private.example/",
        "http://mixed.example/",
        "http://local.example/",
        "http://mapped.example/",
        "http://public.example/",
    ];
    let forged: Vec<_> =
        forged.into_iter().filter_map(|url| Some((register(&server, url)?, url))).collect();
    assert!(forged.len() >= 6, "names are looked up when something is sent: {forged:?}");
    let (by_name, named) = ("http://right.example/".to_owned(), receiver(80, take).1);
    let (take, taken) = receiver(0, take);
    let (drip, _) = receiver(0, drip);
    let (hang, hanging) = receiver(0, hang);
    let (redirect, redirected) = receiver(0, redirect);
    let (to_file, _) = receiver(0, redirect_to_file);
    let slow = [drip, redirect, to_file].map(|url| (register(&server, &url).unwrap(), url));
    let hanging_one = register(&server, &hang).unwrap();
    let rebound = register(&server, "http://rebound.example/").unwrap();
    let good = [take, by_name].map(|url| (register(&server, &url).unwrap(), url));

    let begun = Instant::now();
    for _ in 0..EVENTS {
        let stock = json!({"storeId": "11111111-1111-1111-1111-111111111111",
            "productId": "22222222-2222-2222-2222-222222222222", "quantity": 1});
        send(&server.address, "POST", "/api/v1/inventory/stock", &stock.to_string());
    }
    for (webhook, url) in &good {
        assert_eq!(delivered(&server, webhook, url), EVENTS, "{url}");
    }
    assert!(begun.elapsed() < Duration::from_secs(30), "held up: {:?}", begun.elapsed());
    for (webhook, url) in forged.iter().map(|(webhook, url)| (webhook, *url)) {
        assert_eq!(delivered(&server, webhook, url), 0, "{url}");
    }
    for (webhook, url) in &slow {
        assert_eq!(delivered(&server, webhook, url), 0, "{url}");
    }
    // the connection is made to what was looked at, so each event is delivered or refused
    delivered(&server, &rebound, "rebound.example");
    delivered(&server, &hanging_one, &hang);
    let heard = |count: &AtomicUsize| count.load(Ordering::SeqCst);
    assert_eq!(heard(&hits), 0, "a trap was hit");
    assert!(heard(&named) >= EVENTS && heard(&taken) >= EVENTS);
    assert!(heard(&redirected) >= EVENTS && heard(&hanging) > 0);
    // the traps count
    drop(TcpStream::connect(("169.254.169.254", 443)).unwrap());
    let begun = Instant::now();
    while heard(&hits) == 0 {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(5));
    }
}
