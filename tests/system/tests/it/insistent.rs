//! Clients that have each order followed once, whichever process dies meanwhile.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use serde_json::Value;

use crate::client::{Client, Reply};
use crate::server::wait_until;

/// How far all clients of a test are, and whether they are to go on.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    answered: AtomicU32,
    is_over: AtomicBool,
}

impl Progress {
    /// Waits until so many more orders are answered.
    #[track_caller]
    pub(crate) fn wait_for_more(&self, count: u64) {
        let until = self.answered.load(Ordering::SeqCst) + u32::try_from(count).unwrap();
        wait_until("so many are answered", || {
            let now = self.answered.load(Ordering::SeqCst);
            if now >= until { Ok(()) } else { Err(now) }
        });
    }

    /// Nobody begins anything new from now on.
    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }
}

/// What is to be done once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order<'a> {
    pub(crate) path: &'a str,
    /// Makes it the same order for all who are told of it again.
    pub(crate) key: &'a str,
    pub(crate) body: &'a Value,
    /// The statuses of good answers.
    pub(crate) wanted: &'a [u16],
}

impl Order<'_> {
    /// Whether an answer is wanted; fails the test when it is neither that nor trouble of a process.
    #[track_caller]
    fn is_answered_by(&self, reply: &Reply) -> bool {
        let is_wanted = self.wanted.contains(&reply.status);
        assert!(is_wanted || reply.status >= 500, "{self:?}: {reply:?}");
        is_wanted
    }
}

/// Gives orders to processes any of which may be away.
pub(crate) struct Insistent {
    /// One for each process.
    clients: Vec<Client>,
    progress: Arc<Progress>,
    /// Orders that had no answer at first.
    pub(crate) unanswered: u32,
}

impl Insistent {
    pub(crate) fn new(addresses: &[SocketAddr], progress: &Arc<Progress>) -> Self {
        let clients = addresses.iter().copied().map(Client::new).collect();
        Self { clients, progress: Arc::clone(progress), unanswered: 0 }
    }

    /// Gives an order again and again, to the process of this number first and then by turns to all, until it is answered.
    #[track_caller]
    pub(crate) fn insist(&mut self, process: usize, order: &Order<'_>) -> Reply {
        let send = |client: &mut Client| client.send(order.path, Some(order.key), order.body);
        let (reply, times) = self.until(process, send, |reply| order.is_answered_by(reply));
        self.unanswered += u32::from(times > 1);
        self.progress.answered.fetch_add(1, Ordering::SeqCst);
        reply
    }

    /// Gives an order once; false when there was no good answer, so that nobody knows whether it is followed.
    #[track_caller]
    pub(crate) fn tell(&mut self, process: usize, order: &Order<'_>) -> bool {
        let reply = self.clients[process].send(order.path, Some(order.key), order.body);
        let is_answered = reply.is_ok_and(|reply| order.is_answered_by(&reply));
        self.unanswered += u32::from(!is_answered);
        self.progress.answered.fetch_add(u32::from(is_answered), Ordering::SeqCst);
        is_answered
    }

    /// Waits until what is at a path is right, as the process of this number says unless that is away.
    #[track_caller]
    pub(crate) fn await_right(
        &mut self,
        process: usize,
        path: &str,
        is_right: impl Fn(&Value) -> bool,
    ) -> Value {
        let (reply, _) = self.until(
            process,
            |client| client.get(path),
            |reply| {
                assert!(reply.status == 200 || reply.status >= 500, "{path}: {reply:?}");
                reply.status == 200 && is_right(&reply.body)
            },
        );
        reply.body
    }

    /// Sends to one process after the other until an answer is good; gives how often it was sent.
    #[track_caller]
    fn until(
        &mut self,
        process: usize,
        mut send: impl FnMut(&mut Client) -> io::Result<Reply>,
        is_good: impl Fn(&Reply) -> bool,
    ) -> (Reply, usize) {
        let (mut times, clients) = (0, &mut self.clients);
        let reply = wait_until("there is a good answer", || {
            let at = (process + times) % clients.len();
            times += 1;
            match send(&mut clients[at]) {
                Ok(reply) if is_good(&reply) => Ok(reply),
                other => Err(other),
            }
        });
        (reply, times)
    }
}
