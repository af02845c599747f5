//! What rules get to look at, and that nothing is lost when they cannot.

use std::mem;
use std::sync::Mutex;

use async_trait::async_trait;
use gondola_notification_domain::alerts::{Alert, Severity, Subject};
use gondola_notification_domain::{AlertId, AlertRuleId};
use kit_core::{SystemClock, Timestamp, Version};
use kit_service::Slice;
use uuid::Uuid;

use super::*;
use crate::use_cases::alerts::{AlertEntry, RuleEntry, StoreHolds};

fn store(number: u128) -> StoreId {
    StoreId::from_uuid(Uuid::from_u128(number))
}

/// What is measured next, what rules have looked at, and whether they can.
#[derive(Default)]
struct World {
    next: Mutex<MeasuredNow>,
    seen: Mutex<Vec<Observation>>,
    is_broken: Mutex<bool>,
}

impl World {
    fn seen(&self) -> Vec<Observation> {
        mem::take(&mut *self.seen.lock().unwrap())
    }

    fn drift(&self, rows: u64) {
        self.next.lock().unwrap().drifts.push(DriftSeen { view: "stock".into(), rows });
    }
}

impl Measurements for World {
    fn take(&self) -> MeasuredNow {
        mem::take(&mut *self.next.lock().unwrap())
    }
}

#[async_trait]
impl Observations for World {
    async fn observe(&self, seen: Observation, _: Timestamp) -> Result<(), AlertError> {
        if *self.is_broken.lock().unwrap() {
            return Err(AlertError::Failed("the disk is full".to_owned()));
        }
        self.seen.lock().unwrap().push(seen);
        Ok(())
    }
}

/// One open alert of each of two stores, on a page each.
struct OpenAlerts;

#[async_trait]
impl AlertReadModel for OpenAlerts {
    async fn alerts(&self, query: AlertQuery) -> Result<Slice<AlertEntry, AlertId>, ReadError> {
        assert_eq!(query.kind, Some(RuleKind::RefusalRate));
        if query.state != Some(AlertState::Open) {
            return Ok(Slice { items: Vec::new(), next: None });
        }
        let number = if query.before.is_none() { 7 } else { 8 };
        let id = AlertId::from_uuid(Uuid::from_u128(number));
        let alert = Alert {
            id,
            rule: AlertRuleId::from_uuid(Uuid::nil()),
            kind: RuleKind::RefusalRate,
            severity: Severity::Warning,
            subject: Subject::Store(store(number)),
            quantity: 50,
            threshold: 20,
            detail: String::new(),
            opened_at: Timestamp::from_millis(0),
            state: AlertState::Open,
            resolution: None,
            note: None,
        };
        let entry =
            AlertEntry { alert, version: Version::new(1), acknowledged: None, resolved: None };
        Ok(Slice { items: vec![entry], next: (number == 7).then_some(id) })
    }

    async fn alert(&self, _: AlertId, _: &Scope) -> Result<Option<AlertEntry>, ReadError> {
        Ok(None)
    }

    async fn rules(&self) -> Result<Vec<RuleEntry>, ReadError> {
        Ok(Vec::new())
    }

    async fn rule(&self, _: AlertRuleId) -> Result<Option<RuleEntry>, ReadError> {
        Ok(None)
    }
}

async fn begin(world: &Arc<World>) -> Measuring {
    let deps = MeasuringDeps {
        measurements: Arc::clone(world) as _,
        observations: Arc::clone(world) as _,
        alerts: Arc::new(OpenAlerts),
        clock: Arc::new(SystemClock),
    };
    Measuring::new(deps).await.unwrap()
}

#[tokio::test]
async fn what_rules_could_not_look_at_is_shown_to_them_again_in_its_order() {
    let world = Arc::new(World::default());
    let mut measuring = begin(&world).await;
    *world.is_broken.lock().unwrap() = true;
    world.drift(3);
    world.next.lock().unwrap().holds = vec![StoreHolds { store: store(1), asked: 40, refused: 10 }];
    measuring.ask().await.unwrap_err();
    world.drift(0);
    measuring.ask().await.unwrap_err();
    *world.is_broken.lock().unwrap() = false;
    measuring.ask().await.unwrap();
    let drift = |rows| Observation::Drift { view: "stock".into(), rows };
    let share = Observation::Refusals { store: store(1), percent: 25 };
    assert_eq!(world.seen(), [drift(3), drift(0), share]);
}

#[tokio::test]
async fn an_alert_of_before_the_start_ends_although_nobody_asks_its_store_any_more() {
    let world = Arc::new(World::default());
    let mut measuring = begin(&world).await;
    let mut ended = Vec::new();
    for _ in 0..100 {
        measuring.ask().await.unwrap();
        for seen in world.seen() {
            let Observation::Refusals { store, percent: 0 } = seen else { panic!("{seen:?}") };
            ended.push(store);
        }
    }
    ended.sort_unstable_by_key(StoreId::as_uuid);
    assert_eq!(ended, [store(7), store(8)], "of both pages, each once");
}
