//! One of several processes runs the context: the one that has its lease.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use gondola_contracts::ConfirmedLine;
use gondola_notification::use_cases::{ConfirmationRequest, PreparedConfirmation};
use gondola_notification::{CurrentConfirmations, LeaseDeps, LeasedContext, by_lease};
use http::Method;
use kit_core::{Clock as _, Epoch, SystemClock};
use kit_http::{HttpConfig, Readiness, standard_layers};
use kit_lease::memory::MemoryLeases;
use kit_lease::{Lease, LeaseError, LeaseTimes, Leases, Singletons};
use kit_testkit::http::{Answer, TestClient};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::app::{PATIENCE, World, config, deps, store};
use crate::receiver::Receiver;

const CONFIRMED: &str = "gondola.notification.order-confirmed.v1";

/// How long a lease is good for: a process that does not run for a third of it loses none.
const TIME_TO_LIVE: Duration = Duration::from_secs(3);

/// Leases whose keeper may be away.
#[derive(Default)]
struct Keeper {
    leases: MemoryLeases,
    is_away: AtomicBool,
}

impl Keeper {
    fn there(&self) -> Result<&MemoryLeases, LeaseError> {
        let is_away = self.is_away.load(Ordering::SeqCst);
        if is_away { Err(LeaseError("it is away".into())) } else { Ok(&self.leases) }
    }
}

#[async_trait]
impl Leases for Keeper {
    async fn acquire(
        &self,
        name: &str,
        holder: Uuid,
        time_to_live: Duration,
        above: Epoch,
    ) -> Result<Option<Lease>, LeaseError> {
        self.there()?.acquire(name, holder, time_to_live, above).await
    }

    async fn renew(&self, lease: &Lease, time_to_live: Duration) -> Result<bool, LeaseError> {
        self.there()?.renew(lease, time_to_live).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        self.there()?.release(lease).await
    }
}

/// A process on the log of a world.
struct Process {
    client: TestClient,
    confirmations: CurrentConfirmations,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Process {
    fn start(world: &World, keeper: &Arc<Keeper>, is_alone: bool) -> Self {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let times = LeaseTimes::new(TIME_TO_LIVE);
        let holder = Uuid::from_u128(u128::from(is_alone));
        let (log, levels, clock, of_start) =
            (Arc::clone(&world.log), world.levels.clone(), world.clock.clone(), tasks.clone());
        let LeasedContext { module, order_confirmations } = by_lease(
            config(world, "127.0.0.0/8"),
            LeaseDeps {
                deps: Box::new(move |stop| deps(&log, &levels, &clock, of_start.clone(), stop)),
                singletons: Singletons::by_lease(Arc::clone(keeper) as _, holder, times),
                is_alone,
                tasks: tasks.clone(),
                stop: stop.clone(),
            },
        );
        let (router, _) = module.routes.split_for_parts();
        let router = router.merge(Readiness::new(module.readiness).routes());
        let client = TestClient::new(standard_layers(router, HttpConfig::default()), "");
        Self { client, confirmations: order_confirmations, tasks, stop }
    }

    /// Asks once: a refusal is an answer.
    async fn ask(&self, path: &str) -> Answer {
        self.client.send(Method::GET, path, &[], None).await
    }

    /// Its health: the status of the answer, that of the context, and what it says.
    async fn health(&self) -> (u16, String, String) {
        let health = self.ask("/health/ready").await;
        let context = &health.body["components"]["notification"];
        let text = |field: &str| context[field].as_str().unwrap_or_default().to_owned();
        (health.status.as_u16(), text("status"), text("detail"))
    }

    async fn await_health(&self, status: &str) {
        let reached = async {
            while self.health().await.1 != status {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.expect(status);
    }

    async fn register(&self, url: &str) -> Value {
        let webhook = json!({"url": url, "eventTypes": [CONFIRMED]});
        self.client.post("/api/v1/webhooks", webhook).await.expect(201).body["webhookId"].clone()
    }

    async fn end(self) {
        let Self { client, confirmations, tasks, stop } = self;
        drop((client, confirmations));
        stop.cancel();
        tasks.close();
        tokio::time::timeout(PATIENCE, tasks.wait()).await.unwrap();
    }
}

fn prepare(number: u128) -> ConfirmationRequest {
    ConfirmationRequest::Prepare(PreparedConfirmation {
        checkout_id: Uuid::from_u128(number),
        store_id: store(7),
        order_id: None,
        lines: vec![ConfirmedLine { product_id: Uuid::from_u128(3), quantity: 2 }],
    })
}

fn commit(number: u128) -> ConfirmationRequest {
    let (checkout_id, transaction_id) = (Uuid::from_u128(number), format!("T-{number}"));
    ConfirmationRequest::Commit { checkout_id, transaction_id }
}

#[tokio::test]
async fn a_second_process_waits_and_says_so_until_the_first_has_ended() {
    let (keeper, receiver) = (Arc::default(), Receiver::start().await);
    let world = World::at(SystemClock.now());
    let first = Process::start(&world, &keeper, true);
    first.await_health("UP").await;
    first.register(&receiver.url).await;
    // it takes the same files over, as a volume that goes from one machine to the other
    let second = Process::start(&world, &keeper, false);
    // for longer than a lease is good for without being renewed
    for _ in 0..20 {
        let (ready, status, detail) = second.health().await;
        assert_eq!((ready, &*status), (200, "DEGRADED"), "it may serve other contexts");
        assert!(detail.contains("another process has"), "{detail}");
        let refused = second.ask("/api/v1/webhooks").await.problem(503, "unavailable");
        assert!(refused["detail"].as_str().unwrap().contains("is to be asked"), "{refused}");
        assert!(second.confirmations.get().is_err());
        tokio::time::sleep(TIME_TO_LIVE / 15).await;
    }
    assert_eq!(first.health().await.1, "UP");
    first.end().await;
    second.await_health("UP").await;
    let listed = second.client.get("/api/v1/webhooks").await.expect(200);
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
    second.end().await;
}

#[tokio::test]
async fn a_lost_lease_stops_everything_and_a_new_one_goes_on_with_what_is_kept() {
    let (keeper, receiver) = (Arc::<Keeper>::default(), Receiver::start().await);
    let world = World::at(SystemClock.now());
    let process = Process::start(&world, &keeper, true);
    process.await_health("UP").await;
    process.register(&receiver.url).await;
    process.confirmations.get().unwrap().perform(prepare(1)).await.unwrap();
    for round in 1..=2 {
        keeper.is_away.store(true, Ordering::SeqCst);
        process.await_health("DOWN").await;
        assert_eq!(process.health().await.0, 503, "it serves nothing else");
        process.ask("/api/v1/alerts").await.problem(503, "unavailable");
        assert!(process.confirmations.get().is_err());
        keeper.is_away.store(false, Ordering::SeqCst);
        process.await_health("UP").await;
        process.confirmations.get().unwrap().perform(commit(1)).await.unwrap();
        let message = receiver.nth(1).await.json();
        assert_eq!(message["data"]["transactionId"], "T-1", "in round {round}");
    }
    let listed = process.client.get("/api/v1/webhooks").await.expect(200);
    let id = listed.body["items"][0]["webhookId"].as_str().unwrap();
    let told = process.client.get(&format!("/api/v1/webhooks/{id}/deliveries")).await.expect(200);
    assert_eq!(told.body["items"].as_array().unwrap().len(), 1, "it is let go once");
    process.end().await;
}
