//! A way to a server that can be made slow, or swallow everything until it is mended.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// Nothing comes through any more.
const CLOSED: u64 = u64::MAX;

/// Between two looks whether a closed way is open again.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A proxy in front of a server.
pub(crate) struct SlowWay {
    address: SocketAddr,
    /// How long everything takes longer in each direction, in milliseconds, or [`CLOSED`].
    delay: Arc<AtomicU64>,
}

impl SlowWay {
    /// A way to a server, as fast as there is one.
    pub(crate) fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, delay) = (listener.local_addr().unwrap(), Arc::new(AtomicU64::new(0)));
        let shared = Arc::clone(&delay);
        // ends with the test's process
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(server).unwrap());
                forward(&client, &server, &shared);
                forward(&server, &client, &shared);
            }
        });
        Self { address, delay }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What is sent from now on takes so much longer; what was held back comes through.
    pub(crate) fn delay(&self, by: Duration) {
        self.delay.store(u64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// Nothing comes through, and nobody is told: connections are accepted, and stay open.
    pub(crate) fn close(&self) {
        self.delay.store(CLOSED, Ordering::Relaxed);
    }
}

fn forward(from: &TcpStream, to: &TcpStream, delay: &Arc<AtomicU64>) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    let delay = Arc::clone(delay);
    thread::spawn(move || {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            match delay.load(Ordering::Relaxed) {
                CLOSED => wait_until_open(&delay),
                millis => thread::sleep(Duration::from_millis(millis)),
            }
            if to.write_all(&bytes[..read]).is_err() {
                break;
            }
        }
        // fails only where the other side has closed it
        drop(to.shutdown(Shutdown::Both));
    });
}

fn wait_until_open(delay: &AtomicU64) {
    while delay.load(Ordering::Relaxed) == CLOSED {
        thread::sleep(LOOK_EVERY);
    }
}
