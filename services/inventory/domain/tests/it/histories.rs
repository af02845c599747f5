//! Random histories of physical facts, told in any order, against a naive fold of what was accepted.
//!
//! `GONDOLA_TEST_HISTORIES` sets how many there are, [`HISTORIES`] when it is not set.

use gondola_inventory_domain::{
    AddStock, AdjustStock, Command, CommitReservation, CountStock, Event, Inventory, LookBack,
    LookBacks, OnShortage, PositiveQuantity, Reason, Refusal, ReservationId, ReserveStock,
    StockDelta, StockQuantity, TimeToLive, Told, TransactionRef, decide, decide_with, evolve,
};
use kit_core::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;
use uuid::Uuid;

/// Histories that are tried when nothing else is said.
const HISTORIES: u32 = 2_000;

/// A fact, and how it is told.
#[derive(Clone, Copy, Debug)]
struct Fact {
    /// Seconds since the one before was told; none for the same moment.
    pause: i64,
    /// Seconds between the fact and the telling; few, so that many facts share a moment.
    late: i64,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Receive(i64),
    /// Units held for long, which later facts may uncover.
    Hold(i64),
    Sell(i64),
    Adjust {
        delta: i64,
        already_left: bool,
        revoke: bool,
    },
    Count {
        units: i64,
        revoke: bool,
    },
    /// The fact before once more.
    Again,
}

fn what() -> impl Strategy<Value = What> {
    let delta = prop_oneof![-8..=-1_i64, 1..=4_i64];
    prop_oneof![
        4 => (1..=9_i64).prop_map(What::Receive),
        1 => (1..=3_i64).prop_map(What::Hold),
        4 => (1..=4_i64).prop_map(What::Sell),
        4 => (delta, any::<bool>(), any::<bool>())
            .prop_map(|(delta, already_left, revoke)| What::Adjust { delta, already_left, revoke }),
        2 => (0..=12_i64, any::<bool>()).prop_map(|(units, revoke)| What::Count { units, revoke }),
        1 => Just(What::Again),
    ]
}

fn fact() -> impl Strategy<Value = Fact> {
    let late = prop_oneof![2 => Just(0), 3 => 0..=3_i64, 2 => 0..=30_i64];
    (0..=2_i64, late, what()).prop_map(|(pause, late, what)| Fact { pause, late, what })
}

