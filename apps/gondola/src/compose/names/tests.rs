//! What the inventory may expect of the catalogue, whichever way it asks: in the same process, and by HTTP.

use gondola_inventory_domain::TimeToLive;
use gondola_store::{Config, Deps, StockSource, StoreContext};
use gondola_store_domain::{
    self as catalogue, OfferCode, OrderQuantity, Supplier, SupplierOffer, SupplierStatus,
};
use kit_core::{Actor, Caller, RandomIds, Scope, SystemClock, Version};
use kit_event_bus::MemoryBus;
use kit_event_store::EventStore;
use kit_event_store::memory::MemoryStore;
use kit_executor::ExecutorConfig;
use kit_http::{HttpConfig, ServerConfig, serve, standard_layers};
use kit_lease::Singletons;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::*;

/// Long enough for a busy machine: what it may cost is tested elsewhere.
const TIME: Duration = Duration::from_secs(20);

/// A store context, and both ways to ask it.
struct Asked {
    context: StoreContext,
    event_store: Arc<dyn EventStore>,
    log: Uuid,
    stop: CancellationToken,
    tasks: TaskTracker,
    _folder: TempDir,
}

fn caller() -> Caller {
    Caller {
        actor: Actor::system("test"),
        correlation_id: Uuid::nil(),
        idempotency: None,
        scope: Scope::All,
    }
}

impl Asked {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let log: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let config = Config {
            views_folder: folder.path().join("views"),
            executor: ExecutorConfig::default(),
        };
        let deps = Deps {
            event_store: Arc::clone(&log),
            bus: Arc::new(MemoryBus::default()),
            stock: StockSource::Nowhere,
            singletons: Singletons::alone(),
            edge: kit_cdn::Edge::default(),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        let context = gondola_store::module(config, deps).await.unwrap();
        let incarnation = log.incarnation().as_uuid();
        Self { context, event_store: log, log: incarnation, stop, tasks, _folder: folder }
    }

