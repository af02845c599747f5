//! A chain of processes that each serve one thing: store, inventory, notification, and a gateway before them, all of which ask
//! who asks.

use std::net::SocketAddr;
use std::process::Command;

use serde_json::{Value, json};

use crate::client::Client;
use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::gateway::free;
use crate::kafka::Topics;
use crate::oversell::{PRODUCT, STORE};
use crate::random::Random;
use crate::receiver::Receiver;
use crate::server::{Data, Server};
use crate::settings::gondola;

/// What receivers of order confirmations want.
pub(crate) const CONFIRMED: &str = "gondola.notification.order-confirmed.v1";

/// The services, in the order in which they start.
pub(crate) const SERVICES: [&str; 3] = ["store", "notification", "inventory"];

/// The chain, running.
pub(crate) struct Apart {
    /// By the place in [`SERVICES`]; `None` while it is killed.
    pub(crate) servers: [Option<Server>; 3],
    pub(crate) services: [Data; 3],
    pub(crate) gateway: Server,
    admin: String,
    operator: String,
    pub(crate) receiver: Receiver,
    _database: Database,
    _folder: Folder,
}

/// Makes an API key in a file that all share; gives the key.
pub(crate) fn make_key(folder: &Folder, name: &str, role: &str) -> String {
    let output = Command::new(gondola())
        .args(["keys", "create", "--name", name, "--role", role, "--api-keys"])
        .arg(folder.path().join("keys.json"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

impl Apart {
    /// Starts it on PostgreSQL and Kafka, with a store, a product and so many units of it.
    pub(crate) fn start(name: &str, units: u32) -> Self {
        let (folder, mut random) = (Folder::new(), Random::of_run(name));
        let database = Database::new(Kind::Postgres, &mut random);
        let bus = Topics::new(&mut random).url();
        let [admin, operator] = ["admin", "operator"].map(|role| make_key(&folder, role, role));
        let service_key = folder.path().join("service.key");
        std::fs::write(&service_key, make_key(&folder, "inventory", "service")).unwrap();
        let keys = folder.path().join("keys.json");
        let asks = ["--api-keys", keys.to_str().unwrap(), "--rate-limits", "off"];
        let shows = ["--service-key", service_key.to_str().unwrap()];
        let addresses: [SocketAddr; 3] = std::array::from_fn(|_| free());
        let [store_url, notification_url, inventory_url] =
            addresses.map(|address| format!("http://{address}"));
        let more = [
            vec!["--event-bus", &bus],
            vec!["--store-url", &store_url, "--webhook-allow", "127.0.0.1"],
            vec![
                "--event-bus",
                &bus,
                "--store-url",
                &store_url,
                "--notification-url",
                &notification_url,
            ],
        ];
        let processes = database.named_processes(&folder, SERVICES);
        let mut services = processes.into_iter().zip(addresses).zip(&more);
        let services: [Data; 3] = std::array::from_fn(|_| {
            let ((data, address), more) = services.next().unwrap();
            let role = ["--role", data.store];
            data.listening(address).with(&[&role[..], &asks, &shows, more].concat())
        });
        let servers = services.each_ref().map(|data| Some(data.serve()));
        let urls = [
            ["--inventory-url", &inventory_url],
            ["--store-url", &store_url],
            ["--notification-url", &notification_url],
        ];
        let more = [&["--role", "gateway"][..], &asks, urls.as_flattened()].concat();
        let gateway = Data::new(folder.path(), "sqlite").with(&more).serve();
        let receiver = Receiver::start();
        let apart = Self {
            servers,
            services,
            gateway,
            admin,
            operator,
            receiver,
            _database: database,
            _folder: folder,
        };
        apart.fill(units);
        apart
    }

    fn fill(&self, units: u32) {
        let mut client = self.client();
        let store = json!({"storeId": STORE, "code": "S-1", "name": "One", "region": "SP"});
        client.register_store(&store).unwrap().expect(201);
        let product = json!({"productId": PRODUCT, "sku": "SKU-1", "name": "Thing"});
        client.register(&product).unwrap().expect(201);
        let stock = json!({"storeId": STORE, "productSku": "SKU-1", "quantity": units});
        client.post("/stock", &stock).unwrap().expect(201);
    }

    /// An administrator at the gateway.
    pub(crate) fn client(&self) -> Client {
        self.gateway.client().with_key(&self.admin)
    }

    /// An operator there.
    pub(crate) fn operator(&self) -> Client {
        self.gateway.client().with_key(&self.operator)
    }

    /// Has confirmed orders told to the receiver; gives the webhook's id.
    pub(crate) fn register_webhook(&self) -> String {
        let webhook = json!({"url": self.receiver.url(), "eventTypes": [CONFIRMED]});
        let made = self.client().post_to("/api/v1/webhooks", "", &webhook).unwrap().expect(201);
        made["webhookId"].as_str().unwrap().to_owned()
    }

    /// On hand and reserved.
    pub(crate) fn units(&self) -> [u64; 2] {
        let path =
            format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}?consistency=strong");
        let level = self.client().get(&path).unwrap().expect(200);
        ["onHand", "reserved"].map(|field| level[field].as_u64().unwrap())
    }

    /// How a checkout stands.
    pub(crate) fn checkout(&self, id: &str) -> Value {
        self.client().get(&format!("/api/v1/checkouts/{id}")).unwrap().expect(200)
    }

    /// Kills a service.
    pub(crate) fn kill(&mut self, service: usize) {
        self.servers[service].take().unwrap().kill();
    }

    /// Starts one that was killed, and does not wait until it is ready.
    pub(crate) fn start_again(&mut self, service: usize) {
        self.servers[service] = Some(self.services[service].start());
    }

    /// Waits until all are ready, and the gateway knows it.
    pub(crate) fn await_all(&self) {
        for server in self.servers.iter().flatten() {
            server.await_ready();
        }
        crate::server::wait_until("the gateway finds all", || {
            let health = self.client().get("/health/ready").unwrap().body;
            if health["status"] == "UP" { Ok(()) } else { Err(health) }
        });
    }

    /// Ends all in order, and proves from the logs that all holds; gives what was said.
    pub(crate) fn stop(self) -> String {
        let Self { servers, services, gateway, _database: database, _folder: folder, .. } = self;
        gateway.stop();
        for server in servers.into_iter().flatten() {
            server.stop();
        }
        let said = services[2].verify(None);
        drop((database, folder));
        said
    }
}