fn config() -> Config {
    let cases = std::env::var_os("GONDOLA_TEST_HISTORIES");
    let cases = cases.map_or(HISTORIES, |text| {
        text.to_str().and_then(|text| text.parse().ok()).expect("a number of histories")
    });
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// What was accepted, in the order of telling, and its fold by a sort and a loop.
#[derive(Clone, Default)]
struct Naive(Vec<(i64, Effect)>);

#[derive(Clone, Copy)]
enum Effect {
    By(i64),
    To(i64),
}

impl Naive {
    /// On hand and shortfall.
    fn fold(&self) -> (i64, i64) {
        let mut facts = self.0.clone();
        facts.sort_by_key(|(at, _)| *at);
        let (mut on_hand, mut shortfall) = (0, 0);
        for (_, effect) in facts {
            match effect {
                Effect::To(counted) => (on_hand, shortfall) = (counted, 0),
                Effect::By(units) => on_hand += units,
            }
            if on_hand < 0 {
                shortfall -= on_hand;
                on_hand = 0;
            }
        }
        (on_hand, shortfall)
    }

    fn with(&self, at: i64, effect: Effect) -> Self {
        let mut more = self.clone();
        more.0.push((at, effect));
        more
    }
}

/// A stock level and its log, from which it looks back as a use case does.
struct Level {
    state: Inventory,
    log: Vec<Event>,
}

impl Level {
    fn remembering(recent_max: usize) -> Self {
        Self { state: Inventory::remembering(recent_max), log: Vec::new() }
    }

    fn tell(&mut self, command: &Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        let mut decided = decide(&self.state, command, now);
        // what was recorded while it looked back is joined, or asks for another look
        for unseen in [5, 1, 0] {
            let Err(Refusal::HistoryNeeded { before }) = decided else { break };
            let past = self.look_back(before, unseen);
            decided = decide_with(&self.state, command, past.as_ref(), now);
        }
        let events = decided?;
        for event in &events {
            self.state = evolve(std::mem::take(&mut self.state), event);
            assert!(self.state.reserved() <= self.state.on_hand(), "{event:?}");
        }
        self.log.extend(events.iter().cloned());
        Ok(events)
    }

    /// Looks back over all but the last events.
    fn look_back(&self, at: Timestamp, unseen: usize) -> Option<LookBack> {
        let seen = &self.log[..self.log.len().saturating_sub(unseen)];
        let posted = seen.iter().filter_map(Event::physical);
        let mut posted: Vec<_> =
            posted.filter(|(_, posting)| posting.included_in_count_of.is_none()).collect();
        posted.sort_by_key(|(_, posting)| posting.occurred_at);
        let mut past = LookBacks::new([at]);
        for (told, posting) in posted {
            past.see(posting.occurred_at, told);
        }
        past.to(at)
    }

    fn numbers(&self) -> (i64, i64) {
        (self.state.on_hand().get().into(), self.state.shortfall().get().into())
    }
}

fn positive(units: i64) -> PositiveQuantity {
    PositiveQuantity::new(units).unwrap()
}

fn shortage(revoke: bool) -> OnShortage {
    if revoke { OnShortage::RevokeNewest } else { OnShortage::Refuse }
}

fn hold(id: usize, units: i64, sold_at: Option<Timestamp>) -> Command {
    Command::ReserveStock(ReserveStock {
        reservation_id: reservation(id),
        quantity: positive(units),
        ttl: TimeToLive::from_seconds(86_400).unwrap(),
        reason: None,
        order: None,
        customer: None,
        sold_at,
    })
}

fn reservation(id: usize) -> ReservationId {
    ReservationId::from_uuid(Uuid::from_u128(u128::try_from(id).unwrap()))
}

/// The command that tells a fact, and its effect; `None` for one that moves no goods.
fn command(id: usize, what: What, at: Timestamp) -> (Command, Option<Effect>) {
    let (reason, reference, occurred_at) = (None, None, Some(at));
    match what {
        What::Receive(units) => {
            let quantity = positive(units);
            let add = AddStock { quantity, reason, reference, occurred_at };
            (Command::AddStock(add), Some(Effect::By(units)))
        }
        What::Hold(units) => (hold(id, units, None), None),
        What::Sell(units) => {
            let commit = CommitReservation {
                reservation_id: reservation(id),
                quantity: None,
                keep_remainder: false,
                transaction: TransactionRef::new("sale").unwrap(),
                customer: None,
                occurred_at,
            };
            (Command::CommitReservation(commit), Some(Effect::By(-units)))
        }
        What::Adjust { delta, already_left, revoke } => {
            let adjust = AdjustStock {
                delta: StockDelta::new(delta).unwrap(),
                reason: Reason::new("found").unwrap(),
                reference,
                occurred_at,
                on_shortage: shortage(revoke),
                already_left,
            };
            (Command::AdjustStock(adjust), Some(Effect::By(delta)))
        }
        What::Count { units, revoke } => {
            let counted = StockQuantity::new(units).unwrap();
            let on_shortage = shortage(revoke);
            let count = CountStock { counted, reason, reference, occurred_at, on_shortage };
            (Command::CountStock(count), Some(Effect::To(units)))
        }
        What::Again => unreachable!("replaced by the fact before"),
    }
}

/// Whether a command must be refused, given the numbers with it and without it.
fn refused(
    command: &Command,
    before: (i64, i64),
    after: (i64, i64),
    reserved: i64,
    now: Timestamp,
) -> Option<&'static str> {
    let (more_missing, uncovered) = (after.1 > before.1, after.0 < reserved);
    match command {
        Command::AdjustStock(adjust) if adjust.already_left => None,
        Command::AdjustStock(adjust) if more_missing => Some(if adjust.occurred_at < Some(now) {
            "not-on-hand-then"
        } else {
            "quantity-out-of-range"
        }),
        Command::AdjustStock(AdjustStock { on_shortage: OnShortage::Refuse, .. })
        | Command::CountStock(CountStock { on_shortage: OnShortage::Refuse, .. })
            if uncovered =>
        {
            Some("below-reserved")
        }
        _ => None,
    }
}

/// What an event is in the naive fold.
fn told_effect(event: &Event) -> Option<(i64, Effect, i64, i64)> {
    let (told, posting) = event.physical()?;
    let effect = match (told, event) {
        (Told::Changed(units), _) => Effect::By(units.get()),
        (_, Event::StockAdjusted { counted: Some(counted), .. }) => {
            Effect::To(counted.get().into())
        }
        _ => panic!("{event:?} says nothing"),
    };
    let moved = (posting.on_hand.get(), posting.shortfall.get());
    Some((posting.occurred_at.as_millis(), effect, moved.0, moved.1))
}

