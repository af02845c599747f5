//! A database that becomes slow, then slower, then silent (E16).

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::measure::percentile;
use crate::oversell::{PRODUCT, STORE, add, level};
use crate::random::Random;
use crate::server::{Data, Server, wait_until};
use crate::settings::whole_machine;
use crate::slow_way::SlowWay;

/// Concurrent clients that reserve.
const BUYERS: usize = 8;

/// Their pause between two reservations.
const BUYS_EVERY: Duration = Duration::from_millis(20);

/// Within this time it is known that the database is silent.
const KNOWN_WITHIN: Duration = Duration::from_secs(6);

/// A refusal without looking for the database takes less; the mark is 50 ms, on a machine with nothing else to do.
const REFUSED_WITHIN: Duration = Duration::from_millis(250);

/// 99 of 100 reads from the views take less; a busy machine may be late with some.
const READ_WITHIN: Duration = Duration::from_secs(1);

/// No read takes as long as anything from the database does then.
const READ_MAX: Duration = Duration::from_secs(5);

/// After the fault is over a command succeeds within this time.
const OVER_WITHIN: Duration = Duration::from_secs(10);

fn reservation(id: &str) -> Value {
    json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "ttlSeconds": 3_600, "reservationId": id})
}

/// Reserves one unit after the other until told to stop; returns the reservations that were acknowledged.
fn keep_buying(server: &Server, stop: &AtomicBool, mut random: Random) -> Vec<String> {
    let (mut client, mut acked) = (server.client(), Vec::new());
    while !stop.load(Ordering::Relaxed) {
        let id = random.uuid();
        if client.post("/reserve", &reservation(&id)).unwrap().status == 201 {
            acked.push(id);
        }
        thread::sleep(BUYS_EVERY);
    }
    acked
}

/// The status of a reservation, its code, and how long it took.
fn reserve(server: &Server) -> (u16, String, Duration) {
    let asked = Instant::now();
    let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "ttlSeconds": 3_600});
    let reply = server.client().post("/reserve", &body).unwrap();
    (reply.status, reply.code().to_owned(), asked.elapsed())
}

/// The same database, by way of a proxy.
fn by_way_of(data: Data, way: &SlowWay) -> Data {
    let (before, after) = data.event_store.rsplit_once('@').unwrap();
    let (_, name) = after.split_once('/').unwrap();
    let event_store = format!("{before}@{}/{name}", way.address());
    Data { event_store, ..data }
}

fn address_of(data: &Data) -> SocketAddr {
    let (_, after) = data.event_store.rsplit_once('@').unwrap();
    after.split_once('/').unwrap().0.parse().unwrap()
}

/// Reads from the views until told to stop; none takes long, whatever the database does. Returns how many there were.
fn keep_reading(server: &Server, stop: &AtomicBool) -> usize {
    let (mut client, mut took) = (server.client(), Vec::new());
    let path = format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}");
    while !stop.load(Ordering::Relaxed) {
        let asked = Instant::now();
        client.get(&path).unwrap().expect(200);
        took.push(asked.elapsed());
        thread::sleep(Duration::from_millis(20));
    }
    let [slow, slowest] = [99, 100].map(|of_hundred| percentile(of_hundred, &mut took));
    assert!(slow < READ_WITHIN && slowest < READ_MAX, "reads took {slow:?}, one {slowest:?}");
    took.len()
}

/// Waits until a command is refused at once, and says how long it takes then, in the median.
fn refused_at_once(server: &Server) -> Duration {
    let began = Instant::now();
    while !reserve_in_a_second(server) {
        assert!(began.elapsed() < KNOWN_WITHIN, "nobody knows that the database is silent");
    }
    let ask = |_| {
        let (status, code, took) = reserve(server);
        assert_eq!((status, &*code), (503, "unavailable"));
        took
    };
    let mut times: Vec<_> = (0..20).map(ask).collect();
    times.sort_unstable();
    assert!(times[15] < REFUSED_WITHIN, "{times:?}");
    times[10]
}

/// Whether a reservation whose caller waits no longer than a second is refused at once.
fn reserve_in_a_second(server: &Server) -> bool {
    let asked = Instant::now();
    let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "ttlSeconds": 3_600});
    let headers = "x-request-timeout-ms: 1000\r\n";
    let reply = server.client().post_to("/api/v1/inventory/reserve", headers, &body).unwrap();
    reply.status == 503 && asked.elapsed() < REFUSED_WITHIN
}

/// Waits until a command succeeds again.
fn over(server: &Server) -> Duration {
    let mended = Instant::now();
    wait_until("a reservation succeeds", || match reserve(server) {
        (201, ..) => Ok(()),
        other => Err(other),
    });
    let took = mended.elapsed();
    assert!(took < OVER_WITHIN, "{took:?}");
    took
}

/// Ends what goes on beside a test, which may have failed.
struct StopAtEnd<'a>(&'a AtomicBool);

impl Drop for StopAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn strike(server: &Server, way: &SlowWay) {
    thread::sleep(Duration::from_secs(1));
    way.delay(Duration::from_millis(500));
    thread::sleep(Duration::from_secs(1));
    let (status, code, took) = reserve(server);
    eprintln!("half a second longer: {status} after {took:?}");
    assert_eq!(status, 201, "{code}");
    way.delay(Duration::from_secs(5));
    eprintln!("five seconds longer: refused in {:?}", refused_at_once(server));
    way.delay(Duration::ZERO);
    eprintln!("over after {:?}", over(server));
    way.close();
    eprintln!("silent: refused in {:?}", refused_at_once(server));
    thread::sleep(Duration::from_secs(30));
    eprintln!("silent for long: refused in {:?}", refused_at_once(server));
    way.delay(Duration::ZERO);
    eprintln!("over after {:?}", over(server));
}

/// Where the fault strikes: everything to and from the database takes half a second longer, then five, then nothing comes.
///
/// What is right: slow is slow and correct. When it is silent, that is known within six seconds, and from then on commands
/// are refused at once, without queueing up; views are read all the time; and when the fault is over, so is the refusal,
/// within ten seconds and without a restart. Nothing acknowledged is lost, and nothing is sold twice.
#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn a_silent_database_costs_nobody_a_long_wait() {
    let _machine = whole_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("slow database"));
    let database = Database::new(Kind::Postgres, &mut random);
    let [data] = database.named_processes(&folder, ["one"]);
    let way = SlowWay::to(address_of(&data));
    let data = by_way_of(data, &way);
    let server = data.serve();
    add(&server, PRODUCT, 1_000_000);
    wait_until("the views show it", || {
        let path = format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}");
        let status = server.client().get(&path).unwrap().status;
        if status == 200 { Ok(()) } else { Err(status) }
    });
    let (stop, buyers) = (AtomicBool::new(false), [(); BUYERS].map(|()| random.fork()));
    let acked: Vec<String> = thread::scope(|scope| {
        let reader = scope.spawn(|| keep_reading(&server, &stop));
        let buying = buyers.map(|random| scope.spawn(|| keep_buying(&server, &stop, random)));
        let at_end = StopAtEnd(&stop);
        strike(&server, &way);
        drop(at_end);
        eprintln!("{} reads", reader.join().unwrap());
        buying.into_iter().flat_map(|buyer| buyer.join().unwrap()).collect()
    });
    eprintln!("{} reservations acknowledged", acked.len());
    let mut client = server.client();
    for id in &acked {
        client.get(&format!("/api/v1/inventory/reservations/{id}")).unwrap().expect(200);
    }
    assert!(level(&server, PRODUCT)[1] >= acked.len() as u64);
    server.stop();
    data.verify(None);
}
