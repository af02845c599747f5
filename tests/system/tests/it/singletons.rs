//! Two processes on one database: one of them sweeps, and another when that one is gone or paused (E11).

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::oversell::{PRODUCT, STORE, add};
use crate::random::Random;
use crate::server::{Data, Server, wait_until};
use crate::settings::whole_machine;

/// Until another process has the lease of one that was killed.
const TAKEN_OVER_WITHIN: Duration = Duration::from_secs(10);

/// Longer than a lease lives.
const PAUSE: Duration = Duration::from_secs(8);

/// The epochs in which a process has had the sweeper's lease.
fn epochs(data: &Data) -> Vec<u64> {
    let log = data.whole_log();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let acquired = lines.filter(|line| {
        let text = line.to_string();
        text.contains("lease_acquired") && text.contains("sweeper")
    });
    acquired.filter_map(|line| find_epoch(&line)).collect()
}

/// The field of this name, wherever the log has it.
fn find_epoch(line: &Value) -> Option<u64> {
    let fields = line.as_object()?;
    let own = fields.get("epoch").and_then(Value::as_u64);
    own.or_else(|| fields.values().find_map(find_epoch))
}

/// Waits until one of the processes has the lease in a later epoch than `after`: which, and in which.
#[track_caller]
fn wait_for_holder(processes: &[Data; 2], after: u64) -> (usize, u64) {
    wait_until("one has the sweeper's lease", || {
        let latest = processes.each_ref().map(|data| epochs(data).last().copied().unwrap_or(0));
        let holder = usize::from(latest[1] > latest[0]);
        if latest[holder] > after { Ok((holder, latest[holder])) } else { Err(latest) }
    })
}

/// Reserves a unit for a second, through a process.
fn reserve(server: &Server) {
    let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "ttlSeconds": 1});
    server.client().post("/reserve", &body).unwrap().expect(201);
}

/// Waits until as many reservations have been ended.
#[track_caller]
fn wait_for_ended(database: &Database, count: i64) {
    wait_until("overdue reservations are ended", || {
        let ended = database.count_events("StockReleasedEvent");
        if ended == count { Ok(()) } else { Err(ended) }
    });
}

fn one_sweeps(kind: Kind) {
    let _machine = whole_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("sweepers"));
    let database = Database::new(kind, &mut random);
    let processes = database.processes(&folder);
    let mut servers = processes.each_ref().map(|data| Some(data.serve()));
    let mut epoch = 0;
    add(servers[0].as_ref().unwrap(), PRODUCT, 100);
    for ended in 1..=3 {
        let (holder, newer) = wait_for_holder(&processes, epoch);
        epoch = newer;
        reserve(servers[1 - holder].as_ref().unwrap());
        wait_for_ended(&database, ended);
        servers[holder].take().unwrap().kill();
        let killed = Instant::now();
        let (next, _) = wait_for_holder(&processes, epoch);
        let took = killed.elapsed();
        eprintln!("taken over after {took:?}");
        assert!(next != holder && took < TAKEN_OVER_WITHIN, "{next} after {took:?}");
        servers[holder] = Some(processes[holder].serve());
    }
    for (server, data) in servers.into_iter().zip(&processes) {
        server.unwrap().stop();
        data.verify(None);
    }
}

fn one_is_paused(kind: Kind) {
    let _machine = whole_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("paused sweepers"));
    let database = Database::new(kind, &mut random);
    let processes = database.processes(&folder);
    let servers = processes.each_ref().map(Data::serve);
    add(&servers[0], PRODUCT, 100);
    let (holder, epoch) = wait_for_holder(&processes, 0);
    servers[holder].signal(Signal::STOP);
    thread::sleep(PAUSE);
    let (next, newer) = wait_for_holder(&processes, epoch);
    assert_ne!(next, holder);
    reserve(&servers[next]);
    wait_for_ended(&database, 1);
    servers[holder].signal(Signal::CONT);
    wait_until("the one that was paused knows that it has no lease", || {
        let log = processes[holder].whole_log();
        if log.contains("lease_lost") { Ok(()) } else { Err(log.len()) }
    });
    reserve(&servers[holder]);
    wait_for_ended(&database, 2);
    assert_eq!(epochs(&processes[next]).last(), Some(&newer), "it still has the lease");
    assert_eq!(epochs(&processes[holder]), [epoch], "and the other has not");
    for (server, data) in servers.into_iter().zip(&processes) {
        server.stop();
        data.verify(None);
    }
}

#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn the_sweeper_runs_in_one_process_and_in_another_when_that_one_is_killed_on_postgresql() {
    one_sweeps(Kind::Postgres);
}

#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn a_paused_sweeper_that_wakes_up_leaves_the_work_to_the_next_one_on_postgresql() {
    one_is_paused(Kind::Postgres);
}

#[test]
#[ignore = "needs MariaDB: make test-services"]
fn the_sweeper_runs_in_one_process_and_in_another_when_that_one_is_killed_on_mariadb() {
    one_sweeps(Kind::Mariadb);
}

#[test]
#[ignore = "needs MariaDB: make test-services"]
fn a_paused_sweeper_that_wakes_up_leaves_the_work_to_the_next_one_on_mariadb() {
    one_is_paused(Kind::Mariadb);
}
