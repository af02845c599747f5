//! The database's primary is killed, and its standby takes over (Patroni): what is acknowledged stays, and work goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use rustix::process::{Pid, Signal, kill_process};

use crate::answers::Answers;
use crate::client::Client as HttpClient;
use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::load::{Buyer, Working};
use crate::random::Random;
use crate::server::{Data, wait_until};
use crate::settings::{variable, whole_machine};

/// Concurrent clients of each of two processes.
const BUYERS: usize = 4;

/// Failovers: to the standby, and back to the first server, which has become one.
const FAILOVERS: usize = 2;

/// Acknowledged commands before and after each.
const ACKED: u64 = 300;

/// Longest time without an acknowledged command.
const SILENCE_MAX: Duration = Duration::from_mins(1);

/// Between two looks at the answers.
const LOOK_EVERY: Duration = Duration::from_millis(5);

fn told(name: &str) -> String {
    variable(name).unwrap_or_else(|| panic!("no servers are named: run make test-services"))
}

/// A connection to the primary, by way of what finds it.
fn primary() -> Result<Client, postgres::Error> {
    Client::connect(&told("GONDOLA_TEST_PATRONI"), NoTls)
}

/// Waits until the standby has all that is acknowledged and Patroni knows that, a moment later: no other may take over.
fn await_synchronous_standby() {
    let nodes = told("GONDOLA_TEST_PATRONI_NODES");
    let sql = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
    wait_until("there is a synchronous standby", || {
        let known = nodes.split(',').filter(|node| is_synchronous_standby(node)).count();
        let found = primary().and_then(|mut client| client.query_one(sql, &[]));
        match (found.map(|row| row.get::<_, i64>(0)), known) {
            (Ok(1), 1) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    });
}

/// Whether Patroni lets a server take over (<https://patroni.readthedocs.io/en/latest/rest_api.html>).
fn is_synchronous_standby(node: &str) -> bool {
    let answer = HttpClient::new(node.parse().unwrap()).text("/synchronous");
    answer.is_ok_and(|answer| answer.split(' ').nth(1) == Some("200"))
}

/// Kills the primary as a failing machine does.
fn kill_primary() {
    let row = primary().unwrap().query_one("SHOW data_directory", &[]).unwrap();
    let pid_file = format!("{}/postmaster.pid", row.get::<_, String>(0));
    let content = std::fs::read_to_string(pid_file).unwrap();
    let pid = Pid::from_raw(content.lines().next().unwrap().parse().unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
}

/// Tells the watcher to stop when it goes.
struct StopAtEnd<'a>(&'a AtomicBool);

impl Drop for StopAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The longest time without an acknowledged command, until told to stop.
fn longest_silence(answers: &Answers, stop: &AtomicBool) -> Duration {
    let (mut longest, mut last, mut acked) = (Duration::ZERO, Instant::now(), 0);
    while !stop.load(Ordering::Relaxed) {
        let now = answers.counts().acked;
        longest = longest.max(last.elapsed());
        if now > acked {
            (last, acked) = (Instant::now(), now);
        }
        thread::sleep(LOOK_EVERY);
    }
    longest
}

/// Where the fault strikes: at the primary of the database, under the load of two processes.
///
/// What is right: commands are answered with 503 or late while nobody is the primary, which is over within a minute; then the
/// same processes go on. Nothing that was acknowledged is lost, on whichever server it was.
#[test]
#[ignore = "needs PostgreSQL under Patroni: make test-services"]
fn a_failover_of_the_database_loses_nothing_and_is_over_within_a_minute() {
    let _machine = whole_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("failover"));
    await_synchronous_standby();
    let database = Database::new(Kind::Patroni, &mut random);
    let answers = Arc::new(Answers::new(folder.path(), "answers.jsonl"));
    let processes = database.processes_with_views(&folder);
    let servers = processes.each_ref().map(Data::serve);
    let working = servers.each_ref().map(|server| {
        let buyers = (0..BUYERS).map(|_| Buyer::new(&mut random, &answers)).collect();
        Working::start(buyers, server.address())
    });
    answers.wait_for_acked(ACKED);
    let stop = AtomicBool::new(false);
    let silence = thread::scope(|scope| {
        let watching = scope.spawn(|| longest_silence(&answers, &stop));
        // also when this fails: the scope waits for the watcher
        let stop_at_end = StopAtEnd(&stop);
        for _ in 0..FAILOVERS {
            await_synchronous_standby();
            kill_primary();
            answers.wait_for_acked(ACKED);
        }
        drop(stop_at_end);
        watching.join().unwrap()
    });
    for server in servers {
        server.kill();
    }
    let buyers = working.into_iter().flat_map(Working::join);
    let server = processes[0].serve();
    assert!(buyers.into_iter().all(|mut buyer| buyer.resolve(&mut server.client())));
    server.stop();
    let said = processes[1].verify(Some(&answers.path));
    assert!(said.contains("I6"), "the views were not compared: {said}");
    eprintln!("longest silence {silence:?}; clients saw {:?}", answers.seen());
    assert!(silence < SILENCE_MAX, "{silence:?}");
}
