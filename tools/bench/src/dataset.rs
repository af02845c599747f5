//! The stock that a scenario runs on: filling it, asking for it, counting it afterwards.

use std::fmt::Write;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use http::StatusCode;
use kit_core::{Clock, IdSource, RandomIds, SystemClock};
use serde::Deserialize;
use uuid::Uuid;

use super::connection::{Connection, JSON, NDJSON, Prepared};
use super::load::line_status;
use super::random::Random;

/// Lines of one bulk request.
pub(super) const LINES: usize = 1_000;

/// Lines of one basket.
pub(super) const BASKET_LINES: usize = 5;

/// How long the views may take to show what has been written.
const CATCH_UP_MAX: Duration = Duration::from_mins(2);

/// Pause between two checks of the views.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Holds outlive every run, so that what is reserved at the end is what was accepted.
const TTL_SECONDS: u32 = 86_400;

const RESERVE: &str = "/api/v1/inventory/reserve";

const CHECKOUTS: &str = "/api/v1/checkouts";
const BASKET: &str = "/api/v1/inventory/reservations";
const STOCK: &str = "/api/v1/inventory/stock";
const BATCH: &str = "/api/v1/inventory/batch";

/// What all stock levels of a scenario hold together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// Units on hand.
    pub(super) on_hand: u64,
    /// Units reserved.
    pub(super) reserved: u64,
}

/// Every product in every store, in the same quantity.
pub(super) struct Dataset {
    stores: Vec<Uuid>,
    products: Vec<Uuid>,
    units: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Level {
    on_hand: u64,
    reserved: u64,
    position: u64,
}

impl Dataset {
    /// New stores and products; their ids have never been used before, so a server may be measured again.
    pub(super) fn new(stores: usize, products: usize, units: u32) -> Self {
        let new = |count| (0..count).map(|_| RandomIds.next_id(SystemClock.now()));
        Self { stores: new(stores).collect(), products: new(products).collect(), units }
    }

    /// Units on hand before anything is sold.
    pub(super) fn units_in_all(&self) -> u64 {
        let levels = self.stores.len().saturating_mul(self.products.len());
        u64::from(self.units).saturating_mul(u64::try_from(levels).unwrap_or(u64::MAX))
    }

    fn levels(&self) -> impl Iterator<Item = (Uuid, Uuid)> + '_ {
        let products = &self.products;
        self.stores
            .iter()
            .flat_map(move |store| products.iter().map(move |product| (*store, *product)))
    }

    /// One request per stock level that holds one unit of it.
    pub(super) fn reserves(&self) -> Vec<Prepared> {
        self.levels()
            .map(|(store, product)| Prepared::post(RESERVE, JSON, &reserve_body(store, product)))
            .collect()
    }

    /// One checkout of a unit per stock level.
    pub(super) fn checkouts(&self) -> Vec<Prepared> {
        let checkout = |(store, product)| {
            let body = format!(
                "{{\"storeId\":\"{store}\",\"lines\":[{{\"productId\":\"{product}\",\"quantity\":1}}],\
                 \"confirmation\":\"required\",\"ttlSeconds\":{TTL_SECONDS}}}"
            );
            Prepared::post(CHECKOUTS, JSON, &body)
        };
        self.levels().map(checkout).collect()
    }

    /// One request per stock level that reads it from the views.
    pub(super) fn reads(&self) -> Vec<Prepared> {
        self.levels().map(|(store, product)| Prepared::get(&level_path(store, product))).collect()
    }

    /// Baskets of [`BASKET_LINES`] neighbouring products, one beginning at every stock level.
    pub(super) fn baskets(&self) -> Vec<Prepared> {
        let basket = |store: &Uuid, first: usize| {
            let products = self.products.iter().cycle().skip(first);
            let lines: Vec<String> = products
                .take(BASKET_LINES)
                .map(|product| format!("{{\"productId\":\"{product}\",\"quantity\":1}}"))
                .collect();
            format!(
                "{{\"storeId\":\"{store}\",\"lines\":[{}],\"reason\":\"Online order checkout\",\
                 \"ttlSeconds\":{TTL_SECONDS}}}",
                lines.join(",")
            )
        };
        self.stores
            .iter()
            .flat_map(|store| (0..self.products.len()).map(move |first| basket(store, first)))
            .map(|body| Prepared::post(BASKET, JSON, &body))
            .collect()
    }

    /// Bulk requests of [`LINES`] lines, each holding one unit of a stock level drawn at random.
    pub(super) fn bulk_reserves(&self, requests: usize) -> Vec<Prepared> {
        self.bulk(requests, |store, product| {
            let body = reserve_body(store, product);
            format!("{{\"op\":\"reserve\",{}\n", &body[1..])
        })
    }

    /// Bulk requests of [`LINES`] lines, each adding one unit to a stock level drawn at random.
    pub(super) fn bulk_receipts(&self, requests: usize) -> Vec<Prepared> {
        self.bulk(requests, |store, product| stock_line(store, product, 1, "Bulk receipt"))
    }

