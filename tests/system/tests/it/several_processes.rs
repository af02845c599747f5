//! Two and four processes on one database: they sell each unit once, and any may be killed at any moment (E01, E12).

use std::sync::Arc;
use std::thread;

use serde_json::json;

use crate::answers::Answers;
use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::load::{Buyer, Working};
use crate::oversell::{CLIENTS, PRODUCT, STORE, add, all_at_once, buy_until_refused, level, units};
use crate::random::Random;
use crate::server::{Data, Server};
use crate::settings::{number, part_of_the_machine};

const TWO: [&str; 2] = ["one", "other"];

const FOUR: [&str; 4] = ["first", "second", "third", "fourth"];

/// Concurrent clients of each process.
const BUYERS: usize = 4;

/// Acknowledged commands before a kill: at least one and less than this.
const ACKED_MAX: u64 = 200;

fn promise_exactly_the_units<const N: usize>(kind: Kind, names: [&'static str; N]) {
    let _machine = part_of_the_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("two processes"));
    let database = Database::new(kind, &mut random);
    let processes = database.named_processes(&folder, names);
    let servers = processes.each_ref().map(Data::serve);
    let units = units() / 5;
    add(&servers[0], PRODUCT, units);
    let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "ttlSeconds": 3_600});
    // each has a part: where one is ahead of the others it may take all that is left
    for server in &servers {
        server.client().post("/reserve", &body).unwrap().expect(201);
    }
    let buy = |server: &Server| {
        all_at_once(server.address(), CLIENTS / u32::try_from(N).unwrap(), |client, _| {
            buy_until_refused(client, "/reserve", &body)
        })
    };
    let bought = thread::scope(|scope| {
        servers
            .each_ref()
            .map(|server| scope.spawn(|| buy(server)))
            .map(|buys| buys.join().unwrap() + 1)
    });
    eprintln!("bought through each: {bought:?}");
    assert_eq!(bought.iter().sum::<u32>(), units);
    let units = u64::from(units);
    for (server, data) in servers.into_iter().zip(&processes) {
        assert_eq!(level(&server, PRODUCT), [units, units, 0]);
        server.stop();
        assert!(data.verify(None).contains("I6"));
    }
}

/// A process with buyers of its own.
struct Process {
    data: Data,
    /// Until it is killed.
    running: Option<(Server, Working)>,
}

impl Process {
    fn start(data: Data, buyers: Vec<Buyer>) -> Self {
        let mut process = Self { data, running: None };
        process.start_again(buyers);
        process
    }

    fn start_again(&mut self, buyers: Vec<Buyer>) {
        let server = self.data.serve();
        let working = Working::start(buyers, server.address());
        self.running = Some((server, working));
    }

    fn kill(&mut self) -> Vec<Buyer> {
        let (server, working) = self.running.take().unwrap();
        server.kill();
        working.join()
    }
}

/// Where the fault strikes: in the middle of the work of one process, while others work on the same stores.
///
/// What is right: what either has acknowledged is there, what was refused is not, what had no answer has happened whole or not
/// at all, and each process that is started again shows the same as the other.
fn kill_any<const N: usize>(kind: Kind, names: [&'static str; N]) {
    let _machine = part_of_the_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("killed processes"));
    let database = Database::new(kind, &mut random);
    let answers = Arc::new(Answers::new(folder.path(), "answers.jsonl"));
    let mut processes = database.named_processes(&folder, names).map(|data| {
        let buyers = (0..BUYERS).map(|_| Buyer::new(&mut random, &answers)).collect();
        Process::start(data, buyers)
    });
    for _ in 0..number("GONDOLA_TEST_CRASHES", 25) / 2 {
        answers.wait_for_acked(1 + random.below(ACKED_MAX));
        let victim = &mut processes[usize::try_from(random.below(N as u64)).unwrap()];
        let buyers = victim.kill();
        victim.start_again(buyers);
    }
    for process in &mut processes {
        let mut buyers = process.kill();
        let server = process.data.serve();
        assert!(buyers.iter_mut().all(|buyer| buyer.resolve(&mut server.client())));
        server.stop();
    }
    for process in &processes {
        let said = process.data.verify(Some(&answers.path));
        assert!(said.contains("I6"), "the views were not compared: {said}");
    }
    let counts = answers.counts();
    eprintln!("{counts:?}");
    // with fewer commands the test would prove nothing
    assert!(counts.acked > 100 && counts.refused > 10 && counts.unknown > 10, "{counts:?}");
}

#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn two_processes_promise_exactly_the_units_of_one_stock_level_on_postgresql() {
    promise_exactly_the_units(Kind::Postgres, TWO);
}

#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn what_either_process_acknowledged_survives_the_kill_of_any_on_postgresql() {
    kill_any(Kind::Postgres, TWO);
}

#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn four_processes_promise_exactly_the_units_of_one_stock_level() {
    promise_exactly_the_units(Kind::Postgres, FOUR);
}

#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn what_any_of_four_acknowledged_survives_the_kill_of_any() {
    kill_any(Kind::Postgres, FOUR);
}

#[test]
#[ignore = "needs MariaDB: make test-services"]
fn two_processes_promise_exactly_the_units_of_one_stock_level_on_mariadb() {
    promise_exactly_the_units(Kind::Mariadb, TWO);
}

#[test]
#[ignore = "needs MariaDB: make test-services"]
fn what_either_process_acknowledged_survives_the_kill_of_any_on_mariadb() {
    kill_any(Kind::Mariadb, TWO);
}
