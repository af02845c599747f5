//! A buyer: random deliveries, reservations, sales and cancellations, each answer recorded.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};

use crate::answers::{Answers, Name, Outcome};
use crate::client::Client;
use crate::random::Random;

/// Stores that the buyers share.
const STORES: u64 = 2;

/// Products of each store.
const PRODUCTS: u64 = 6;

/// Most open reservations of a buyer.
const OPEN_MAX: usize = 30;

/// A buyer with what it remembers over the server's crashes.
pub(crate) struct Buyer {
    random: Random,
    answers: Arc<Answers>,
    /// Reservations that were acknowledged and have not ended yet.
    open: Vec<String>,
    /// Commands without an answer, to be sent again as they were.
    unresolved: Vec<Command>,
}

#[derive(Clone, Debug)]
struct Command {
    path: &'static str,
    key: Option<String>,
    body: Value,
    name: Name,
}

/// Where callers find a service at present, and whether they are to go on.
pub(crate) struct Front {
    address: Mutex<SocketAddr>,
    is_closed: AtomicBool,
}

/// Buyers at work, each on a thread of its own.
pub(crate) struct Working(Vec<JoinHandle<Buyer>>);

impl Buyer {
    pub(crate) fn new(random: &mut Random, answers: &Arc<Answers>) -> Self {
        let (random, answers) = (random.fork(), Arc::clone(answers));
        Self { random, answers, open: Vec::new(), unresolved: Vec::new() }
    }

    /// Sends what had no answer again until everything has one; false when the server went away.
    pub(crate) fn resolve(&mut self, client: &mut Client) -> bool {
        while let Some(command) = self.unresolved.pop() {
            if !self.send(client, command) {
                return false;
            }
        }
        true
    }

    /// Sends one random command; false when the server went away.
    pub(crate) fn step(&mut self, client: &mut Client) -> bool {
        let command = self.choose();
        // a client that is not sure sends again
        if self.random.percent(5) && !self.send(client, command.clone()) {
            return false;
        }
        self.send(client, command)
    }

    fn send(&mut self, client: &mut Client, command: Command) -> bool {
        let reply = client.send(command.path, command.key.as_deref(), &command.body);
        let outcome = self.answers.note(&command.name, &reply);
        match outcome {
            Outcome::Acked
                if command.name.kind == "reserve" && !self.open.contains(&command.name.id) =>
            {
                self.open.push(command.name.id);
            }
            Outcome::Unknown => self.unresolved.push(command),
            Outcome::Acked | Outcome::Refused => {}
        }
        reply.is_ok()
    }

    fn choose(&mut self) -> Command {
        let dice = self.random.below(100);
        match dice {
            _ if self.open.len() >= OPEN_MAX => self.end(),
            0..20 => self.add(),
            20..60 => self.reserve(),
            60..70 => self.basket(),
            _ if self.open.is_empty() => self.reserve(),
            _ => self.end(),
        }
    }

    fn add(&mut self) -> Command {
        let reference = self.random.uuid();
        let mut body = self.level();
        body["quantity"] = json!(1 + self.random.below(4));
        body["reference"] = json!(reference);
        let name = Name { kind: "add", field: "reference", id: reference.clone() };
        // a delivery has no id of its own: only the key makes its repetition harmless
        Command { path: "/stock", key: Some(reference), body, name }
    }

    fn reserve(&mut self) -> Command {
        let mut body = self.level();
        body["quantity"] = json!(1 + self.random.below(3));
        self.promise("/reserve", body)
    }

    /// A basket that may name a product twice.
    fn basket(&mut self) -> Command {
        let count = 1 + self.random.below(4);
        let line = |_| json!({"productId": self.product(), "quantity": 1 + self.random.below(2)});
        let lines: Vec<Value> = (0..count).map(line).collect();
        let body = json!({"storeId": self.store(), "lines": lines});
        self.promise("/reservations", body)
    }

    fn promise(&mut self, path: &'static str, mut body: Value) -> Command {
        let id = self.random.uuid();
        // some run out while the server is down
        body["ttlSeconds"] = json!(if self.random.percent(10) { 1 } else { 600 });
        body["reservationId"] = json!(id);
        let name = Name { kind: "reserve", field: "reservationId", id };
        Command { path, key: self.perhaps_key(), body, name }
    }

    fn end(&mut self) -> Command {
        let place = self.random.below(self.open.len() as u64);
        let id = self.open.swap_remove(usize::try_from(place).unwrap());
        let key = self.perhaps_key();
        if self.random.percent(30) {
            let body = json!({"reservationId": id});
            let name = Name { kind: "release", field: "reservationId", id };
            return Command { path: "/release", key, body, name };
        }
        let body = json!({"reservationId": id, "transactionId": self.random.uuid()});
        let name = Name { kind: "commit", field: "reservationId", id };
        Command { path: "/commit", key, body, name }
    }

    fn perhaps_key(&mut self) -> Option<String> {
        let key = self.random.uuid();
        self.random.percent(50).then_some(key)
    }

    fn level(&mut self) -> Value {
        json!({"storeId": self.store(), "productId": self.product()})
    }

    fn store(&mut self) -> String {
        format!("11111111-1111-1111-1111-{:012}", self.random.below(STORES))
    }

    fn product(&mut self) -> String {
        format!("22222222-2222-2222-2222-{:012}", self.random.below(PRODUCTS))
    }
}

impl Front {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address: Mutex::new(address), is_closed: AtomicBool::new(false) }
    }

    /// From now on callers find it elsewhere, as behind a load balancer.
    pub(crate) fn move_to(&self, address: SocketAddr) {
        *self.address.lock().unwrap() = address;
    }

    /// Nobody begins another request once this value is gone, as when a test fails.
    pub(crate) fn open(&self) -> Open<'_> {
        Open(self)
    }

    /// Does something again and again until it is closed, each time where the service is then; gives how often.
    pub(crate) fn call(&self, mut act: impl FnMut(&mut Client)) -> u64 {
        let (mut client, mut times) = (Client::new(*self.address.lock().unwrap()), 0);
        while !self.is_closed.load(Ordering::SeqCst) {
            let address = *self.address.lock().unwrap();
            if client.address() != address {
                client = Client::new(address);
            }
            act(&mut client);
            times += 1;
        }
        times
    }
}

/// Callers go on while it is there.
pub(crate) struct Open<'a>(&'a Front);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.is_closed.store(true, Ordering::SeqCst);
    }
}

impl Working {
    /// Lets buyers work until the server goes away.
    pub(crate) fn start(buyers: Vec<Buyer>, address: SocketAddr) -> Self {
        let work = |mut buyer: Buyer| {
            thread::spawn(move || {
                let mut client = Client::new(address);
                let mut served = buyer.resolve(&mut client);
                while served {
                    served = buyer.step(&mut client);
                }
                buyer
            })
        };
        Self(buyers.into_iter().map(work).collect())
    }

    /// Waits for the buyers to notice that the server went away.
    pub(crate) fn join(self) -> Vec<Buyer> {
        self.0.into_iter().map(|thread| thread.join().unwrap()).collect()
    }
}
