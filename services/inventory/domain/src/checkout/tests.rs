//! The life of a checkout, given/when/then.

use kit_core::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::testing::{at, now, positive, reason, transaction};
use crate::{NextStep, ProductId, RecordStep, StepOutcome, StoreId, TimeToLive};

fn begin(confirmation: Confirmation) -> CheckoutCommand {
    CheckoutCommand::BeginCheckout(BeginCheckout {
        store: StoreId::from_uuid(Uuid::from_u128(1)),
        lines: vec![(ProductId::from_uuid(Uuid::from_u128(9)), positive(2))],
        ttl: TimeToLive::from_seconds(60).unwrap(),
        reason: None,
        order: None,
        customer: None,
        confirmation,
    })
}

/// A moment so many seconds after the begin.
fn second(seconds: i64) -> Timestamp {
    at(seconds * 1_000)
}

fn recorded(step: u32, outcome: StepOutcome) -> CheckoutCommand {
    CheckoutCommand::RecordStep(RecordStep { step, outcome })
}

fn done(step: u32) -> CheckoutCommand {
    recorded(step, StepOutcome::Done)
}

fn refused(step: u32) -> CheckoutCommand {
    recorded(step, StepOutcome::Refused("no".to_owned()))
}

fn commit(sale: &str) -> CheckoutCommand {
    let transaction = transaction(sale);
    CheckoutCommand::CommitCheckout(CommitCheckout { transaction, customer: None })
}

fn cancel() -> CheckoutCommand {
    CheckoutCommand::CancelCheckout(CancelCheckout { reason: Some(reason("changed my mind")) })
}

fn expire() -> CheckoutCommand {
    CheckoutCommand::ExpireCheckout(ExpireCheckout)
}

/// A checkout, and the names of what happened.
#[derive(Default)]
struct Life {
    checkout: Checkout,
    happened: Vec<&'static str>,
}

impl Life {
    fn given(commands: &[CheckoutCommand]) -> Self {
        let mut life = Self::default();
        for command in commands {
            life.when_at(command, now()).unwrap();
        }
        life
    }

    fn when(&mut self, command: &CheckoutCommand) -> Result<usize, CheckoutRefusal> {
        self.when_at(command, now())
    }

    /// How many events it caused.
    fn when_at(
        &mut self,
        command: &CheckoutCommand,
        moment: Timestamp,
    ) -> Result<usize, CheckoutRefusal> {
        let events = decide_checkout(&self.checkout, command, moment)?;
        for event in &events {
            self.happened.push(event.type_name());
            self.checkout = evolve_checkout(std::mem::take(&mut self.checkout), event);
        }
        Ok(events.len())
    }

    #[track_caller]
    fn then(&self, status: CheckoutStatus, participants: [ParticipantStatus; 3]) {
        assert_eq!(self.checkout.status(), status);
        assert_eq!(self.checkout.participants().map(|(_, status, _)| status), participants);
    }

    /// The name of the step that is to be done.
    #[track_caller]
    fn then_next(&self, name: &str) {
        let NextStep::Perform { step, .. } = self.checkout.next_step() else {
            panic!("nothing is to be done, but {name} was expected");
        };
        assert_eq!(step.name(), name);
    }
}

use CheckoutStatus as Status;
use ParticipantStatus::{
    Accepted, Committed, NotServed, NotWanted, Pending, Refused, Revoked, RolledBack, Skipped,
};

/// A checkout that all three have accepted.
fn active() -> Life {
    let life = Life::given(&[begin(Confirmation::Asked), done(1), done(2), done(3)]);
    life.then(Status::Active, [Accepted; 3]);
    life
}

#[test]
fn store_inventory_and_notification_are_asked_one_after_the_other() {
    let mut life = Life::given(&[begin(Confirmation::Asked)]);
    life.then(Status::Requested, [Pending; 3]);
    for (number, step) in [(1, "accept"), (2, "reserve"), (3, "prepare")] {
        life.then_next(step);
        assert_eq!(life.when(&done(number)), Ok(1));
        assert_eq!(life.when(&done(number)), Ok(0), "it is recorded once");
    }
    life.then(Status::Active, [Accepted; 3]);
    let until = Some(second(60));
    assert_eq!(life.checkout.next_step(), NextStep::Wait { until });
}