    /// The adapters: the context itself, and a server before it.
    async fn adapters(&mut self) -> [(&'static str, Arc<dyn CatalogueLookUp>); 2] {
        self.both().await.map(|(way, names)| (way, names.catalogue().unwrap()))
    }

    /// Both ways to ask.
    async fn both(&mut self) -> [(&'static str, Names); 2] {
        let here = Names::here();
        here.started(self.context.look_ups.clone());
        let routes = std::mem::take(&mut self.context.module.routes).split_for_parts().0;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let app = standard_layers(routes, HttpConfig::default());
        self.tasks.spawn(serve(listener, app, ServerConfig::default(), self.stop.clone()));
        let inventory = Roles { store: false, notification: false, ..Roles::ALL };
        let elsewhere = Names::of(inventory, &[url], None);
        [("local", here), ("http", elsewhere)]
    }

    async fn register_store(&self, code: &str, closed: bool, hold: Option<i64>) -> StoreId {
        let id = self.context.catalogue.new_store_id();
        let store = Store {
            status: if closed { StoreStatus::Closed } else { StoreStatus::Active },
            longest_hold: hold.map(|hold| LongestHold::from_seconds(hold).unwrap()),
            ..Store::new(
                id,
                code.parse().unwrap(),
                catalogue::Name::new("Hillstreet").unwrap(),
                catalogue::Label::new("IA").unwrap(),
            )
        };
        self.context.catalogue.register_store(store, caller()).await.unwrap();
        StoreId::from_uuid(id.as_uuid())
    }

    async fn register_product(&self, sku: &str, discontinued: bool) -> ProductId {
        let id = self.context.catalogue.new_product_id();
        let status = if discontinued { ProductStatus::Discontinued } else { ProductStatus::Active };
        let product = Product {
            status,
            ..Product::new(id, sku.parse().unwrap(), catalogue::Name::new("Thing").unwrap())
        };
        self.context.catalogue.register_product(product, caller()).await.unwrap();
        ProductId::from_uuid(id.as_uuid())
    }

    /// A supplier with an offer of a product: of twelves, at least two of them.
    async fn offer(
        &self,
        code: &str,
        product: ProductId,
        status: SupplierStatus,
        days: Option<u64>,
    ) {
        let lead_time = Some(LeadTime::from_days(14).unwrap());
        let name = catalogue::Name::new("Acme").unwrap();
        let supplier = Supplier { lead_time, status, ..Supplier::new(code.parse().unwrap(), name) };
        let made = self.context.catalogue.register_suppliers(vec![supplier], &caller()).await;
        for one in made {
            one.unwrap();
        }
        let code =
            OfferCode { product_id: product.as_uuid().into(), supplier: code.parse().unwrap() };
        let offer = SupplierOffer {
            lead_time: days.map(|days| LeadTime::from_days(days).unwrap()),
            minimum_order: OrderQuantity::new(24).unwrap(),
            order_multiple: OrderQuantity::new(12).unwrap(),
            preferred: days.is_some(),
            ..SupplierOffer::new(code)
        };
        let made = self.context.catalogue.register_offers(vec![offer], &caller()).await;
        for one in made {
            one.unwrap();
        }
        let (log, listings) = (&self.event_store, &self.context.listings);
        listings.freshness().reach(*log.head().borrow()).await.unwrap();
    }

    async fn end(self) {
        self.stop.cancel();
        drop(self.context);
        self.tasks.close();
        tokio::time::timeout(TIME, self.tasks.wait()).await.unwrap();
    }
}

fn skus(skus: &[&str]) -> WantedEntries {
    let sku = |sku: &&str| ProductRef::Sku((*sku).to_owned());
    WantedEntries { stores: Vec::new(), products: skus.iter().map(sku).collect() }
}

fn entry<Id>(id: Id, code: &str, name: &str, active: bool) -> FoundEntry<Id> {
    FoundEntry { id, named: Entry::product(code, name, active), version: Version::new(1) }
}

#[tokio::test]
async fn both_ways_give_the_offers_of_suppliers_from_which_the_chain_orders() {
    let mut asked = Asked::start().await;
    let product = asked.register_product("SKU-1", false).await;
    let other = asked.register_product("SKU-2", false).await;
    asked.offer("ACME", product, SupplierStatus::Active, Some(3)).await;
    asked.offer("SLOW", product, SupplierStatus::Active, None).await;
    asked.offer("GONE", product, SupplierStatus::Inactive, None).await;
    asked.offer("ELSE", other, SupplierStatus::Active, None).await;
    for (way, names) in asked.both().await {
        let found = names.offers().unwrap().offers(&[product], TIME).await.unwrap();
        let told: Vec<_> = found
            .iter()
            .map(|offer| {
                let terms = &offer.terms;
                assert_eq!((offer.product, &*offer.supplier_name), (product, "Acme"), "{way}");
                assert_eq!((terms.minimum_order, terms.order_multiple), (24, 12), "{way}");
                (terms.supplier.as_str(), terms.preferred, terms.lead_time_days)
            })
            .collect();
        assert_eq!(told, [("ACME", true, Some(3)), ("SLOW", false, Some(14))], "{way}");
    }
    asked.end().await;
}

#[tokio::test]
async fn both_ways_give_what_is_registered_by_name_and_by_id_as_it_is_now() {
    let mut asked = Asked::start().await;
    let open = asked.register_store("2106", false, Some(600)).await;
    let closed = asked.register_store("Shut", true, None).await;
    let sold = asked.register_product("Sku-1", false).await;
    let gone = asked.register_product("SKU-2", true).await;
    let wanted = WantedEntries {
        stores: vec![
            StoreRef::Code("2106".into()),
            StoreRef::Id(closed),
            StoreRef::Code("none".into()),
            StoreRef::Id(StoreId::from_uuid(Uuid::from_u128(7))),
        ],
        products: vec![
            ProductRef::Sku("sKU-1".into()),
            ProductRef::Id(gone),
            ProductRef::Sku("SKU-3".into()),
        ],
    };
    for (way, adapter) in asked.adapters().await {
        let mut found = adapter.look_up(&wanted, TIME).await.unwrap();
        found.stores.sort_by_key(|store| store.id);
        found.products.sort_by_key(|product| product.id);
        let mut open = entry(open, "2106", "Hillstreet", true);
        open.named.longest_hold = Some(TimeToLive::from_seconds(600).unwrap());
        let mut stores = vec![open, entry(closed, "Shut", "Hillstreet", false)];
        stores.sort_by_key(|store| store.id);
        let mut products =
            vec![entry(sold, "Sku-1", "Thing", true), entry(gone, "SKU-2", "Thing", false)];
        products.sort_by_key(|product| product.id);
        assert_eq!(found, FoundEntries { log: asked.log, stores, products }, "{way}");
        // what was registered just now is there already
        let sku = format!("NEW-{way}");
        assert!(adapter.look_up(&skus(&[&sku]), TIME).await.unwrap().products.is_empty());
        let id = asked.register_product(&sku, false).await;
        let found = adapter.look_up(&skus(&[&sku]), TIME).await.unwrap();
        assert_eq!(found.products, [entry(id, &sku, "Thing", true)], "{way}");
    }
    asked.end().await;
}

#[tokio::test]
async fn both_ways_take_a_thousand_names_and_those_that_cannot_be_any() {
    let mut asked = Asked::start().await;
    let id = asked.register_product("SKU-500", false).await;
    let mut names: Vec<String> =
        (0..WantedEntries::NAMES_MAX - 2).map(|n| format!("SKU-{n}")).collect();
    names.extend([" no sku \u{1f6b2}".to_owned(), "x".repeat(64)]);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for (way, adapter) in asked.adapters().await {
        let found = adapter.look_up(&skus(&names), TIME).await.unwrap();
        assert_eq!(found.products, [entry(id, "SKU-500", "Thing", true)], "{way}");
        let nothing = adapter.look_up(&WantedEntries::default(), TIME).await.unwrap();
        assert!(nothing.stores.is_empty() && nothing.products.is_empty(), "{way}");
    }
    asked.end().await;
}

#[tokio::test]
async fn a_catalogue_that_has_not_started_yet_has_no_answer() {
    let here = Here::default();
    here.look_up(&skus(&["SKU-1"]), TIME).await.unwrap_err();
}

#[test]
fn who_is_asked_follows_from_the_roles_and_the_addresses() {
    let roles = |inventory, store| Roles { inventory, store, notification: false, gateway: false };
    let url = || "http://a:1".parse().unwrap();
    let asked = |roles, urls: &[ServiceUrl]| Names::of(roles, urls, None);
    assert!(matches!(asked(roles(true, true), &[url()]), Names::Here(_)));
    assert!(matches!(asked(roles(true, false), &[url()]), Names::Elsewhere(_)));
    assert!(matches!(asked(roles(true, false), &[]), Names::Nobody));
    assert!(matches!(asked(roles(false, true), &[url()]), Names::Nobody));
    // messages to people have names too
    let notification = Roles { notification: true, ..roles(false, false) };
    assert!(matches!(asked(notification, &[url()]), Names::Elsewhere(_)));
}
