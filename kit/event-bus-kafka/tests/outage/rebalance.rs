//! Members of a group come and go every second, and one takes longer for a message than it may: each message has its effect
//! once and in order, no partition stands still, and no place is stored by one who does not have the partition (E19).
//!
//! By a real broker: the mock cluster lets a rebalance last for as long as a session.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kit_event_bus::{Consumer, EventBus, HandleError, Handler, Message, Place};
use kit_event_bus_kafka::{KafkaBus, KafkaOptions};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::publishing::Publishing;
use crate::scratch::Scratch;
use crate::seen::{OutOfOrder, Seen};
use crate::{ALONE, PATIENCE, TOPIC};

const GROUP_NAME: &str = "group";

/// Longest time for a message, three times a session: a member that goes in the midst of a rebalance is missed for a session.
const HANDLING_MAX: Duration = Duration::from_secs(30);

/// A partition waits until a member that takes too long is found out, and then for those that were missed meanwhile.
const STALL_MAX: Duration = HANDLING_MAX.saturating_mul(2);

/// Time for an ordinary message, in whose midst members are taken away.
const HANDLING: Duration = Duration::from_millis(1);

/// Seconds in each of which a member comes and another goes.
const TURNS: u32 = 20;

/// When the slow member comes.
const SLOW_TURN: u32 = 5;

/// The members at any time, besides the slow one.
const MEMBERS: usize = 3;

/// What all members write to: the effects with their inbox, in one transaction.
#[derive(Default)]
struct Database(Mutex<Tables>);

struct Tables {
    seen: Seen,
    out_of_order: Option<OutOfOrder>,
    lanes: HashMap<Arc<str>, Lane>,
}

/// A partition.
struct Lane {
    /// Behind the last message that had its effect.
    next: i64,
    moved: Instant,
    longest_stall: Duration,
}

impl Default for Tables {
    fn default() -> Self {
        Self { seen: Seen::new(), out_of_order: None, lanes: HashMap::new() }
    }
}

impl Database {
    /// Makes the effect of a message, unless it has been made.
    fn apply(&self, message: &Message, place: &Place) {
        let tables = &mut *self.0.lock().unwrap();
        let is_new = tables.seen.note(message).unwrap_or_else(|out_of_order| {
            tables.out_of_order.get_or_insert(out_of_order);
            false
        });
        let now = Instant::now();
        let lane = tables.lanes.entry(Arc::clone(&place.lane)).or_insert_with(|| Lane {
            next: 0,
            moved: now,
            longest_stall: Duration::ZERO,
        });
        if is_new {
            lane.longest_stall = lane.longest_stall.max(now - lane.moved);
            (lane.next, lane.moved) = (place.next.max(lane.next), now);
        }
    }

    /// Whether a message had its effect.
    fn has(&self, message: &Message) -> bool {
        self.0.lock().unwrap().seen.has(message)
    }

    fn count(&self) -> u64 {
        self.0.lock().unwrap().seen.count
    }

    fn check_order(&self) {
        assert_eq!(self.0.lock().unwrap().out_of_order, None);
    }

    /// Behind the last effect of a partition.
    fn next(&self, partition: i32) -> i64 {
        let lane = format!("{TOPIC}/{partition}");
        self.0.lock().unwrap().lanes.get(&*lane).map_or(0, |lane| lane.next)
    }
}

/// Writes effects, each after a while.
struct Effects {
    database: Arc<Database>,
    /// Of a member that does not end its first message, but for repeats, before another has: then it says so.
    overtaken: Option<CancellationToken>,
}

#[async_trait]
impl Handler for Effects {
    async fn handle(
        &mut self,
        message: &Message,
        place: Option<&Place>,
    ) -> Result<(), HandleError> {
        sleep(HANDLING).await;
        if !self.database.has(message)
            && let Some(overtaken) = self.overtaken.take()
        {
            while !self.database.has(message) {
                sleep(HANDLING).await;
            }
            overtaken.cancel();
        }
        self.database.apply(message, place.unwrap());
        Ok(())
    }
}

/// A process with a member of the group.
struct Member {
    running: JoinHandle<()>,
    stop: CancellationToken,
}

impl Member {
    async fn join(scratch: &Scratch, effects: Effects) -> Self {
        let options = KafkaOptions { handling_max: HANDLING_MAX, ..scratch.options() };
        let bus: Arc<dyn EventBus> = Arc::new(KafkaBus::new(options).unwrap());
        let consumer = Consumer::join(bus, GROUP_NAME, &[TOPIC]).await.unwrap();
        let stop = CancellationToken::new();
        let running = tokio::spawn(consumer.run(effects, stop.clone()));
        Self { running, stop }
    }

