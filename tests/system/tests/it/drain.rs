//! SIGTERM under load: what is in flight is finished, nothing acknowledged is lost.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::answers::Answers;
use crate::folder::Folder;
use crate::load::{Buyer, Working};
use crate::random::Random;
use crate::server::{Data, PATIENCE, wait_until};
use crate::settings::whole_machine;

/// Concurrent clients.
const BUYERS: usize = 16;

/// Times that each kind of store is drained.
const ROUNDS: usize = 5;

/// The half second between two looks of a gateway, and the second that it waits for an answer.
const NOTICED_WITHIN: Duration = Duration::from_millis(1_500);

/// A stream of events that stays open until the server ends it, `open` is notified when it is open; returns true when
/// it ended in order.
fn follow(mut stream: TcpStream, open: &Sender<()>) -> bool {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = "GET /api/v1/inventory/events HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    reader.read_line(&mut head).unwrap();
    assert!(head.contains("200"), "{head}");
    open.send(()).unwrap();
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).is_ok() && rest.ends_with(b"0\r\n\r\n")
}

/// The fault: the server gets a termination signal after a random number of acknowledged commands, with buyers at work
/// and a stream open.
///
/// What is right: it ends by itself and in order, the stream too; what got an answer has happened, and what got none
/// has not.
#[test]
fn a_server_that_is_asked_to_end_finishes_what_it_has_begun() {
    let _machine = whole_machine();
    let mut random = Random::of_run("drain");
    for store in ["sqlite", "jsonl"] {
        let folder = Folder::new();
        let data = Data::new(folder.path(), store);
        // what got no answer from a server that drains must not have happened
        let answers = Arc::new(Answers::strict(folder.path(), "answers.jsonl"));
        for _ in 0..ROUNDS {
            let mut server = data.serve();
            let buyers = (0..BUYERS).map(|_| Buyer::new(&mut random, &answers)).collect();
            let working = Working::start(buyers, server.address());
            let stream = TcpStream::connect(server.address()).unwrap();
            let (open, opened) = channel();
            let stream = thread::spawn(move || follow(stream, &open));
            opened.recv_timeout(PATIENCE).expect("the stream is open");
            answers.wait_for_acked(1 + random.below(200));
            server.terminate();
            let status = server.wait();
            assert_eq!((status.code(), status.signal()), (Some(0), None), "{}", data.last_words());
            working.join();
            assert!(stream.join().unwrap(), "the stream was cut off");
        }
        let counts = answers.counts();
        eprintln!("{store}: {counts:?}\n{}", data.verify(Some(&answers.path)));
        assert!(counts.acked > 100, "{counts:?}");
    }
}

/// A process with a role of its own is behind a gateway, which looks at its readiness now and then.
///
/// What is right: from the signal on it is not ready, and it takes every request for as long as a gateway may need to notice.
#[test]
fn a_process_behind_a_gateway_is_not_ready_before_it_closes_its_door() {
    let _machine = whole_machine();
    let folder = Folder::new();
    let data = Data::new(folder.path(), "sqlite").with(&["--role", "store"]);
    let mut server = data.serve();
    let told = Instant::now();
    server.terminate();
    wait_until("it is not ready", || match server.client().get("/health/ready") {
        Ok(reply) if reply.status == 200 => Err(reply),
        _ => Ok(()),
    });
    for number in 0.. {
        // on connections of their own: the door must be open
        let product = json!({"sku": format!("LAST-{number}"), "name": "Thing"});
        let registered = server.client().register(&product);
        let health = server.client().get("/health/ready");
        // a busy machine may have asked too late
        if told.elapsed() > NOTICED_WITHIN {
            break;
        }
        registered.unwrap().expect(201);
        assert_ne!(health.unwrap().status, 200, "{:?} after the signal", told.elapsed());
        thread::sleep(Duration::from_millis(20));
    }
    let status = server.wait();
    assert_eq!((status.code(), status.signal()), (Some(0), None), "{}", data.last_words());
}
