//! Two processes with one Redis for their rate limits: a key has one quota at both, and without Redis each goes by its own.

use serde_json::json;

use crate::apart::make_key;
use crate::folder::Folder;
use crate::gateway::free;
use crate::server::{Data, Server, wait_until};
use crate::settings::whole_machine;
use crate::shared_cache::Redis;

/// Reads that a key may have at once. One a second comes back: none to speak of while a test asks.
const BURST: usize = 60;

/// Pages of the event feed that a key may have at once: more than are asked for until limits are shared.
const FEEDS: u32 = 100_000;

/// Tries of what a busy machine may spoil at times: a question that Redis answers late is decided by the process alone.
const TRIES: usize = 3;

/// Makes keys of viewers that nobody has used yet.
fn new_keys<const N: usize>(folder: &Folder, purpose: &str) -> [String; N] {
    std::array::from_fn(|number| make_key(folder, &format!("{purpose}-{number}"), "viewer"))
}

/// Starts two processes that know all keys of the folder and have nothing in common but where limits are kept.
fn serve(folder: &Folder, shared: &str) -> [Server; 2] {
    let (keys, quota) = (folder.path().join("keys.json"), format!("1:{BURST}"));
    let more = ["--api-keys", keys.to_str().unwrap(), "--rate-limit-reads", &quota];
    let feeds = format!("1:{FEEDS}");
    let more =
        [&more[..], &["--rate-limit-streams", &feeds, "--rate-limit-shared", shared]].concat();
    ["one", "other"]
        .map(|name| Data::on("memory".to_owned(), folder.path(), name).with(&more).serve())
}

/// The whole answer to a read.
fn read(server: &Server, key: &str) -> String {
    server.client().with_key(key).text("/api/v1/stores").unwrap()
}

fn is_refused(answer: &str) -> bool {
    match answer.split(' ').nth(1).unwrap() {
        "200" => false,
        "429" => true,
        _ => panic!("{answer}"),
    }
}

/// Reads by turns at both processes as often as they allow where each goes by its own limit; gives the answers.
fn read_at_both(servers: &[Server; 2], key: &str) -> Vec<String> {
    (0..2 * BURST).map(|number| read(&servers[number % 2], key)).collect()
}

fn count_served(answers: &[String]) -> usize {
    answers.iter().filter(|answer| !is_refused(answer)).count()
}

/// A refusal by a limit that both processes share, if they do.
fn refused_by_both(servers: &[Server; 2], key: &str) -> Option<String> {
    let mut answers = read_at_both(servers, key);
    let served = count_served(&answers);
    eprintln!("{served} of {} reads were served", answers.len());
    assert!(served >= BURST, "refused within the limit: {served}");
    let refused = answers.pop().filter(|answer| is_refused(answer));
    refused.filter(|_| served < BURST + BURST / 2)
}

/// Each process has a key's quota for itself, and not more than that.
#[track_caller]
fn assert_each_by_its_own(servers: &[Server; 2], key: &str) {
    assert_eq!(count_served(&read_at_both(servers, key)), 2 * BURST, "all are served");
    for server in servers {
        wait_until("its own limit holds", || {
            let answer = read(server, key);
            if is_refused(&answer) { Ok(()) } else { Err(answer) }
        });
    }
}

/// Waits until each process counts what a new key has asked of the other. While Redis is not there, and for a moment after that,
/// each counts what it was asked itself, and no more.
#[track_caller]
fn await_shared(servers: &[Server; 2], key: &str) {
    let mut asked = [0, 0];
    wait_until("they share limits", || {
        let used = [0, 1].map(|number: usize| {
            asked[number] += 1;
            let answer = servers[number].client().with_key(key).text("/api/v1/inventory/events");
            let answer = answer.unwrap().to_ascii_lowercase();
            let left = answer.split("ratelimit: \"streams\";r=").nth(1).unwrap();
            FEEDS - left.split(';').next().unwrap().parse::<u32>().unwrap()
        });
        if used[0] > asked[0] && used[1] > asked[1] { Ok(()) } else { Err((used, asked)) }
    });
}

#[test]
#[ignore = "needs Redis: make test-services"]
fn a_key_has_one_quota_at_two_processes_that_share_limits() {
    let _machine = whole_machine();
    let (folder, redis) = (Folder::new(), Redis::start());
    let (keys, first) = (new_keys::<TRIES>(&folder, "reader"), new_keys::<1>(&folder, "first"));
    let servers = serve(&folder, &redis.url());
    await_shared(&servers, &first[0]);
    let refused = keys.iter().find_map(|key| refused_by_both(&servers, key));
    let refused = refused.expect("each process goes by a limit of its own").to_ascii_lowercase();
    let policy = format!("\r\nratelimit-policy: \"reads\";q={BURST};w={BURST}\r\n");
    for told in [&policy, "\r\nratelimit: \"reads\";r=0;t=", "\r\nretry-after: 1\r\n"] {
        assert!(refused.contains(told), "{told:?} is not in {refused}");
    }
    assert!(refused.contains("\"code\":\"rate-limited\""), "{refused}");
    servers.into_iter().for_each(Server::stop);
}

/// Where the fault strikes: Redis hangs, is killed, and comes back, while two processes share limits in it.
///
/// What is right: every read within the limit of one process is served, beyond it none, and when Redis is back they share again.
#[test]
#[ignore = "needs Redis: make test-services"]
fn without_redis_each_process_goes_by_its_own_limit_until_it_is_back() {
    let _machine = whole_machine();
    let (folder, mut redis) = (Folder::new(), Redis::start());
    let [hung, killed, first, again] = new_keys(&folder, "one");
    let back = new_keys::<TRIES>(&folder, "back");
    let servers = serve(&folder, &redis.url());
    await_shared(&servers, &first);
    redis.signal("-STOP");
    assert_each_by_its_own(&servers, &hung);
    redis.signal("-CONT");
    redis.kill();
    assert_each_by_its_own(&servers, &killed);
    redis.start_again();
    await_shared(&servers, &again);
    let shared = back.iter().find_map(|key| refused_by_both(&servers, key));
    assert!(shared.is_some(), "they do not share again");
    servers.into_iter().for_each(Server::stop);
}

#[test]
#[ignore = "needs Redis: make test-services"]
fn processes_start_and_serve_where_no_redis_is() {
    let _machine = whole_machine();
    let folder = Folder::new();
    let [key] = new_keys(&folder, "reader");
    let servers = serve(&folder, &format!("redis://{}", free()));
    for server in &servers {
        let ready = server.client().get("/health/ready").unwrap().expect(200);
        assert_eq!(ready["status"], json!("UP"), "nothing needs it");
    }
    assert_each_by_its_own(&servers, &key);
    servers.into_iter().for_each(Server::stop);
}
