//! A way to the object store that breaks when a test wants it to.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Passes connections on until it breaks.
pub(crate) struct Way {
    /// The endpoint by which it is gone, as in `http://127.0.0.1:4711`.
    pub(crate) endpoint: String,
    shared: Arc<Shared>,
}

struct Shared {
    server: String,
    /// Bytes of requests that still get through; after them the object store is away.
    left: AtomicI64,
    /// Bytes of answers that still get through; after them one connection is cut.
    answer_left: AtomicI64,
    /// The answer to a request that begins so is lost once.
    loses: Option<&'static str>,
    has_lost: AtomicBool,
}

impl Way {
    pub(crate) fn to(endpoint: &str, loses: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let shared = Arc::new(Shared {
            server: endpoint.strip_prefix("http://").unwrap().to_owned(),
            left: AtomicI64::new(i64::MAX),
            answer_left: AtomicI64::new(i64::MAX),
            loses,
            has_lost: AtomicBool::new(false),
        });
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let shared = Arc::clone(&accepting);
                std::thread::spawn(move || shared.pass_on(&client.unwrap()));
            }
        });
        Self { endpoint, shared }
    }

    /// The object store is away after so many more bytes of requests; or is there again, after very many.
    pub(crate) fn breaks_after(&self, bytes: i64) {
        self.shared.left.store(bytes, Ordering::Relaxed);
    }

    /// A connection is cut once, after so many more bytes of answers.
    pub(crate) fn cuts_answer_after(&self, bytes: i64) {
        self.shared.answer_left.store(bytes, Ordering::Relaxed);
    }

    pub(crate) fn has_lost(&self) -> bool {
        self.shared.has_lost.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn pass_on(self: Arc<Self>, client: &TcpStream) {
        if self.left.load(Ordering::Relaxed) <= 0 {
            return;
        }
        let server = TcpStream::connect(&self.server).unwrap();
        let is_lost = Arc::new(AtomicBool::new(false));
        let (from, to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        let (back, losing) = (Arc::clone(&self), Arc::clone(&is_lost));
        let answers = std::thread::spawn(move || back.answers(from, to, &losing));
        self.requests(client, &server, &is_lost);
        drop(server.shutdown(Shutdown::Both));
        answers.join().unwrap();
    }

    fn requests(&self, mut client: &TcpStream, mut server: &TcpStream, is_lost: &AtomicBool) {
        let mut bytes = [0; 4_096];
        while let Ok(read @ 1..) = client.read(&mut bytes) {
            if self.loses.is_some_and(|request| bytes[..read].starts_with(request.as_bytes())) {
                is_lost.store(!self.has_lost.swap(true, Ordering::Relaxed), Ordering::Relaxed);
            }
            let left = self.left.fetch_sub(i64::try_from(read).unwrap(), Ordering::Relaxed);
            let passes = usize::try_from(left).unwrap_or(0).min(read);
            if server.write_all(&bytes[..passes]).is_err() || passes < read {
                break;
            }
        }
        drop(client.shutdown(Shutdown::Both));
    }

    fn answers(&self, mut server: TcpStream, mut client: TcpStream, is_lost: &AtomicBool) {
        let mut bytes = [0; 4_096];
        while let Ok(read @ 1..) = server.read(&mut bytes) {
            if is_lost.load(Ordering::Relaxed) {
                break;
            }
            let left = self.answer_left.fetch_sub(i64::try_from(read).unwrap(), Ordering::Relaxed);
            let passes = usize::try_from(left).unwrap_or(0).min(read);
            if client.write_all(&bytes[..passes]).is_err() {
                break;
            }
            if passes < read {
                self.answer_left.store(i64::MAX, Ordering::Relaxed);
                break;
            }
        }
        drop(client.shutdown(Shutdown::Both));
        drop(server.shutdown(Shutdown::Both));
    }
}
