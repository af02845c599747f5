//! A receiver of webhooks in this process: it takes every message and counts them.

use std::collections::BTreeMap;
use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use crate::collector::request;
use crate::server::wait_until;

/// How often each event came, by its id, and what it said.
type Messages = BTreeMap<String, (u32, Value)>;

/// A running receiver, which ends with the test's process.
#[derive(Debug)]
pub(crate) struct Receiver {
    address: SocketAddr,
    messages: Arc<Mutex<Messages>>,
}

impl Receiver {
    /// Starts one.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, messages) = (listener.local_addr().unwrap(), Arc::default());
        let shared = Arc::clone(&messages);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || take(connection.unwrap(), &shared));
            }
        });
        Self { address, messages }
    }

    /// Where messages are posted to.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// What came so far.
    pub(crate) fn messages(&self) -> Messages {
        self.messages.lock().unwrap().clone()
    }

    /// Waits for the message with this id.
    #[track_caller]
    pub(crate) fn await_message(&self, id: &str) -> Value {
        wait_until("the message has come", || match self.messages().remove(id) {
            Some((_, message)) => Ok(message),
            None => Err(self.messages()),
        })
    }
}

/// Takes messages until the connection ends.
fn take(connection: TcpStream, messages: &Mutex<Messages>) {
    let mut connection = BufReader::new(connection);
    while let Some((_, body)) = request(&mut connection) {
        let message: Value = serde_json::from_slice(&body).unwrap();
        let id = message["id"].as_str().unwrap().to_owned();
        let mut messages = messages.lock().unwrap();
        messages.entry(id).or_insert_with(|| (0, message)).0 += 1;
        drop(messages);
        // who was killed meanwhile sends it again
        drop(connection.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n"));
    }
}
