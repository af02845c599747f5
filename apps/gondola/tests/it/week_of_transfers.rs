//! A week of deliveries to the stores of a whole state: each invoice is one transfer from a distribution centre.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::File;
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;

use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::roles::{Server, send, send_with};

/// The first day after the week; the file begins with the week and is in the order of days.
const END: &str = "2021-11-08";

/// The stores of the state that get something in that week, as a count of the file itself says.
const STORES: usize = 1_293;

/// Those who ask, send and receive at the same time.
const CARRIERS: usize = 8;

/// Lines of a bulk write.
const BULK_LINES: usize = 1_000;

/// An id for a code of the file, which has digits only.
fn id(prefix: char, code: &str) -> String {
    let group = |length: usize| prefix.to_string().repeat(length);
    format!("{}-{}-{}-{}-{code:0>12}", group(8), group(4), group(4), group(4))
}

/// Where all units come from.
fn centre() -> String {
    id('1', "0")
}

/// An invoice: the store that it goes to, and units by product.
#[derive(Default)]
struct Invoice {
    store: String,
    units: BTreeMap<String, u64>,
}

fn invoices() -> Vec<Invoice> {
    let folder = std::env::var_os("GONDOLA_TEST_DATA").expect("GONDOLA_TEST_DATA names a folder");
    let file = File::open(std::path::Path::new(&folder).join("sales.csv.gz")).unwrap();
    let mut csv = csv::Reader::from_reader(MultiGzDecoder::new(file));
    let mut invoices: BTreeMap<String, Invoice> = BTreeMap::new();
    for row in csv.records().map(Result::unwrap).take_while(|row| &row[0] < END) {
        let invoice = invoices.entry(row[4].to_owned()).or_default();
        invoice.store = id('1', &row[1]);
        *invoice.units.entry(id('2', &row[2])).or_default() += row[3].parse::<u64>().unwrap();
    }
    invoices.into_values().collect()
}

#[track_caller]
fn post(address: &str, path: &str, body: &Value, status: u16) -> Value {
    let answer = send(address, "POST", path, &body.to_string());
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// Puts all units that will be sent into the distribution centre.
fn fill(address: &str, invoices: &[Invoice]) -> BTreeMap<String, u64> {
    let mut units: BTreeMap<String, u64> = BTreeMap::new();
    for (product, quantity) in invoices.iter().flat_map(|invoice| &invoice.units) {
        *units.entry(product.clone()).or_default() += quantity;
    }
    let lines: Vec<String> = units
        .iter()
        .map(|(product, quantity)| {
            let (op, store) = ("stock", centre());
            json!({"op": op, "storeId": store, "productId": product, "quantity": quantity})
                .to_string()
        })
        .collect();
    for lines in lines.chunks(BULK_LINES) {
        let headers = [("content-type", "application/x-ndjson")];
        let path = "/api/v1/inventory/batch";
        let answer = send_with(address, "POST", path, &headers, &lines.join("\n"));
        assert_eq!(answer.matches("\"status\":201").count(), lines.len(), "{answer}");
    }
    units
}

/// Asks for a transfer, sends it, and receives all of it.
fn carry(address: &str, invoice: &Invoice) {
    let line = |(product, quantity): (&String, &u64), name: &str| {
        let mut line = json!({ "productId": product });
        line[name] = json!(quantity);
        line
    };
    let lines = |name| invoice.units.iter().map(|units| line(units, name)).collect::<Vec<_>>();
    let transfers = "/api/v1/inventory/transfers";
    let body = json!({
        "sourceStoreId": centre(), "destinationStoreId": invoice.store, "lines": lines("quantity")
    });
    let begun = post(address, transfers, &body, 201);
    assert_eq!(begun["status"], "held", "{begun}");
    let place = format!("{transfers}/{}", begun["transferId"].as_str().unwrap());
    let sent = post(address, &format!("{place}/dispatch"), &json!({}), 200);
    assert_eq!(sent["status"], "inTransit", "{sent}");
    let closed =
        post(address, &format!("{place}/receive"), &json!({"lines": lines("received")}), 200);
    assert_eq!(closed["status"], "closed", "{closed}");
}

fn told(folder: &TempDir, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_gondola"))
        .current_dir(folder.path())
        .args(["--log", "warn"])
        .args(arguments)
        .args(["--data-dir", "data"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text.into_owned()
}

/// The units of a CSV of stock by store and product, without levels that have none.
fn stock(text: &str) -> BTreeMap<(String, String), u64> {
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let row = |row: csv::StringRecord| {
        assert_eq!(&row[5], "0", "nothing stays held: {row:?}");
        ((row[1].to_owned(), row[3].to_owned()), row[4].parse().unwrap())
    };
    csv.records().map(|record| row(record.unwrap())).filter(|(_, units)| *units > 0).collect()
}

/// What is right: every transfer closes, each store has what its invoices say, nothing stays in the centre or on the way.
#[test]
#[ignore = "needs the sales of Iowa: GONDOLA_TEST_DATA=FOLDER"]
fn a_week_of_deliveries_to_a_whole_state_closes_and_loses_no_unit() {
    let invoices = invoices();
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder, "all", &[]);
    let address = server.address.clone();
    let units = fill(&address, &invoices);
    let lines: usize = invoices.iter().map(|invoice| invoice.units.len()).sum();
    let left = Mutex::new(invoices.iter().collect::<VecDeque<_>>());
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CARRIERS {
            scope.spawn(|| {
                loop {
                    let Some(invoice) = left.lock().unwrap().pop_front() else { break };
                    carry(&address, invoice);
                }
            });
        }
    });
    let (took, count) = (began.elapsed(), invoices.len());
    let a_second = |number: usize| number as u128 * 1_000 / took.as_millis();
    eprintln!(
        "{count} transfers with {lines} lines and {} units in {took:.1?}: {} transfers and {} lines a second",
        units.values().sum::<u64>(),
        a_second(count),
        a_second(lines),
    );
    drop(server);
    let verified = told(&folder, &["verify"]);
    let transfers = verified.lines().find(|line| line.trim_start().starts_with("transfers"));
    let transfers = transfers.unwrap_or_else(|| panic!("{verified}"));
    eprintln!("{}", transfers.trim());
    assert!(transfers.contains("0 of them open: 0 units in transit, 0 lost"), "{transfers}");
    let mut expected: BTreeMap<(String, String), u64> = BTreeMap::new();
    for invoice in &invoices {
        for (product, quantity) in &invoice.units {
            *expected.entry((invoice.store.clone(), product.clone())).or_default() += quantity;
        }
    }
    let found = stock(&told(&folder, &["export", "stock"]));
    let reached: BTreeSet<_> = found.keys().map(|(store, _)| store).collect();
    // a file of fewer stores would be as right as its invoices, and much less of a load
    assert_eq!(reached.len(), STORES, "stores with units after the week");
    assert!(found == expected, "stores differ from invoices");
    assert!(count > 2_000 && lines > 40_000, "{count} transfers, {lines} lines");
}
