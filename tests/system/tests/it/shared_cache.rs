//! Two processes on one database with one Redis: each shows what the other has changed, and Redis may go at any moment (E15).

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Client;
use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::gateway::free;
use crate::oversell::{PRODUCT, STORE, add};
use crate::random::Random;
use crate::server::{Data, PATIENCE, Server, wait_until};
use crate::settings::whole_machine;

/// Time within which a process shows what another has changed, in the middle of all changes.
const SHOWN_WITHIN: Duration = Duration::from_secs(1);

/// Changes while Redis runs, while it is gone, and while it hangs.
const CHANGES: u64 = 15;

/// Pause between two reads.
const PAUSE: Duration = Duration::from_millis(2);

/// Keeps a copy of every entry as it is now.
const KEEP: &str = "redis.call('COPY', key, 'old ' .. key, 'REPLACE')";

/// What somebody may put in the place of every entry, in Lua.
const LIES: [(&str, &str); 4] = [
    ("what was so before", "redis.call('COPY', 'old ' .. key, key, 'REPLACE')"),
    (
        "what was so before, as if it were the newest",
        "redis.call('COPY', 'old ' .. key, key, 'REPLACE') \
         redis.call('HSET', key, 'version', '999999999')",
    ),
    ("something unreadable", "redis.call('HSET', key, 'value', '{')"),
    ("another type", "redis.call('DEL', key) redis.call('LPUSH', key, 'value')"),
];

/// A Redis of this test.
pub(crate) struct Redis {
    child: Child,
    port: u16,
}

impl Redis {
    pub(crate) fn start() -> Self {
        let port = free().port();
        Self { child: spawn(port), port }
    }

    /// Where processes find it.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn start_again(&mut self) {
        self.child = spawn(self.port);
    }

    /// Stops it, or has it go on.
    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// What it says to a command.
    pub(crate) fn command(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("redis-cli");
        let said = command.args(["-p", &self.port.to_string()]).args(arguments).output().unwrap();
        assert!(said.status.success(), "{said:?}");
        String::from_utf8(said.stdout).unwrap().trim().to_owned()
    }

    /// Does something with every entry.
    fn plant(&self, lua: &str) {
        let each = "for _, key in ipairs(redis.call('KEYS', '*')) do \
            if string.sub(key, 1, 4) ~= 'old ' then";
        let planted = self.command(&["EVAL", &format!("{each} {lua} end end return 'done'"), "0"]);
        assert_eq!(planted, "done");
    }
}

fn spawn(port: u16) -> Child {
    let mut command = Command::new("redis-server");
    command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
    command.args(["--port", &port.to_string()]).stdout(Stdio::null()).spawn().unwrap()
}

