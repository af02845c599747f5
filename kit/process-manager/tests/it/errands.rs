//! A kind of process in miniature: three steps to do, one after the other, each undone when a later one is refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Actor, EncodedEvent, RandomIds, RecordedEvent, StreamId, Timestamp};
use kit_event_store::memory::MemoryStore;
use kit_event_store::{Claim, ClaimKey, EventStore, EventStoreError, FoundClaim};
use kit_executor::{Codec, Decider, Decision, Deps, Executor, ExecutorConfig, Versioned};
use kit_process_manager::{Outcome, Participants, Performed, Process, Processes, Reaction};
use kit_testkit::caller::caller;
use kit_testkit::clock::SimClock;
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// The only process of a test.
pub(crate) const ERRAND: Uuid = Uuid::from_u128(1);

/// Steps of an errand.
pub(crate) const STEPS: u32 = 3;

/// An errand: it waits until a moment, then does its steps; when one is refused, the steps before it are undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Errand {
    begins_at: Option<i64>,
    pub(crate) done: u32,
    pub(crate) undone: u32,
    ordered: u32,
    pub(crate) is_begun: bool,
    pub(crate) is_refused: bool,
    pub(crate) delayed: Option<u32>,
}

/// What a participant is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Task {
    Do(u32),
    Undo(u32),
}

pub(crate) enum Command {
    Plan(i64),
    Begin,
    Record(u32, Outcome),
}

/// The rules of errands.
pub(crate) struct Errands;

impl Errand {
    fn task(&self) -> Option<Task> {
        let left = self.done - self.undone;
        match (self.is_refused, left) {
            _ if !self.is_begun => None,
            (false, _) if self.done < STEPS => Some(Task::Do(self.done)),
            (true, 1..) => Some(Task::Undo(left - 1)),
            _ => None,
        }
    }
}

impl Decider for Errands {
    type Command = Command;
    type Event = String;
    type State = Errand;
    type Answer = ();
    type Refusal = ();

    fn route(&self, _: &Command) -> u64 {
        0
    }

    fn streams(&self, _: &Command) -> Vec<StreamId> {
        vec![self.stream(ERRAND)]
    }

    fn unique_keys(&self, _: &Command) -> Vec<ClaimKey> {
        Vec::new()
    }