    /// Ends what it has begun.
    async fn leave(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.running).await.unwrap().unwrap();
    }

    /// Is torn from what it does.
    async fn abort(self) {
        self.running.abort();
        assert!(self.running.await.unwrap_err().is_cancelled());
    }
}

/// Looks at the places that are stored for the group, until told to stop: none may be ahead of the effects, and none may go
/// back, as it does when one stores a place who has lost the partition to another that has gone on.
fn watch_places(
    scratch: &Scratch,
    database: Arc<Database>,
    stop: CancellationToken,
) -> JoinHandle<u64> {
    let options = scratch.options();
    let group = format!("{}{GROUP_NAME}", options.prefix);
    let asking: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", &options.servers)
        .set("group.id", &group)
        .create()
        .unwrap();
    let mut asked = TopicPartitionList::new();
    asked.add_partition_range(&format!("{}{TOPIC}", options.prefix), 0, options.partitions - 1);
    spawn_blocking(move || {
        let (mut before, mut moves) = (HashMap::new(), 0);
        while !stop.is_cancelled() {
            // a broker in the midst of a rebalance may ask for patience
            let Ok(told) = asking.committed_offsets(asked.clone(), Duration::from_secs(10)) else {
                continue;
            };
            for place in told.elements() {
                let Offset::Offset(next) = place.offset() else { continue };
                let partition = place.partition();
                let effects = database.next(partition);
                assert!(
                    next <= effects,
                    "{next} is stored of partition {partition}, effects end at {effects}"
                );
                let last = before.insert(partition, next).unwrap_or(0);
                assert!(
                    last <= next,
                    "the place of partition {partition} went back from {last} to {next}"
                );
                moves += u64::from(last < next);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        moves
    })
}

/// Waits until so many messages had their effect; the last partition may not stand still for long either.
async fn await_effects(database: &Database, until: u64) {
    let (mut count, mut moved) = (database.count(), Instant::now());
    while count < until {
        sleep(Duration::from_millis(50)).await;
        database.check_order();
        if database.count() > count {
            (count, moved) = (database.count(), Instant::now());
        }
        assert!(moved.elapsed() < STALL_MAX, "{count} of {until} had their effect, then none");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Kafka: make test-services"]
async fn members_that_come_and_go_make_each_effect_once_and_in_order() {
    let _alone = ALONE.lock().await;
    let (scratch, database) = (Scratch::new(), Arc::new(Database::default()));
    let effects = |overtaken| Effects { database: Arc::clone(&database), overtaken };
    let overtaken = CancellationToken::new();
    let mut publishing = Publishing::start(scratch.bus());
    publishing.grow().await;
    let mut members = VecDeque::new();
    for _ in 0..MEMBERS {
        members.push_back(Member::join(&scratch, effects(None)).await);
    }
    await_effects(&database, publishing.head()).await;
    let stop_watching = CancellationToken::new();
    let watching = watch_places(&scratch, Arc::clone(&database), stop_watching.clone());
    // also when the test fails: its runtime would wait for the watcher
    let _stop_watching = stop_watching.clone().drop_guard();
    let mut slow = None;
    for turn in 0..TURNS {
        if turn == SLOW_TURN {
            slow = Some(Member::join(&scratch, effects(Some(overtaken.clone()))).await);
        }
        members.push_back(Member::join(&scratch, effects(None)).await);
        sleep(Duration::from_secs(1)).await;
        publishing.grow().await;
        database.check_order();
        let oldest = members.pop_front().unwrap();
        if turn % 2 == 0 { oldest.leave().await } else { oldest.abort().await }
    }
    // on a busy machine the slow member may have been given nothing in all these turns
    let slow_is_found_out = async {
        while !overtaken.is_cancelled() {
            publishing.grow().await;
            sleep(Duration::from_secs(1)).await;
        }
    };
    timeout(PATIENCE * 3, slow_is_found_out).await.expect("no member was slow");
    publishing.await_told().await;
    await_effects(&database, publishing.head()).await;
    for member in members.into_iter().chain(slow) {
        member.leave().await;
    }
    stop_watching.cancel();
    let moves = watching.await.unwrap();
    let (tables, versions) = (database.0.lock().unwrap(), &publishing.versions);
    let stalls: Vec<_> = tables.lanes.values().map(|lane| lane.longest_stall).collect();
    eprintln!("{} repeats, {moves} places, stalls {stalls:?}", tables.seen.repeats);
    assert_eq!((&tables.seen.versions, &tables.out_of_order), (versions, &None));
    assert!(moves > 0, "no place was seen to be stored");
    assert!(stalls.iter().all(|stall| *stall < STALL_MAX), "a partition stood still");
}
