//! SIGTERM under load: what is in flight is finished, nothing acknowledged is lost.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use crate::answers::Answers;
use crate::folder::Folder;
use crate::load::{Buyer, Working};
use crate::random::Random;
use crate::server::{Data, PATIENCE};
use crate::settings::whole_machine;

/// Concurrent clients.
const BUYERS: usize = 16;

/// Times that each kind of store is drained.
const ROUNDS: usize = 5;

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
