//! Clients that take more than their share: of time, of memory, of descriptors, of names.

use std::fmt::Display;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::ExitStatusExt;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::folder::Folder;
use crate::measure::percentile;
use crate::oversell::{PRODUCT, STORE};
use crate::server::{Data, PATIENCE, Server, wait_until};
use crate::settings::whole_machine;
use serde_json::json;

/// Batches that the server executes at once.
const BATCHES: usize = 16;

/// Clients that begin a batch and do not go on.
const CLIENTS: usize = 500;

/// Malformed lines of a batch: the most that are allowed, and the cheapest to send.
const LINES: usize = 200_000;

/// How long a client may make no progress.
const PROGRESS_TIMEOUT: Duration = Duration::from_secs(20);

/// Answers of health may take this long (I12).
const HEALTH_WAIT: Duration = Duration::from_secs(1);

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends a request whose body may be still to come.
fn send(address: SocketAddr, head: &str, body: &[u8]) -> TcpStream {
    let mut stream = connect(address);
    stream.write_all(format!("{head}\r\nhost: localhost\r\n\r\n").as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    stream
}

fn batch_head(length: impl Display) -> String {
    format!(
        "POST /api/v1/inventory/batch HTTP/1.1\r\ncontent-type: application/x-ndjson\r\ncontent-length: {length}"
    )
}

/// Sends a batch of lines that are no JSON, from a thread of its own: the server takes it as fast as it is answered.
fn send_malformed(address: SocketAddr) -> TcpStream {
    let stream = send(address, &batch_head(2 * LINES), b"");
    let mut sending = stream.try_clone().unwrap();
    // fails when the server has closed the connection
    thread::spawn(move || sending.write_all(&b"x\n".repeat(LINES)));
    stream
}

/// Reads to the end; a connection that was reset has ended as well.
fn rest(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Memory that a server has, in MiB.
fn memory(server: &Server) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<usize>().unwrap() / 1024
}

/// How long health takes to answer, on a connection of its own.
fn health_took(server: &Server) -> Duration {
    let asked = Instant::now();
    server.client().get("/health/live").unwrap().expect(200);
    asked.elapsed()
}

/// Whether health is answered in time. One of three times will do: what a busy machine adds at times, a server that is held
/// up adds each time.
fn is_health_prompt(server: &Server) -> bool {
    (0..3).any(|_| health_took(server) < HEALTH_WAIT)
}

/// The fault: eight clients send batches of which no line is good.
///
/// What is right: they are answered line by line, and everybody else meanwhile.
#[test]
fn health_answers_within_a_second_while_lines_are_refused() {
    let _machine = whole_machine();
    let folder = Folder::new();
    let server = Data::new(folder.path(), "memory").serve();
    let address = server.address();
    let clients: Vec<_> =
        (0..8).map(|_| thread::spawn(move || rest(send_malformed(address)))).collect();
    let mut took = Vec::new();
    while clients.iter().any(|client| !client.is_finished()) {
        took.push(health_took(&server));
        thread::sleep(Duration::from_millis(20));
    }
    let (asked, most) = (took.len(), percentile(90, &mut took));
    eprintln!("health was asked {asked} times; 90 of 100 answers took {most:?} at most");
    assert!(asked >= 10, "the batches took no time");
    assert!(most < HEALTH_WAIT, "{most:?}");
    for client in clients {
        let answers = client.join().unwrap();
        assert_eq!(answers.matches("\"code\":\"bad-request\",\"problem\"").count(), LINES);
    }
}

/// The fault: as many clients as may send batches send large ones and read no answer.
///
/// What is right: 8 MiB of answers are kept for each and no more, others are told that there is no place, and when nothing
/// has been read for 20 seconds the places are free again.
#[test]
fn answers_that_nobody_reads_are_bounded_and_given_up() {
    let _machine = whole_machine();
    let folder = Folder::new();
    let server = Data::new(folder.path(), "memory").serve();
    let before = memory(&server);
    let begun = Instant::now();
    let unread: Vec<_> = (0..BATCHES).map(|_| send_malformed(server.address())).collect();
    // one that asks later must not have a place before them
    unread.iter().for_each(await_answer);
    let refused = || rest(send(server.address(), &batch_head(2), b"x\n"));
    wait_until("all places are taken", || {
        let told = refused();
        if told.starts_with("HTTP/1.1 503 ") { Ok(()) } else { Err(told) }
    });
    assert!(refused().contains("\"code\":\"unavailable\""));
    let mut most = 0;
    wait_until("a place is free again", || {
        most = most.max(memory(&server));
        assert!(is_health_prompt(&server));
        let told = refused();
        if told.starts_with("HTTP/1.1 200 ") { Ok(()) } else { Err(told) }
    });
    let took = begun.elapsed();
    eprintln!("{before} MiB before, {most} at most, free again after {took:?}");
    assert!(took >= PROGRESS_TIMEOUT, "{took:?}");
    assert!(most - before < BATCHES * 8 + 64, "{before} MiB before, {most} at most");
    drop(unread);
}

/// The fault: far more clients than there are places for batches begin one and then send nothing, or a byte now and then.
///
/// What is right: those that have a place are told after 20 seconds without a line, and nobody waits for them.
#[test]
fn batches_that_do_not_go_on_end_with_a_line_that_says_so() {
    let folder = Folder::new();
    let server = Data::new(folder.path(), "memory").serve();
    let begun = Instant::now();
    let stalled: Vec<_> =
        (0..CLIENTS).map(|_| send(server.address(), &batch_head(5_000), b"")).collect();
    let trickling: Vec<_> = stalled.iter().step_by(2).map(|one| one.try_clone().unwrap()).collect();
    thread::spawn(move || {
        // until all of them are closed
        while trickling.iter().any(|mut one| one.write_all(b"x").is_ok()) {
            thread::sleep(Duration::from_millis(500));
        }
    });
    assert!(is_health_prompt(&server));
    // which of them have a place is the server's choice
    let (refused, had_place): (Vec<_>, Vec<_>) =
        stalled.into_iter().map(rest).partition(|told| told.starts_with("HTTP/1.1 503 "));
    assert_eq!((refused.len(), had_place.len()), (CLIENTS - BATCHES, BATCHES));
    for told in had_place {
        assert!(told.starts_with("HTTP/1.1 200 ") && told.contains("\"status\":408"), "{told}");
        assert!(told.contains("for 20 s; the lines before were executed"), "{told}");
    }
    let took = begun.elapsed();
    assert!(took >= PROGRESS_TIMEOUT && took < PROGRESS_TIMEOUT * 2, "{took:?}");
}

/// The fault: a server that may have few files open gets more connections than that.
///
/// What is right: reads are answered or refused as unavailable, never as a failure; health answers; and when the
/// connections are gone all is as before.
#[test]
fn few_descriptors_are_left_to_files_and_their_lack_is_no_failure() {
    for store in ["sqlite", "jsonl"] {
        let folder = Folder::new();
        let data = Data::new(folder.path(), store);
        let limited = ["sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"].map(str::to_owned);
        let server = data.serve_under(&limited);
        let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1});
        server.client().post("/stock", &body).unwrap().expect(201);
        let level = format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}");
        wait_until("the view has the level", || match server.client().get(&level).unwrap() {
            reply if reply.status == 200 => Ok(()),
            reply => Err(reply),
        });
        let held: Vec<_> = (0..400).map(|_| connect(server.address())).collect();
        let read = |path: &str| {
            // no answer at all when even the extra places are taken
            let told = rest(send(
                server.address(),
                &format!("GET {path} HTTP/1.1\r\nconnection: close"),
                b"",
            ));
            told.split(' ').nth(1).map_or(0, |status| status.parse::<u16>().unwrap())
        };
        let history = format!("{level}/history");
        for _ in 0..50 {
            for path in [&level, &history, "/api/v1/inventory/events", "/api/v1/products"] {
                let status = read(path);
                assert!([200, 503].contains(&status), "{store}: {path} is answered with {status}");
            }
        }
        assert_eq!(read("/health/live"), 200);
        drop(held);
        wait_until("it is served again", || match read(&level) {
            200 => Ok(()),
            other => Err(other),
        });
        server.stop();
    }
}

