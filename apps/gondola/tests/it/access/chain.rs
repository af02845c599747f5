//! A server that asks who callers are, with two stores that have the same of everything.

use std::collections::BTreeMap;
use std::process::Command;

use kit_core::{Clock, SystemClock};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::roles::{Server, send_with};

/// The callers of these tests: a name, and its roles.
pub(crate) const CALLERS: [(&str, &str); 7] = [
    ("admin", "admin"),
    ("operator", "operator"),
    ("service", "service"),
    ("viewer", "viewer"),
    ("store", "store:11111111-1111-1111-1111-111111111111"),
    ("both", "viewer,store:11111111-1111-1111-1111-111111111111"),
    ("elsewhere", "store:99999999-9999-9999-9999-999999999999"),
];

/// One who works in the other store alone.
const OTHER: (&str, &str) = ("other", "store:33333333-3333-3333-3333-333333333333");

pub(crate) const PRODUCT: &str = "22222222-2222-2222-2222-222222222222";

/// The other end of all transfers.
pub(crate) const THIRD: &str = "66666666-6666-6666-6666-666666666666";

/// A store with stock, a reservation, a split reservation, a checkout, a batch of a till, a stocktake, a transfer
/// each way, and an alert.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) id: &'static str,
    pub(crate) code: &'static str,
    pub(crate) reservation: String,
    /// All of it in this store.
    pub(crate) split: String,
    pub(crate) checkout: String,
    /// Of its till `T-1`.
    pub(crate) pos_batch: String,
    /// Of nothing yet.
    pub(crate) stocktake: String,
    /// From this store.
    pub(crate) outgoing: String,
    /// To this store.
    pub(crate) incoming: String,
    /// Of low stock in this store.
    pub(crate) alert: String,
    /// Sent by a caller that works in this store alone.
    pub(crate) import: String,
}

impl Place {
    pub(crate) fn new(id: &'static str, code: &'static str) -> Self {
        let [reservation, split, checkout, pos_batch, stocktake, outgoing, incoming, alert, import] =
            [const { String::new() }; 9];
        Self {
            id,
            code,
            reservation,
            split,
            checkout,
            pos_batch,
            stocktake,
            outgoing,
            incoming,
            alert,
            import,
        }
    }
}

/// The server and what is in it.
pub(crate) struct Chain {
    /// What it keeps its keys and data in.
    _folder: TempDir,
    pub(crate) server: Server,
    keys: BTreeMap<&'static str, String>,
    pub(crate) own: Place,
    pub(crate) other: Place,
}

/// An answer, taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn read(answer: &str) -> Self {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Its body but for what differs between any two requests.
    pub(crate) fn said(&self) -> String {
        let Some((before, after)) = self.body.split_once("\"requestId\":\"") else {
            return self.body.clone();
        };
        let (_, after) = after.split_once('"').unwrap();
        format!("{before}\"requestId\":\"{after}")
    }

    /// The names of its headers.
    pub(crate) fn header_names(&self) -> Vec<&str> {
        self.head.lines().skip(1).filter_map(|line| line.split(':').next()).collect()
    }
}