    fn decide(
        &self,
        command: &Command,
        streams: &[Versioned<'_, Errand>],
        now: Timestamp,
    ) -> Result<Decision<String>, ()> {
        let errand = streams[0].state;
        let waits = !errand.is_begun && errand.begins_at.is_some_and(|at| at <= now.as_millis());
        let event = match command {
            Command::Plan(at) => Some(format!("planned {at}")),
            Command::Begin => waits.then(|| "begun".to_owned()),
            Command::Record(step, _) if *step != errand.ordered => None,
            Command::Record(_, outcome) => match (errand.task(), outcome) {
                (None, _) | (Some(Task::Undo(_)), Outcome::Refused(_)) => None,
                (Some(Task::Do(_)), Outcome::Done) => Some("done".to_owned()),
                (Some(Task::Do(_)), Outcome::Refused(_)) => Some("refused".to_owned()),
                (Some(Task::Undo(_)), Outcome::Done) => Some("undone".to_owned()),
                (_, Outcome::Delayed { attempts, .. }) => Some(format!("delayed {attempts}")),
            },
        };
        let events = event.into_iter().map(|event| (0, event)).collect();
        Ok(Decision { events, claims: Vec::new(), renewals: Vec::new() })
    }

    fn evolve(&self, mut errand: Errand, event: &String) -> Errand {
        let (what, number) = event.split_once(' ').unwrap_or((event, "0"));
        match what {
            "planned" => errand.begins_at = number.parse().ok(),
            "begun" => errand.is_begun = true,
            "done" => errand.done += 1,
            "undone" => errand.undone += 1,
            "refused" => errand.is_refused = true,
            _ => errand.delayed = number.parse().ok(),
        }
        if what != "delayed" {
            errand.ordered += 1;
        }
        errand
    }

    fn answer(
        &self,
        _: &Command,
        _: &[(usize, String)],
        _: &[Versioned<'_, Errand>],
        _: Timestamp,
    ) {
    }

    fn claim_taken(&self, _: &Command, _: &Claim, _: &FoundClaim) {
        unreachable!("an errand takes no claims")
    }
}

impl Codec for Errands {
    fn encode(&self, _: &Command, event: &String, event_id: Uuid, now: Timestamp) -> EncodedEvent {
        EncodedEvent {
            event_id,
            event_type: "Errand".into(),
            schema_version: 1,
            occurred_at: now,
            data: event.as_str().into(),
            personal: None,
        }
    }

    fn decode(&self, event: &RecordedEvent) -> Result<String, EventStoreError> {
        Ok(event.event.data.to_string())
    }

    fn encode_answer(&self, (): &()) -> Box<str> {
        "".into()
    }

    fn decode_answer(&self, _: &str) -> Option<()> {
        Some(())
    }
}

impl Process for Errands {
    type Step = Task;

    fn stream(&self, process: Uuid) -> StreamId {
        StreamId::new(format!("errand-{process}")).unwrap()
    }

    fn route_of(&self, _: Uuid) -> u64 {
        0
    }

    fn react(&self, errand: &Errand) -> Reaction<Task> {
        match (errand.task(), errand.begins_at) {
            (Some(step), _) => Reaction::Perform { number: errand.ordered, step },
            (None, Some(at)) if !errand.is_begun => {
                Reaction::Wait { until: Some(Timestamp::from_millis(at)) }
            }
            (None, _) => Reaction::Ended,
        }
    }

    fn record(&self, _: Uuid, step: u32, outcome: Outcome) -> Command {
        Command::Record(step, outcome)
    }

    fn expire(&self, _: Uuid) -> Command {
        Command::Begin
    }
}

/// What a participant does with its next calls of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It fails before anything is done.
    Before,
    /// It is done, and the answer is lost.
    After,
    /// It is refused.
    Refuse,
}

/// A participant that remembers what it has done by command id, for ever.
#[derive(Default)]
pub(crate) struct Town {
    /// Tasks in the order in which they were done.
    pub(crate) done: Mutex<Vec<Task>>,
    seen: Mutex<BTreeMap<Uuid, Task>>,
    pub(crate) calls: Mutex<Vec<Task>>,
    pub(crate) faults: Mutex<BTreeMap<Task, Vec<Fault>>>,
    /// A caller whose task is done waits here for a permit before it answers.
    pub(crate) gate: Mutex<Option<Arc<Semaphore>>>,
}

impl Town {
    fn fault(&self, task: Task) -> Option<Fault> {
        self.faults.lock().get_mut(&task).and_then(Vec::pop)
    }
}

#[async_trait]
impl Participants<Task> for Town {
    async fn perform(&self, _: Uuid, command: Uuid, task: &Task) -> Result<Performed, String> {
        self.calls.lock().push(*task);
        let fault = self.fault(*task);
        match fault {
            Some(Fault::Before) => return Err("away".to_owned()),
            Some(Fault::Refuse) => return Ok(Performed::Refused("no".to_owned())),
            Some(Fault::After) | None => {}
        }
        if self.seen.lock().insert(command, *task).is_none() {
            self.done.lock().push(*task);
        }
        let gate = self.gate.lock().take();
        if let Some(gate) = gate {
            gate.acquire().await.unwrap().forget();
        }
        if fault.is_some() { Err("the answer was lost".to_owned()) } else { Ok(Performed::Done) }
    }
}

/// The processes as one server process has them; several may share a log.
pub(crate) fn processes(
    log: &Arc<MemoryStore>,
    town: &Arc<Town>,
    clock: &SimClock,
) -> Arc<Processes<Errands>> {
    let deps = Deps {
        decider: Arc::new(Errands),
        event_store: Arc::clone(log) as Arc<dyn EventStore>,
        clock: Arc::new(clock.clone()),
        ids: Arc::new(RandomIds),
    };
    let config = ExecutorConfig { shards: 1, snapshot_every: 1, ..ExecutorConfig::default() };
    Arc::new(Processes {
        process: Arc::new(Errands),
        executor: Executor::start(&deps, config, &TaskTracker::new()),
        participants: Arc::clone(town) as _,
        clock: deps.clock,
        ids: deps.ids,
        actor: Actor::system("test:errands"),
    })
}

/// Plans the errand of a test for a moment, in seconds after noon.
pub(crate) async fn plan(processes: &Processes<Errands>, seconds: i64) {
    let at = processes.clock.now().as_millis() + seconds * 1_000;
    processes.executor.perform(Command::Plan(at), caller(None)).await.unwrap();
}

/// The errand as it stands.
pub(crate) async fn errand(processes: &Processes<Errands>) -> Errand {
    let stream = Errands.stream(ERRAND);
    let found = processes.executor.inspect(0, stream, |found| found.state.clone()).await;
    found.unwrap()
}