#[test]
fn only_names_of_this_machine_and_allowed_ones_are_served() {
    let folder = Folder::new();
    let named = ["env", "GONDOLA_ALLOW_HOST=stock.example"].map(str::to_owned);
    let server = Data::new(folder.path(), "memory").serve_under(&named);
    let status = |host: &str| {
        let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1}).to_string();
        let mut stream = connect(server.address());
        let request = format!(
            "POST /api/v1/inventory/stock HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        rest(stream).split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(status(&format!("evil.example:{}", server.address().port())), "421");
    assert_eq!(status("stock.example"), "201");
    assert_eq!(status(&server.address().to_string()), "201");
    server.stop();
}

/// Waits until an answer begins, and leaves it to be read.
fn await_answer(stream: &TcpStream) {
    assert_ne!(stream.peek(&mut [0]).unwrap(), 0, "an answer begins");
}

/// Requests that wait for long: a long poll, a stream, and two whose bodies do not arrive.
fn waiting(server: &Server) -> Vec<TcpStream> {
    let feed = "GET /api/v1/inventory/events";
    let post = "POST /api/v1/inventory/stock HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 9";
    let heads = [
        format!("{feed}?wait=20 HTTP/1.1"),
        format!("{feed} HTTP/1.1\r\naccept: text/event-stream"),
        post.to_owned(),
        batch_head(9),
    ];
    let streams: Vec<_> = heads.iter().map(|head| send(server.address(), head, b"")).collect();
    // the stream and the batch are answered at once, as far as they go
    await_answer(&streams[1]);
    await_answer(&streams[3]);
    // requests that come later are answered: the two others have begun
    for _ in 0..10 {
        server.client().get("/health/live").unwrap().expect(200);
    }
    streams
}

