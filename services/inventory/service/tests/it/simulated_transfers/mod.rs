//! Transfers in processes that crash: at each append of each kind of life, and at random with many seeds.
//!
//! Where the fault strikes: any append, of what is ordered, of what a store does, of what came of it, before it is written
//! or after, when the process ends. The next process has the log and nothing else in memory. Clients send again what was
//! not answered, some send it twice at once, and the clock jumps past deadlines in any order.
//!
//! What is right, at the end of the log as at each event of it: no unit is lost or made, each step is done once, and every
//! transfer ends. `gondola verify` finds the same at the end of each log, and in what each crash leaves.

mod conserved;
mod ledger;
mod world;

use futures_util::stream::{self, StreamExt};

pub(crate) use self::conserved::conserved;
pub(crate) use self::world::Random;
use self::world::{Act, Crash, World};

/// Lives with random faults. Each prints its seed when it fails.
const SEEDS: u64 = 48;

/// Lives that are simulated at a time.
const AT_ONCE: usize = 14;

/// More appends than any of [`LIVES`] has.
const APPENDS_MAX: usize = 14;

/// What people do in a life, one for each way to an end, and the appends that it has.
const LIVES: [(&str, &[Act], usize); 6] = [
    ("received in parts", &[Act::Request(6), Act::Dispatch, Act::Receive(4), Act::ReceiveRest], 12),
    // some are over, and the receipt is told after all of them are put away
    ("received at once", &[Act::Request(6), Act::Dispatch, Act::Receive(6)], 9),
    ("returned", &[Act::Request(6), Act::Dispatch, Act::Receive(1), Act::Return], 12),
    ("cancelled", &[Act::Request(6), Act::Cancel], 6),
    // its hold has ended by itself, so that there is nothing to release
    ("expired", &[Act::Request(6), Act::Expire], 5),
    ("refused", &[Act::Request(600)], 2),
];

async fn live(acts: &[Act], crash: Crash) -> bool {
    let mut world = World::new(Random::seeded(1)).await;
    world.arm(crash);
    for act in acts {
        world.act(0, *act).await;
    }
    let crashed = world.has_crashed();
    world.finish().await;
    crashed
}

#[tokio::test]
async fn a_crash_at_any_append_of_any_life_loses_no_unit_and_ends_every_transfer() {
    for (name, acts, appends) in LIVES {
        let moments = (0..APPENDS_MAX)
            .flat_map(|append| [false, true].map(|is_written| Crash { append, is_written }));
        let lives = stream::iter(moments).map(|crash| async move {
            eprintln!("{name}: {crash:?}");
            live(acts, crash).await
        });
        let outcomes: Vec<bool> = lives.buffer_unordered(AT_ONCE).collect().await;
        let crashed = outcomes.into_iter().filter(|crashed| *crashed).count();
        assert!(crashed >= 2 * appends, "{name}: {crashed} crashes");
        assert!(crashed < 2 * APPENDS_MAX, "{name} has more appends than are tried");
    }
}

#[tokio::test]
async fn random_lives_with_random_crashes_lose_no_unit_and_end_every_transfer() {
    let lives = stream::iter(1..=SEEDS).map(|seed| async move {
        eprintln!("seed {seed}");
        let mut world = World::new(Random::seeded(seed)).await;
        world.live_at_random().await;
        let crashes = world.crashes;
        world.finish().await;
        crashes
    });
    let crashes: Vec<usize> = lives.buffer_unordered(AT_ONCE).collect().await;
    let all: usize = crashes.iter().sum();
    assert!(all > crashes.len(), "too little went wrong to prove anything: {all} crashes");
}