impl Drop for Redis {
    fn drop(&mut self) {
        // fails only when it has ended already
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Units on hand as a plain read shows them, which may come from a cache.
fn shown(client: &mut Client) -> u64 {
    let path = format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}");
    client.get(&path).unwrap().expect(200)["onHand"].as_u64().unwrap()
}

/// Reads until it is told to stop: each answer is good, and none is older than the one before.
fn keep_reading(server: &Server, stop: &AtomicBool) -> (u64, Duration) {
    let (mut client, mut last) = (server.client(), 0);
    let (mut reads, mut longest) = (0, Duration::ZERO);
    while !stop.load(Ordering::Relaxed) {
        let asked = Instant::now();
        let units = shown(&mut client);
        longest = longest.max(asked.elapsed());
        assert!(units >= last, "{units} after {last}");
        (last, reads) = (units, reads + 1);
        thread::sleep(PAUSE);
    }
    (reads, longest)
}

/// Adds units through one process; own reads show them at once, the other's soon. The median of the time until they did.
fn change(servers: &[Server; 2], units: &mut u64) -> Duration {
    let mut times = Vec::new();
    for number in 0..CHANGES {
        let (one, other) = if number % 2 == 0 { (0, 1) } else { (1, 0) };
        add(&servers[one], PRODUCT, 1);
        let added = Instant::now();
        *units += 1;
        assert_eq!(shown(&mut servers[one].client()), *units, "its own change");
        while shown(&mut servers[other].client()) < *units {
            assert!(added.elapsed() < PATIENCE, "the other does not show {units}");
            thread::sleep(PAUSE);
        }
        times.push(added.elapsed());
    }
    times.sort_unstable();
    let median = times[times.len() / 2];
    assert!(median < SHOWN_WITHIN, "{times:?}");
    median
}

/// How the health of a process tells the cache.
fn cache_health(server: &Server) -> (u16, String) {
    let reply = server.client().get("/health/ready").unwrap();
    (reply.status, find(&reply.body).unwrap_or_default())
}

/// The part about the cache, wherever the answer has it.
fn find(body: &Value) -> Option<String> {
    match body {
        Value::Object(fields) => {
            let own = fields.get("sharedCache").map(Value::to_string);
            own.or_else(|| fields.values().find_map(find))
        }
        Value::Array(items) => {
            let named = |item: &&Value| item.to_string().contains("sharedCache");
            items.iter().find(named).map(Value::to_string)
        }
        _ => None,
    }
}

#[track_caller]
fn wait_for_health(servers: &[Server; 2], is_degraded: bool) {
    for server in servers {
        wait_until("the health tells how the cache is", || {
            let (status, told) = cache_health(server);
            assert_eq!(status, 200, "nothing needs the cache: {told}");
            let tells = !told.is_empty() && told.to_lowercase().contains("degraded") == is_degraded;
            if tells { Ok(()) } else { Err(told) }
        });
    }
}

#[test]
#[ignore = "needs PostgreSQL and Redis: make test-services"]
fn a_change_is_seen_in_both_processes_and_redis_may_go_at_any_moment() {
    let _machine = whole_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("shared cache"));
    let database = Database::new(Kind::Postgres, &mut random);
    whatever_redis_does(database.processes_with_views(&folder));
}

/// Each follows the log, and puts what it sees.
#[test]
#[ignore = "needs PostgreSQL and Redis: make test-services"]
fn processes_with_views_of_their_own_share_a_cache() {
    let _machine = whole_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("shared cache"));
    let database = Database::new(Kind::Postgres, &mut random);
    whatever_redis_does(database.processes(&folder));
}

fn whatever_redis_does(processes: [Data; 2]) {
    let mut redis = Redis::start();
    let cache = redis.url();
    let processes = processes.map(|data| data.with(&["--cache", &cache]));
    let servers = processes.each_ref().map(Data::serve);
    wait_for_health(&servers, false);
    add(&servers[0], PRODUCT, 1);
    let (mut units, stop) = (1, AtomicBool::new(false));
    wait_until("both know the level", || {
        let path = format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}");
        let status = servers[1].client().get(&path).unwrap().status;
        if status == 200 { Ok(()) } else { Err(status) }
    });
    thread::scope(|scope| {
        let readers = servers.each_ref().map(|server| scope.spawn(|| keep_reading(server, &stop)));
        eprintln!("with Redis: {:?}", change(&servers, &mut units));
        wait_until("levels are in Redis", || {
            if redis.command(&["DBSIZE"]) == "0" { Err(()) } else { Ok(()) }
        });
        redis.command(&["FLUSHALL"]);
        eprintln!("emptied: {:?}", change(&servers, &mut units));
        redis.kill();
        eprintln!("without: {:?}", change(&servers, &mut units));
        wait_for_health(&servers, true);
        redis.start_again();
        wait_for_health(&servers, false);
        eprintln!("with a new one: {:?}", change(&servers, &mut units));
        for (what, plant) in LIES {
            redis.plant(KEEP);
            change(&servers, &mut units);
            redis.plant(plant);
            eprintln!("with {what}: {:?}", change(&servers, &mut units));
            redis.command(&["FLUSHALL"]);
        }
        wait_for_health(&servers, false);
        redis.signal("-STOP");
        eprintln!("with a hung one: {:?}", change(&servers, &mut units));
        redis.signal("-CONT");
        wait_for_health(&servers, false);
        eprintln!("and after: {:?}", change(&servers, &mut units));
        stop.store(true, Ordering::Relaxed);
        for reader in readers {
            let (reads, longest) = reader.join().unwrap();
            eprintln!("{reads} reads, the longest {longest:?}");
        }
    });
    servers.into_iter().for_each(Server::stop);
    processes[0].verify(None);
}