#[test]
fn a_server_that_is_asked_to_end_waits_for_no_client() {
    let folder = Folder::new();
    let mut server = Data::new(folder.path(), "memory").serve();
    let waiting = waiting(&server);
    let begun = Instant::now();
    server.terminate();
    assert_eq!(server.wait().code(), Some(0));
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(12), "{took:?}");
    let told: Vec<_> = waiting.into_iter().map(rest).collect();
    assert!(told[0].starts_with("HTTP/1.1 200 ") && told[0].ends_with('}'), "{told:?}");
    assert!(told[1].starts_with("HTTP/1.1 200 ") && told[1].ends_with("0\r\n\r\n"), "{told:?}");
    assert!(told[2].starts_with("HTTP/1.1 503 ") && told[2].contains("shutting down"), "{told:?}");
    assert!(told[3].starts_with("HTTP/1.1 200 ") && told[3].contains("shutting down"), "{told:?}");
}

#[test]
fn a_second_interrupt_ends_the_server_at_once() {
    let folder = Folder::new();
    let mut server = Data::new(folder.path(), "sqlite").serve();
    let waiting = waiting(&server);
    server.signal(Signal::INT);
    // it drains: a new connection finds nobody
    wait_until("the door is closed", || TcpStream::connect(server.address()).err().ok_or("open"));
    server.signal(Signal::INT);
    let status = server.wait();
    assert_eq!((status.code(), status.signal()), (Some(130), None));
    // a drain tells those whose bodies do not arrive after five seconds, and ends then
    let told: Vec<_> = waiting.into_iter().map(rest).collect();
    assert!(!told[2].contains("shutting down"), "{told:?}");
}