/// Lives a history; after every fact both levels stand where the naive fold of what was accepted does.
fn live(history: &[Fact]) {
    let (mut small, mut large) = (Level::remembering(2), Level::remembering(64));
    let mut naive = Naive::default();
    let (mut second, mut before) = (100, What::Receive(5));
    for (id, fact) in history.iter().enumerate() {
        second += fact.pause;
        let what = if matches!(fact.what, What::Again) { before } else { fact.what };
        before = what;
        let now = Timestamp::from_millis(second * 1_000);
        let at = Timestamp::from_millis((second - fact.late) * 1_000);
        if let What::Sell(units) = what {
            let hold = hold(id, units, Some(at));
            let answers = [&mut small, &mut large].map(|level| level.tell(&hold, now));
            assert_eq!(answers[0], answers[1]);
            let missing = naive.with(at.as_millis(), Effect::By(-units)).fold().1 > naive.fold().1;
            match &answers[0] {
                Ok(_) => assert!(!missing, "sold when it was not on hand"),
                Err(Refusal::InsufficientStock { .. }) => continue,
                Err(refusal) => {
                    assert_eq!((refusal.code(), missing), ("not-on-hand-then", true));
                    continue;
                }
            }
        }
        let (command, effect) = command(id, what, at);
        let numbers = naive.fold();
        let next = effect.map_or(naive.clone(), |effect| naive.with(at.as_millis(), effect));
        let reserved = large.state.reserved_at(now).get().into();
        let expected = refused(&command, numbers, next.fold(), reserved, now);
        let (answer, same) = (large.tell(&command, now), small.tell(&command, now));
        assert_eq!(answer, same, "what is remembered changes no decision: {command:?}");
        match &answer {
            Err(refusal) if matches!(what, What::Hold(_)) => {
                assert_eq!(refusal.code(), "insufficient-stock");
            }
            Err(refusal) => assert_eq!(Some(refusal.code()), expected, "{command:?}"),
            Ok(events) => {
                assert_eq!(expected, None, "{command:?} was to be refused");
                for (at, effect, on_hand, shortfall) in events.iter().filter_map(told_effect) {
                    let numbers = naive.fold();
                    naive = naive.with(at, effect);
                    let moved = naive.fold();
                    assert_eq!((moved.0 - numbers.0, moved.1 - numbers.1), (on_hand, shortfall));
                }
            }
        }
        assert_eq!([small.numbers(), large.numbers()], [naive.fold(); 2], "{command:?}");
    }
    let restored = Inventory::restore(large.state.parts()).unwrap();
    assert_eq!(restored, large.state);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn on_hand_follows_the_order_in_which_facts_happened(history in vec(fact(), 1..40)) {
        live(&history);
    }

    /// Facts that nothing refuses come out the same in whatever order they are told.
    #[test]
    fn the_order_of_telling_does_not_matter(
        facts in vec((0..1_000_i64, receipt_loss_or_count()), 1..30),
        keys in vec(any::<u32>(), 30),
    ) {
        // each at a moment of its own: those of one moment count in the order in which they are told
        let mut facts = facts;
        facts.sort_by_key(|(at, _)| *at);
        facts.dedup_by_key(|(at, _)| *at);
        let told = |facts: &[(i64, What)]| {
            let mut level = Level::remembering(3);
            for (id, (at, what)) in facts.iter().enumerate() {
                let (command, _) = command(id, *what, Timestamp::from_millis(*at));
                level.tell(&command, Timestamp::from_millis(2_000)).unwrap();
            }
            level.numbers()
        };
        let in_order = told(&facts);
        let mut shuffled: Vec<_> = facts.iter().copied().zip(keys).collect();
        shuffled.sort_by_key(|(_, key)| *key);
        // each of them twice in a row is another history, but a count that is told again is not
        let mut again = Vec::new();
        for (fact, _) in shuffled {
            again.push(fact);
            if matches!(fact.1, What::Count { .. }) {
                again.push(fact);
            }
        }
        prop_assert_eq!(told(&again), in_order);
    }
}

fn receipt_loss_or_count() -> impl Strategy<Value = What> {
    let lost =
        (-8..=-1_i64).prop_map(|delta| What::Adjust { delta, already_left: true, revoke: true });
    prop_oneof![
        3 => (1..=9_i64).prop_map(What::Receive),
        3 => lost,
        1 => (0..=12_i64).prop_map(|units| What::Count { units, revoke: true }),
    ]
}
