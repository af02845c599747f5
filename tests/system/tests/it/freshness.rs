//! The views keep up with writers who never pause.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::Client;
use crate::oversell::{CLIENTS, PRODUCT, STORE, add, all_at_once, on_each_store, units};

/// A read that waits for the present end of the log is answered at the latest after this.
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);

#[test]
fn what_is_in_the_log_is_in_the_views_soon_whatever_the_load() {
    on_each_store(|server, _| {
        let level = format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}");
        add(server, PRODUCT, units());
        let writers = AtomicU32::new(CLIENTS);
        let body =
            json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "ttlSeconds": 3_600});
        let write = |client: &mut Client| {
            while client.post("/reserve", &body).unwrap().status == 201 {}
            writers.fetch_sub(1, Ordering::SeqCst);
            0
        };
        let read = |client: &mut Client| {
            let mut reads = 0;
            while writers.load(Ordering::SeqCst) > 0 {
                let head = client.get("/api/v1/inventory/events?limit=1").unwrap().expect(200);
                let began = Instant::now();
                let read =
                    client.get(&format!("{level}?minPosition={}", head["headPosition"])).unwrap();
                assert!(read.expect(200)["position"].as_u64() >= head["headPosition"].as_u64());
                assert!(began.elapsed() < ANSWERED_WITHIN, "{:?}", began.elapsed());
                reads += 1;
            }
            reads
        };
        let reads = all_at_once(server.address(), CLIENTS + 1, |client, number| match number {
            0 => read(client),
            _ => write(client),
        });
        eprintln!("{reads} reads beside {} writes", units());
        assert!(reads > 0);
    });
}
