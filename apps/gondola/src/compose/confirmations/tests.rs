//! What checkouts may expect of the notification service, whichever way they ask: in the same process, and by HTTP.

use std::time::{Duration, Instant};

use gondola_inventory_domain::{OrderRef, PositiveQuantity, ProductId, StoreId};
use gondola_notification::{ChannelsConfig, Config, Deps, NotificationContext};
use kit_core::{RandomIds, SystemClock};
use kit_event_store::EventStore;
use kit_event_store::memory::MemoryStore;
use kit_http::{HttpConfig, ServerConfig, serve, standard_layers};
use kit_http_client::ApiClient;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::*;
use crate::compose::event_store::new_id;
use crate::compose::names::Names;
use crate::compose::{alerts, channels, webhooks};

/// Long enough for a busy machine.
const TIME: Duration = Duration::from_secs(20);

/// A notification context, and both ways to ask it.
struct Asked {
    url: String,
    ways: [(&'static str, Arc<dyn OrderConfirmations>); 2],
    stop: CancellationToken,
    tasks: TaskTracker,
    _folder: TempDir,
}

impl Asked {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let log: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let config = Config {
            folder: folder.path().join("notification"),
            allowed: ["127.0.0.1".parse().unwrap()].into_iter().collect(),
            channels: ChannelsConfig::default(),
        };
        let deps = Deps {
            alerts: alerts::looked_at(Arc::clone(&log)),
            measurements: None,
            sources: webhooks::sources(Arc::clone(&log), log),
            names: Arc::new(channels::NamesOfCatalogue(Names::here().catalogue().unwrap())),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        let NotificationContext { module, order_confirmations, .. } =
            gondola_notification::module(config, deps).await.unwrap();
        let here = Confirmations::here();
        here.started(Box::new(move || Ok(order_confirmations.clone())));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = module.routes.split_for_parts().0;
        let app = standard_layers(routes, HttpConfig::default());
        tasks.spawn(serve(listener, app, ServerConfig::default(), stop.clone()));
        let inventory = Roles { notification: false, ..Roles::ALL };
        let elsewhere = Confirmations::of(inventory, &[url.parse().unwrap()], None);
        let ways = [("local", here.port().unwrap()), ("http", elsewhere.port().unwrap())];
        Self { url, ways, stop, tasks, _folder: folder }
    }

    /// Has confirmed orders of one store told to somebody.
    async fn register_webhook(&self, store: StoreId) {
        let client = ApiClient::new(self.url.parse().unwrap(), None).unwrap();
        let webhook = json!({
            "url": "http://127.0.0.1:9/", "storeIds": [store.as_uuid()],
            "eventTypes": ["gondola.notification.order-confirmed.v1"],
        });
        let made = client.post("/api/v1/webhooks", &webhook).await.unwrap();
        assert_eq!(made.status, 201, "{}", made.body);
    }

    async fn end(self) {
        let Self { ways, stop, tasks, .. } = self;
        drop(ways);
        stop.cancel();
        tasks.close();
        tokio::time::timeout(TIME, tasks.wait()).await.unwrap();
    }
}

fn checkout() -> CheckoutId {
    CheckoutId::from_uuid(new_id())
}

fn of(checkout: CheckoutId, store: StoreId) -> PreparedConfirmation {
    let quantity = PositiveQuantity::new(2).unwrap();
    let lines = vec![(ProductId::from_uuid(Uuid::from_u128(3)), quantity)];
    PreparedConfirmation { checkout, store, order: Some(OrderRef::new("ORDER-1").unwrap()), lines }
}

#[tokio::test]
async fn both_ways_do_each_step_once_and_answer_as_the_first_time() {
    let asked = Asked::start().await;
    let (store, other) =
        (StoreId::from_uuid(Uuid::from_u128(7)), StoreId::from_uuid(Uuid::from_u128(8)));
    asked.register_webhook(store).await;
    let sale = || TransactionRef::new("T-1").unwrap();
    for (way, port) in &asked.ways {
        let [sold, dropped, refused] = [(); 3].map(|()| checkout());
        for _ in 0..2 {
            let taken = port.prepare(of(sold, store)).await;
            assert_eq!(taken, Ok(ConfirmationAnswer::Taken), "{way}");
        }
        for _ in 0..2 {
            assert_eq!(port.commit(sold, sale()).await, Ok(()), "{way}");
        }
        // a rollback that overtakes it, and one that comes twice
        for _ in 0..2 {
            assert_eq!(port.drop_prepared(dropped).await, Ok(()), "{way}");
        }
        let late = port.prepare(of(dropped, store)).await.unwrap();
        assert!(matches!(late, ConfirmationAnswer::Refused(_)), "{way}: {late:?}");
        // what nobody wants to be told of
        let nobody = port.prepare(of(refused, other)).await.unwrap();
        assert_eq!(port.prepare(of(refused, other)).await, Ok(nobody.clone()), "{way}");
        assert!(matches!(nobody, ConfirmationAnswer::Refused(_)), "{way}: {nobody:?}");
        // what must be done and cannot be is an error, with the reason
        for id in [dropped, refused, checkout()] {
            let why = port.commit(id, sale()).await.unwrap_err();
            assert!(why.contains("can be let go only while it is prepared"), "{way}: {why}");
        }
    }
    asked.end().await;
}

/// Each answer of refusal is an answer: the service is not left alone for them, and is when it is away.
#[tokio::test]
async fn a_service_that_is_away_is_an_error_soon_and_refusals_are_none() {
    let asked = Asked::start().await;
    let store = StoreId::from_uuid(Uuid::from_u128(7));
    let [_, (_, port)] = asked.ways.clone();
    for _ in 0..20 {
        let refused = port.prepare(of(checkout(), store)).await.unwrap();
        assert!(matches!(refused, ConfirmationAnswer::Refused(_)), "{refused:?}");
    }
    asked.end().await;
    for _ in 0..20 {
        let began = Instant::now();
        port.prepare(of(checkout(), store)).await.unwrap_err();
        assert!(began.elapsed() < TIME, "{:?}", began.elapsed());
    }
    let why = port.prepare(of(checkout(), store)).await.unwrap_err();
    assert!(why.contains("not asked for a moment"), "{why}");
}

#[tokio::test]
async fn a_service_that_has_not_started_yet_has_no_answer() {
    let here = Confirmations::here().port().unwrap();
    here.drop_prepared(checkout()).await.unwrap_err();
}

#[test]
fn who_is_asked_follows_from_the_roles_and_the_addresses() {
    let roles = |inventory, notification| Roles { inventory, notification, ..Roles::ALL };
    let url = || "http://a:1".parse().unwrap();
    let asked = |roles, urls: &[ServiceUrl]| Confirmations::of(roles, urls, None);
    assert!(matches!(asked(roles(true, true), &[url()]), Confirmations::Here(_)));
    assert!(matches!(asked(roles(true, false), &[url()]), Confirmations::Elsewhere(_)));
    assert!(matches!(asked(roles(true, false), &[]), Confirmations::Nobody));
    assert!(matches!(asked(roles(false, true), &[url()]), Confirmations::Nobody));
}
