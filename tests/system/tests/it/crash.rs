//! Kill -9 at random moments under load: nothing acknowledged is lost, nothing refused happened (E01).

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::answers::Answers;
use crate::client::Client;
use crate::folder::Folder;
use crate::load::{Buyer, Working};
use crate::random::Random;
use crate::server::Data;
use crate::settings::{number, part_of_the_machine};

/// Concurrent clients.
const BUYERS: usize = 8;

/// Acknowledged commands before a kill: at least one and less than this.
const ACKED_MAX: u64 = 400;

/// Kills between two looks at the whole log.
const VERIFY_EVERY: u32 = 8;

/// One kind of store over all of its crashes.
struct Victim {
    data: Data,
    answers: Arc<Answers>,
    buyers: Vec<Buyer>,
    last_start: Duration,
    slowest_start: Duration,
}

impl Victim {
    fn new(folder: &Folder, store: &'static str, random: &mut Random) -> Self {
        let answers = Arc::new(Answers::new(folder.path(), &format!("{store}-answers.jsonl")));
        let buyers = (0..BUYERS).map(|_| Buyer::new(random, &answers)).collect();
        let data = Data::new(folder.path(), store);
        let (last_start, slowest_start) = (Duration::ZERO, Duration::ZERO);
        Self { data, answers, buyers, last_start, slowest_start }
    }

    /// Serves under load, and kills the server in the middle of it.
    fn crash(&mut self, random: &mut Random) {
        if random.percent(20) {
            // recovery from a crash may meet the next one: at any moment of a start, which takes what the last one took
            let mut child = self.data.spawn();
            thread::sleep(self.last_start * u32::try_from(random.below(100)).unwrap() / 100);
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let began = Instant::now();
        let server = self.data.serve();
        self.last_start = began.elapsed();
        self.slowest_start = self.slowest_start.max(self.last_start);
        let working = Working::start(std::mem::take(&mut self.buyers), server.address());
        self.answers.wait_for_acked(1 + random.below(ACKED_MAX));
        server.kill();
        self.buyers = working.join();
    }

    /// Finds out what became of every command without an answer, ends in order, and looks at the whole log.
    fn finish(mut self) -> String {
        let server = self.data.serve();
        for buyer in &mut self.buyers {
            assert!(buyer.resolve(&mut Client::new(server.address())));
        }
        server.stop();
        let said = self.data.verify(Some(&self.answers.path));
        let counts = self.answers.counts();
        eprintln!(
            "{}: {counts:?}, slowest start {:?}\n{said}",
            self.data.store, self.slowest_start
        );
        // with fewer commands the test would prove nothing
        assert!(counts.acked > 100 && counts.refused > 10 && counts.unknown > 10, "{counts:?}");
        said
    }
}

/// Where the fault strikes: in the middle of the work, after a random number of acknowledged commands, and now and then
/// in the middle of the start after that.
///
/// What is right: every start succeeds, however the one before ended; what was acknowledged is there, what was refused
/// is not, and what had no answer has happened whole or not at all.
#[test]
fn what_was_acknowledged_survives_kill_9() {
    let _machine = part_of_the_machine();
    let mut random = Random::of_run("crash");
    let folder = Folder::new();
    let mut victims = ["sqlite", "jsonl"].map(|store| Victim::new(&folder, store, &mut random));
    for cycle in 1..=number("GONDOLA_TEST_CRASHES", 25) {
        for victim in &mut victims {
            victim.crash(&mut random);
            if cycle % VERIFY_EVERY == 0 {
                victim.data.verify(Some(&victim.answers.path));
            }
        }
    }
    for victim in victims {
        let said = victim.finish();
        assert!(said.contains("I6"), "the views were not compared: {said}");
    }
}