#[test]
fn a_commit_sells_the_units_and_then_lets_the_confirmation_go() {
    let mut life = active();
    assert_eq!(life.when(&commit("T-1")), Ok(1));
    life.then_next("sell");
    life.when(&done(4)).unwrap();
    life.then_next("confirm");
    life.when(&done(5)).unwrap();
    life.then(Status::Committed, [Accepted, Committed, Committed]);
    assert_eq!(life.checkout.next_step(), NextStep::Ended);
    assert_eq!(life.when(&commit("T-1")), Ok(0), "a repetition changes nothing");
    let other = life.when(&commit("T-2")).unwrap_err();
    assert_eq!(other, CheckoutRefusal::NotNow { status: Status::Committed, wanted: "committed" });
    assert_eq!(life.when(&cancel()).unwrap_err().code(), "checkout-state");
}

#[test]
fn a_store_that_refuses_ends_it_before_anything_is_held() {
    let life = Life::given(&[begin(Confirmation::Asked), refused(1)]);
    life.then(Status::Refused, [Refused, Skipped, Skipped]);
    assert_eq!(life.checkout.next_step(), NextStep::Ended);
    assert_eq!(life.checkout.refused_by(), Some((Participant::Store, "no")));
}

#[test]
fn units_that_are_not_to_be_had_end_it() {
    let life = Life::given(&[begin(Confirmation::Asked), done(1), refused(2)]);
    life.then(Status::Refused, [Accepted, Refused, Skipped]);
    assert_eq!(life.checkout.next_step(), NextStep::Ended);
    assert_eq!(life.checkout.refused_by(), Some((Participant::Inventory, "no")));
}

#[test]
fn a_confirmation_that_is_refused_releases_the_units() {
    let mut life = Life::given(&[begin(Confirmation::Asked), done(1), done(2), refused(3)]);
    life.then(Status::RollingBack, [Accepted, Accepted, Refused]);
    life.then_next("release");
    life.when(&done(4)).unwrap();
    life.then_next("drop");
    life.when(&done(5)).unwrap();
    life.then(Status::Refused, [Accepted, RolledBack, Refused]);
    assert_eq!(life.checkout.refused_by(), Some((Participant::Notification, "no")));
}

#[test]
fn without_a_notification_service_it_says_so_and_goes_on() {
    for (confirmation, standing) in
        [(Confirmation::NotServed, NotServed), (Confirmation::NotWanted, NotWanted)]
    {
        let mut life = Life::given(&[begin(confirmation), done(1), done(2)]);
        life.then(Status::Active, [Accepted, Accepted, standing]);
        life.when(&commit("T-1")).unwrap();
        life.when(&done(3)).unwrap();
        life.then(Status::Committed, [Accepted, Committed, standing]);
    }
}

#[test]
fn a_cancellation_rolls_back_in_all_of_them() {
    let mut life = active();
    life.when(&cancel()).unwrap();
    assert_eq!(life.when(&commit("T-1")).unwrap_err().code(), "checkout-state");
    life.then_next("release");
    life.when(&done(4)).unwrap();
    life.then_next("drop");
    life.when(&done(5)).unwrap();
    life.then(Status::Cancelled, [Accepted, RolledBack, RolledBack]);
    assert_eq!(life.when(&cancel()), Ok(0));
}

#[test]
fn a_deadline_rolls_back_in_all_of_them_and_no_commit_wins_after_it() {
    let mut life = active();
    assert_eq!(life.when_at(&expire(), second(59)), Ok(0), "too early");
    assert_eq!(life.when_at(&commit("T-1"), second(60)).unwrap_err().code(), "checkout-expired");
    life.when_at(&expire(), second(60)).unwrap();
    life.when(&done(4)).unwrap();
    life.when(&done(5)).unwrap();
    life.then(Status::Expired, [Accepted, RolledBack, RolledBack]);
    assert_eq!(life.when(&commit("T-1")).unwrap_err().code(), "checkout-expired");
}

#[test]
fn a_commit_that_was_ordered_in_time_is_not_undone_by_the_deadline() {
    let mut life = active();
    life.when_at(&commit("T-1"), second(59)).unwrap();
    assert_eq!(life.when_at(&expire(), second(100)), Ok(0));
    life.then_next("sell");
}

#[test]
fn units_that_are_gone_when_they_are_to_be_sold_roll_back_the_rest() {
    let mut life = active();
    life.when(&commit("T-1")).unwrap();
    life.when(&refused(4)).unwrap();
    life.then_next("release");
    life.when(&done(5)).unwrap();
    life.then_next("drop");
    life.when(&done(6)).unwrap();
    life.then(Status::Revoked, [Accepted, Revoked, RolledBack]);
}