    /// Bulk requests of [`LINES`] lines, each counting what there is of a stock level drawn at random.
    pub(super) fn bulk_counts(&self, requests: usize) -> Vec<Prepared> {
        self.bulk(requests, |store, product| {
            format!(
                "{{\"op\":\"count\",\"storeId\":\"{store}\",\"productId\":\"{product}\",\"counted\":{},\
                 \"reason\":\"Stocktaking\"}}\n",
                self.units
            )
        })
    }

    fn bulk(&self, requests: usize, line: impl Fn(Uuid, Uuid) -> String) -> Vec<Prepared> {
        let mut random = Random::new(1);
        let body = |_| {
            (0..LINES).fold(String::new(), |body, _| {
                let store = random.pick(&self.stores);
                let product = random.pick(&self.products);
                body + &line(*store, *product)
            })
        };
        (0..requests).map(body).map(|body| Prepared::post(BATCH, NDJSON, &body)).collect()
    }

    /// Puts the stock into the stores and waits until the views show it.
    pub(super) async fn fill(&self, address: SocketAddr) -> anyhow::Result<()> {
        let mut connection = Connection::open(address).await?;
        let levels: Vec<_> = self.levels().collect();
        for chunk in levels.chunks(LINES) {
            let lines = chunk
                .iter()
                .map(|(store, product)| stock_line(*store, *product, self.units, "Initial stock"));
            let request = Prepared::post(BATCH, NDJSON, &lines.collect::<String>());
            let status = connection.exchange(&request).await?;
            let accepted = connection
                .answer()
                .split(|byte| *byte == b'\n')
                .filter(|line| line_status(line) == Some(StatusCode::CREATED))
                .count();
            ensure!(
                status.is_success() && accepted == chunk.len(),
                "the server accepted {accepted} of {} lines of initial stock and answered {status}: {}",
                chunk.len(),
                excerpt(connection.answer())
            );
        }
        views_caught_up(address).await?;
        Ok(())
    }

    /// What the server says is there now, level by level; from the truth where `strong`, else from the views.
    pub(super) async fn count(&self, address: SocketAddr, strong: bool) -> anyhow::Result<Sums> {
        let mut connection = Connection::open(address).await?;
        let mut sums = Sums::default();
        for (store, product) in self.levels() {
            let mut path = level_path(store, product);
            if strong {
                path.push_str("?consistency=strong");
            }
            let level = read_level(&mut connection, &path).await?;
            sums.on_hand += level.on_hand;
            sums.reserved += level.reserved;
        }
        Ok(sums)
    }
}

/// Writes one more event and returns how long the views took to show it, and with it all that came before.
pub(super) async fn views_caught_up(address: SocketAddr) -> anyhow::Result<Duration> {
    let marker = Dataset::new(1, 1, 1);
    let (store, product) = marker.levels().next().context("no marker")?;
    let mut connection = Connection::open(address).await?;
    let receipt = Prepared::post(STOCK, JSON, &stock_body(store, product, 1, "Marker"));
    let started = Instant::now();
    let status = connection.exchange(&receipt).await?;
    ensure!(
        status == StatusCode::CREATED,
        "the server answered {status} to a receipt: {}",
        excerpt(connection.answer())
    );
    let level: Level = serde_json::from_slice(connection.answer())?;
    let path = format!("{}?minPosition={}", level_path(store, product), level.position);
    let read = Prepared::get(&path);
    while connection.exchange(&read).await? != StatusCode::OK {
        ensure!(
            started.elapsed() < CATCH_UP_MAX,
            "the views did not show position {} within {} s: {}",
            level.position,
            CATCH_UP_MAX.as_secs(),
            excerpt(connection.answer())
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(started.elapsed())
}

async fn read_level(connection: &mut Connection, path: &str) -> anyhow::Result<Level> {
    let status = connection.exchange(&Prepared::get(path)).await?;
    let answer = connection.answer();
    ensure!(
        status == StatusCode::OK,
        "the server answered {status} to GET {path}: {}",
        excerpt(answer)
    );
    serde_json::from_slice(answer)
        .with_context(|| format!("GET {path} gave no stock level: {}", excerpt(answer)))
}

fn level_path(store: Uuid, product: Uuid) -> String {
    format!("/api/v1/inventory/stores/{store}/products/{product}")
}

fn reserve_body(store: Uuid, product: Uuid) -> String {
    format!(
        "{{\"storeId\":\"{store}\",\"productId\":\"{product}\",\"quantity\":1,\
         \"reason\":\"Online order checkout\",\"ttlSeconds\":{TTL_SECONDS}}}"
    )
}

fn stock_body(store: Uuid, product: Uuid, units: u32, reason: &str) -> String {
    format!(
        "{{\"storeId\":\"{store}\",\"productId\":\"{product}\",\"quantity\":{units},\
         \"reason\":\"{reason}\"}}"
    )
}

fn stock_line(store: Uuid, product: Uuid, units: u32, reason: &str) -> String {
    let body = stock_body(store, product, units, reason);
    let mut line = String::from("{\"op\":\"stock\",");
    let _ = writeln!(line, "{}", &body[1..]);
    line
}

/// The beginning of an answer, for an error.
fn excerpt(answer: &[u8]) -> String {
    let answer = answer.get(..300).unwrap_or(answer);
    String::from_utf8_lossy(answer).into_owned()
}