/// Makes a key; what `keys create` prints.
pub(crate) fn key(folder: &TempDir, name: &str, roles: &str) -> String {
    let arguments = ["keys", "create", "--api-keys", "keys.json", "--name", name, "--role", roles];
    let output = Command::new(env!("CARGO_BIN_EXE_gondola"))
        .current_dir(folder.path())
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

impl Chain {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = CALLERS.into_iter().chain([OTHER]);
        let keys = keys.map(|(name, roles)| (name, key(&folder, name, roles))).collect();
        let server = Server::start_with(&folder, "all", &["--api-keys", "keys.json"]);
        let mut chain = Self {
            _folder: folder,
            server,
            keys,
            own: Place::new("11111111-1111-1111-1111-111111111111", "S-OWN"),
            other: Place::new("33333333-3333-3333-3333-333333333333", "S-OTHER"),
        };
        chain.fill();
        chain
    }

    fn fill(&mut self) {
        let product = json!({ "productId": PRODUCT, "sku": "SKU-1", "name": "One" });
        self.made("/api/v1/products", &product);
        self.made("/api/v1/categories", &json!({ "code": "FROZEN", "name": "Frozen" }));
        self.made("/api/v1/suppliers", &json!({ "code": "ACME", "name": "Acme" }));
        let offer = format!("/api/v1/products/{PRODUCT}/suppliers/ACME");
        assert_eq!(self.ask(Some("admin"), "PUT", &offer, "{}").status, 201);
        let level = json!({ "storeId": THIRD, "productId": PRODUCT, "quantity": 1000 });
        self.made("/api/v1/inventory/stock", &level);
        for mut place in [self.own.clone(), self.other.clone()] {
            let store = json!({ "storeId": place.id, "code": place.code, "name": place.code, "region": "SP" });
            self.made("/api/v1/stores", &store);
            let level = json!({ "storeId": place.id, "productId": PRODUCT, "quantity": 1000 });
            self.made("/api/v1/inventory/stock", &level);
            let level = json!({ "storeId": place.id, "productId": PRODUCT, "quantity": 1, "ttlSeconds": 3600 });
            let made = self.made("/api/v1/inventory/reserve", &level);
            place.reservation = text(&made["reservationId"]);
            let lines = json!([{ "productId": PRODUCT, "quantity": 1 }]);
            let checkout = json!({
                "storeId": place.id, "lines": lines, "ttlSeconds": 3600, "confirmation": "notWanted"
            });
            let split =
                json!({ "parts": [{ "storeId": place.id, "lines": lines }], "ttlSeconds": 3600 });
            let made = self.made("/api/v1/inventory/split-reservations", &split);
            place.split = text(&made["splitReservationId"]);
            let made = self.made("/api/v1/checkouts", &checkout);
            place.checkout = text(&made["checkoutId"]);
            place.pos_batch = self.sold(place.id);
            let stocktake =
                self.made("/api/v1/inventory/stocktakes", &json!({ "storeId": place.id }));
            place.stocktake = text(&stocktake["stocktakeId"]);
            place.outgoing = self.transfer(place.id, THIRD);
            place.incoming = self.transfer(THIRD, place.id);
            place.alert = self.alert(place.id);
            place.import = self.import(&place);
            let own = place.id == self.own.id;
            *if own { &mut self.own } else { &mut self.other } = place;
        }
    }

    /// Has the stock of a store alerted of, which is done a moment later.
    fn alert(&self, store: &str) -> String {
        let policy = json!({ "storeId": store, "productId": PRODUCT, "reorderPoint": 5000 });
        let path = "/api/v1/inventory/policy";
        let set = self.ask(Some("admin"), "POST", path, &policy.to_string());
        assert_eq!(set.status, 200, "{}", set.body);
        let path = format!("/api/v1/alerts?rule=low-stock&storeId={store}");
        for _ in 0..600 {
            let listed = self.ask(Some("admin"), "GET", &path, "");
            assert_eq!(listed.status, 200, "{}", listed.body);
            let listed: Value = serde_json::from_str(&listed.body).unwrap();
            if let Some(alert) = listed["items"].get(0) {
                return text(&alert["alertId"]);
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("low stock in {store} is not alerted of");
    }

    /// Somebody of the store sends a file that changes nothing.
    fn import(&self, place: &Place) -> String {
        let caller = if place.id == self.own.id { "store" } else { OTHER.0 };
        let file = format!("store_code,sku,quantity\n{},NONE,1\n", place.code);
        let path = format!("/api/v1/inventory/imports/stock?name={}.csv", place.code);
        let sent = self.ask(Some(caller), "POST", &path, &file);
        assert_eq!(sent.status, 202, "{}", sent.body);
        let sent: Value = serde_json::from_str(&sent.body).unwrap();
        text(&sent["importId"])
    }

    /// A till sells a unit and takes it back.
    fn sold(&self, store: &str) -> String {
        let line = |quantity: i32| {
            json!({
                "productId": PRODUCT, "quantity": quantity, "occurredAt": SystemClock.now().to_string(),
                "transactionId": "R-1",
            })
        };
        let lines = json!([line(1), line(-1)]);
        let body = json!({ "storeId": store, "tillId": "T-1", "sequence": 1, "lines": lines });
        text(&self.made("/api/v1/inventory/pos-batches", &body)["posBatchId"])
    }

    fn transfer(&self, from: &str, to: &str) -> String {
        let lines = json!([{ "productId": PRODUCT, "quantity": 1 }]);
        let body = json!({ "sourceStoreId": from, "destinationStoreId": to, "lines": lines });
        let made = self.made("/api/v1/inventory/transfers", &body);
        text(&made["transferId"])
    }

    fn made(&self, path: &str, body: &Value) -> Value {
        let answer = self.ask(Some("admin"), "POST", path, &body.to_string());
        assert_eq!(answer.status, 201, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// The key of a caller.
    pub(crate) fn key(&self, caller: &str) -> &str {
        &self.keys[caller]
    }

    /// Asks as a caller, or as nobody.
    pub(crate) fn ask(&self, caller: Option<&str>, method: &str, path: &str, body: &str) -> Answer {
        let media = match path {
            _ if path.ends_with("/batch") => "application/x-ndjson",
            _ if path.contains("/imports/") => "text/csv",
            _ => "application/json",
        };
        let mut headers = vec![("content-type", media)];
        headers.extend(caller.map(|caller| ("x-api-key", self.key(caller))));
        Answer::read(&send_with(&self.server.address, method, path, &headers, body))
    }
}