#[test]
fn a_cancellation_waits_for_the_hold_that_is_under_way_and_no_longer() {
    let mut held = Life::given(&[begin(Confirmation::Asked), done(1), cancel()]);
    held.then_next("reserve");
    assert_eq!(held.when(&commit("T-1")).unwrap_err().code(), "checkout-busy");
    held.when(&done(2)).unwrap();
    held.then_next("release");
    held.when(&done(3)).unwrap();
    held.then(Status::Cancelled, [Accepted, RolledBack, Skipped]);

    // the store has only been asked
    let asked = Life::given(&[begin(Confirmation::Asked), cancel()]);
    asked.then(Status::Cancelled, [Skipped; 3]);

    // a notification service that is away does not keep units from others, and takes nothing later
    let mut asked = Life::given(&[begin(Confirmation::Asked), done(1), done(2), cancel()]);
    asked.then_next("release");
    asked.when(&done(4)).unwrap();
    asked.then_next("drop");
    assert_eq!(asked.when(&done(3)), Ok(0), "the step that it had is ended");
    asked.when(&done(5)).unwrap();
    asked.then(Status::Cancelled, [Accepted, RolledBack, Skipped]);
}

#[test]
fn a_hold_that_was_told_as_refused_and_is_held_is_released() {
    let mut life = Life::given(&[begin(Confirmation::Asked), done(1), refused(2)]);
    assert_eq!(life.when(&done(2)), Ok(1));
    life.then_next("release");
    life.when(&done(3)).unwrap();
    life.then(Status::Refused, [Accepted, Refused, Skipped]);
    assert_eq!(life.checkout.next_step(), NextStep::Ended);
}

#[test]
fn what_must_be_done_is_never_given_up() {
    let mut life = active();
    life.when(&commit("T-1")).unwrap();
    life.when(&done(4)).unwrap();
    assert_eq!(life.when(&refused(5)), Ok(1));
    assert_eq!(life.when(&refused(5)), Ok(0), "it is told once");
    life.then_next("confirm");
    assert_eq!(life.checkout.delayed().unwrap().detail, "no");
    life.when(&done(5)).unwrap();
    life.then(Status::Committed, [Accepted, Committed, Committed]);
    assert_eq!(life.checkout.delayed(), None);
}

/// What may come at any time.
fn anything() -> impl Strategy<Value = (CheckoutCommand, i64)> {
    let outcome = prop_oneof![
        4 => Just(StepOutcome::Done),
        2 => Just(StepOutcome::Refused("no".to_owned())),
        1 => Just(StepOutcome::Delayed { attempts: 10, detail: "away".to_owned() }),
    ];
    let command = prop_oneof![
        6 => (1..8_u32, outcome).prop_map(|(step, outcome)| recorded(step, outcome)),
        1 => Just(commit("T-1")),
        1 => Just(cancel()),
        1 => Just(expire()),
    ];
    (command, 0..90_i64)
}

proptest! {
    /// Whatever comes in whatever order: it ends once its steps are done, as all or nothing.
    #[test]
    fn it_always_ends_as_all_or_nothing(commands in prop::collection::vec(anything(), 0..30)) {
        let mut life = Life::given(&[begin(Confirmation::Asked)]);
        for (command, moment) in commands {
            drop(life.when_at(&command, second(moment)));
        }
        // then all that is to be done is done
        for _ in 0..20 {
            match life.checkout.next_step() {
                NextStep::Perform { number, .. } => { life.when_at(&done(number), second(90)).unwrap(); }
                NextStep::Wait { .. } => { life.when_at(&expire(), second(90)).unwrap(); }
                NextStep::Ended => break,
            }
        }
        prop_assert_eq!(life.checkout.next_step(), NextStep::Ended);
        let status = life.checkout.status();
        let [_, (_, stock, _), (_, confirmation, _)] = life.checkout.participants();
        if status == Status::Committed {
            prop_assert_eq!([stock, confirmation], [Committed; 2]);
        } else {
            prop_assert!([Status::Cancelled, Status::Expired, Status::Refused, Status::Revoked].contains(&status));
            let nothing = [RolledBack, Refused, Revoked, Skipped];
            prop_assert!(nothing.contains(&stock) && nothing.contains(&confirmation));
        }
        // nothing that is held or prepared is forgotten: of each that was taken, as many were ended
        let count = |name| life.happened.iter().filter(|happened| **happened == name).count();
        let held = count("CheckoutStockReservedEvent");
        let ended = count("CheckoutStockCommittedEvent") + count("CheckoutStockReleasedEvent");
        prop_assert!(held <= ended, "{:?}", life.happened);
        let prepared = count("CheckoutConfirmationPreparedEvent");
        let ended = count("CheckoutConfirmationCommittedEvent") + count("CheckoutConfirmationDroppedEvent");
        prop_assert!(prepared <= ended, "{:?}", life.happened);
    }
}
