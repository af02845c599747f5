//! Files through a running server: by the command and over HTTP, as on a data folder; and killed while clients sell.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::gondola::{Place, Raising, account, count};
use crate::roles::{Server, send_with};

/// Longest wait for an import.
const PATIENCE: Duration = Duration::from_mins(2);

const CSV: &[(&str, &str)] = &[("content-type", "text/csv")];

const STORES: &str = "code\nS1\nS2\n";
const PRODUCTS: &str = "sku;name;price;currency\nP1;One;9,90;BRL\nP2;Two;x;BRL\n";

fn serve(place: &Place) -> Server {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--data-dir", "data"];
    Server::run(&place.folder, &arguments)
}

/// What a command says that goes through a server, in the folder of a place.
fn through(place: &Place, address: &str, arguments: &[&str]) -> Output {
    let url = format!("http://{address}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
    command.current_dir(place.folder.path()).args(["--log", "warn"]).args(arguments);
    command.args(["--url", &url]).output().unwrap()
}

#[track_caller]
fn told(place: &Place, server: &Server, arguments: &[&str]) -> String {
    let output = through(place, &server.address, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn body(answer: &str) -> Value {
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"))
}

#[track_caller]
fn expect(answer: &str, status: u16) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
}

/// Sends a file over HTTP and waits for the end of its import.
#[track_caller]
fn sent(server: &Server, path: &str, headers: &[(&str, &str)], file: &str) -> Value {
    let answer = send_with(&server.address, "POST", path, headers, file);
    expect(&answer, 202);
    let id = body(&answer)["importId"].as_str().unwrap().to_owned();
    assert!(answer.contains(&format!("location: /api/v1/imports/{id}\r\n")), "{answer}");
    ended(server, &id)
}

pub(crate) fn ended(server: &Server, id: &str) -> Value {
    let begun = Instant::now();
    loop {
        let import = body(&server.get(&format!("/api/v1/imports/{id}")));
        if ["done", "failed"].contains(&import["status"].as_str().unwrap()) {
            return import;
        }
        assert!(begun.elapsed() < PATIENCE, "{import}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_command_through_a_server_does_what_it_does_on_a_folder() {
    let [folder, shop] = ["sqlite", "sqlite"].map(Place::new);
    let stock = "store_code,sku,quantity\nS1,P1,5\nS1,NONE,5\nS2,P2,7\nS2,P1,1\n";
    for place in [&folder, &shop] {
        place.write("stores.csv", STORES);
        place.write("products.csv", PRODUCTS);
        place.write("stock.csv", stock);
    }
    let server = serve(&shop);
    for arguments in [
        ["import", "stores", "stores.csv"],
        ["import", "products", "products.csv"],
        ["import", "stock", "stock.csv"],
    ] {
        let [there, here] = [folder.told(&arguments), told(&shop, &server, &arguments)];
        let lines = there.lines().skip(1).collect::<Vec<_>>();
        assert_eq!(here.lines().skip(1).collect::<Vec<_>>(), lines, "{arguments:?}: {here}");
    }
    assert!(told(&shop, &server, &["import", "products", "products.csv"]).contains("line 3"));
    assert_eq!(shop.read("stock.csv.rejected.csv"), folder.read("stock.csv.rejected.csv"));

    // the same file has nothing to do, and another one with the same bytes is for people to decide
    let again = told(&shop, &server, &["import", "stock", "stock.csv"]);
    assert_eq!(account(&again, 4), [0, 3, 1]);
    shop.write("copy.csv", stock);
    let copied = through(&shop, &server.address, &["import", "stock", "copy.csv"]);
    let error = String::from_utf8(copied.stderr).unwrap();
    assert_eq!(copied.status.code(), Some(3), "{error}");
    assert!(error.contains("--again"), "{error}");

    for kind in [
        "stores",
        "products",
        "categories",
        "suppliers",
        "supplier-offers",
        "stock",
        "transfers",
        "replenishment",
    ] {
        let [there, here] =
            [folder.told(&["export", kind]), told(&shop, &server, &["export", kind])];
        let sorted = |text: &str| {
            let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&here), sorted(&there), "{kind}");
    }
    let events = told(&shop, &server, &["export", "events", "--after", "1"]);
    let events: Vec<Value> =
        events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 2, "{events:?}");
    assert_eq!(events[0]["position"], 2, "{events:?}");
    drop(server);
    // what went in through the server is known on the folder too
    assert_eq!(account(&shop.told(&["import", "stock", "stock.csv"]), 4), [0, 3, 1]);
}

#[test]
fn a_file_that_is_posted_is_a_job_with_its_rejected_lines() {
    let place = Place::new("sqlite");
    let server = serve(&place);
    let made = sent(&server, "/api/v1/catalogue/imports/stores", CSV, STORES);
    assert_eq!((&made["status"], &made["accepted"]), (&json!("done"), &json!(2)), "{made}");
    let lines = "{\"sku\":\"P1\",\"name\":\"One\"}\n{\"sku\":\"P2\"}\n";
    let of_lines = [("content-type", "application/x-ndjson")];
    let made = sent(&server, "/api/v1/catalogue/imports/products?maxRejected=1", &of_lines, lines);
    assert_eq!((&made["accepted"], &made["rejected"]), (&json!(1), &json!(1)), "{made}");

    let form = "--X\r\ncontent-disposition: form-data; name=\"file\"; filename=\"day 1.csv\"\r\n\r\nstore_code,sku,quantity\n\
                S1,P1,5\nS9,P1,5\nS2,NONE,1\n\r\n--X--\r\n";
    let multipart = [("content-type", "multipart/form-data; boundary=X")];
    let made = sent(&server, "/api/v1/inventory/imports/stock", &multipart, form);
    assert_eq!((&made["name"], &made["status"]), (&json!("day 1.csv"), &json!("failed")), "{made}");
    assert_eq!(made["failure"]["code"], "too-many-rejected", "{made}");
    assert_eq!(
        (&made["lines"], &made["accepted"], &made["rejected"]),
        (&json!(3), &json!(1), &json!(2))
    );
    let reasons =
        json!([{"code": "unknown-product", "count": 1}, {"code": "unknown-store", "count": 1}]);
    assert_eq!(made["rejections"], reasons, "{made}");
    let id = made["importId"].as_str().unwrap();
    let rejected = server.get(&format!("/api/v1/imports/{id}/rejected-lines"));
    expect(&rejected, 200);
    assert!(
        rejected.contains("rejected_line,rejected_code,rejected_reason,store_code,sku,quantity\n"),
        "{rejected}"
    );
    assert!(
        rejected.contains("\n3,unknown-store,") && rejected.contains(",S2,NONE,1\n"),
        "{rejected}"
    );
    let listed = body(&server.get("/api/v1/imports"));
    assert_eq!(listed["items"][0]["importId"], id, "{listed}");
    assert_eq!(listed["items"].as_array().unwrap().len(), 3, "{listed}");

    // rejected lines are kept for a while, and who is forgotten must not be in them
    let sales = "store_code,sku,quantity,date,basket_id,customer_id\nS1,P1,1,2026-01-02,B-1,Ana Canary\n\
                 S1,NONE,1,2026-01-02,B-2,Bia Canary\n";
    let made = sent(&server, "/api/v1/inventory/imports/sales", CSV, sales);
    assert_eq!(made["rejected"], 2, "one was sold before there was any: {made}");
    let id = made["importId"].as_str().unwrap();
    let rejected = server.get(&format!("/api/v1/imports/{id}/rejected-lines"));
    assert!(rejected.contains(",S1,NONE,1,2026-01-02,B-2,\n"), "{rejected}");
    let mut kept = vec![place.path("data/import-jobs"), place.path("data/imports")];
    while let Some(path) = kept.pop() {
        if path.is_dir() {
            kept.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        // what a job does not need any more goes a moment after its end
        let Ok(bytes) = std::fs::read(&path) else {
            assert!(!path.exists(), "{} cannot be read", path.display());
            continue;
        };
        let names = bytes.windows(6).any(|window| window == b"Canary");
        assert!(!names, "{} names a customer", path.display());
    }

    let stock = server.get("/api/v1/inventory/exports/stock?format=ndjson");
    expect(&stock, 200);
    assert!(
        stock.contains("application/x-ndjson") && stock.contains("\"on_hand\":\"5\""),
        "{stock}"
    );
}

#[test]
fn a_file_that_cannot_be_taken_is_refused_with_the_remedy() {
    let place = Place::new("sqlite");
    let server = serve(&place);
    let post = |path: &str, headers: &[(&str, &str)], file: &str| {
        send_with(&server.address, "POST", path, headers, file)
    };
    let stock = "/api/v1/inventory/imports/stock";
    let json = [("content-type", "application/json")];
    let form = [("content-type", "multipart/form-data; boundary=X")];
    let long = "x".repeat((64 << 20) + 1);
    let wrong = "--X\r\ncontent-disposition: form-data; name=\"table\"\r\n\r\na\n\r\n--X--\r\n";
    for (path, headers, file, status, words) in [
        (stock, &json[..], "{}", 415, "text/csv"),
        (stock, CSV, "", 400, "empty"),
        (stock, CSV, &long, 413, "64 MiB"),
        (stock, &form, wrong, 422, "\\\"file\\\""),
        ("/api/v1/inventory/imports/stores", CSV, STORES, 404, "counts"),
        ("/api/v1/catalogue/imports/stock", CSV, STORES, 404, "supplier-offers"),
        ("/api/v1/inventory/imports/stock?decimal=dot", CSV, STORES, 422, "point"),
        ("/api/v1/inventory/imports/stock?colour=red", CSV, STORES, 422, "colour"),
    ] {
        let answer = post(path, headers, file);
        expect(&answer, status);
        assert!(answer.contains(words), "{path}: {answer}");
    }
    let refused = sent(&server, stock, CSV, "colour\nred\n");
    assert_eq!(
        (&refused["status"], &refused["failure"]["code"]),
        (&json!("failed"), &json!("file-refused"))
    );
    let detail = refused["failure"]["detail"].as_str().unwrap();
    assert!(detail.contains("store_code") && !detail.contains("import-jobs"), "{detail}");
    assert_eq!(
        std::fs::read_dir(place.path("data/import-jobs")).unwrap().count(),
        1,
        "nothing is left"
    );
}

/// Lines of each file, `GONDOLA_TEST_LINES`; as a shop has. Up to 8,192 of them are booked at once, so that fewer have no middle.
fn lines() -> u64 {
    let set = std::env::var_os("GONDOLA_TEST_LINES");
    set.map_or(20_000, |lines| lines.to_str().unwrap().parse().unwrap())
}

const CHAIN: u64 = 4;
const RANGE: u64 = 25;

/// Lines that begin with a code and its number.
fn numbered(code: &str, count: u64, rest: &str) -> String {
    let mut lines = String::new();
    (0..count).for_each(|number| writeln!(lines, "{code}{number}{rest}").unwrap());
    lines
}

/// Units of each stock level before anything else.
const BEFORE: u64 = 100_000;

const CLIENTS: usize = 16;

/// Most files that are sent until a kill hits one on its way.
const DAYS: u64 = 4;

/// The same as a workbook, with numbers as numbers.
fn workbook(place: &Place, name: &str, table: &str) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(table.lines()) {
        for (column, field) in (0..).zip(line.split(';')) {
            match field.parse::<u32>() {
                Ok(number) => sheet.write_number(row, column, number).map(drop).unwrap(),
                Err(_) => sheet.write_string(row, column, field).map(drop).unwrap(),
            }
        }
    }
    book.save(place.path(name)).unwrap();
}

/// Store and product of the line with a number, and of the sale with one.
const fn level(number: u64) -> (u64, u64) {
    (number % CHAIN, number / CHAIN % RANGE)
}

fn receipts(lines: u64, units: u64) -> String {
    let mut file = "store_code;sku;quantity;reference\n".to_owned();
    for line in 0..lines {
        let (store, product) = level(line);
        writeln!(file, "S{store};P{product};{units};D-{line}").unwrap();
    }
    file
}

/// Clients who sell one unit after the other, each with a key of its own, so that what a dead server may have sold is not sold
/// twice.
struct Selling {
    address: Mutex<String>,
    stop: AtomicBool,
}

impl Selling {
    fn address(&self) -> String {
        self.address.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many units a client has sold, of one stock level after the other.
    fn sell(&self, client: usize) -> u64 {
        let mut number = 0;
        while !self.stop.load(Ordering::Relaxed) {
            let (store, product) = level(number);
            let body = json!({
                "storeCode": format!("S{store}"), "productSku": format!("P{product}"), "delta": -1, "reason": "Sale",
            });
            let key = format!("{client}-{number}");
            // until it is known to be sold
            let begun = Instant::now();
            while ask(&self.address(), "/api/v1/inventory/adjust", &key, &body.to_string())
                != Some(200)
            {
                assert!(begun.elapsed() < PATIENCE, "{key} is never sold");
                std::thread::sleep(Duration::from_millis(20));
            }
            number += 1;
        }
        number
    }
}

/// The status of the answer to a request with a key; `None` where there is none.
fn ask(address: &str, path: &str, key: &str, body: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
         idempotency-key: {key}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.split(' ').nth(1)?.parse().ok()
}

/// Waits until the first lines of a file are in the log, behind a position; the import.
fn is_on_its_way(server: &Server, file: &str, behind: u64) -> String {
    let begun = Instant::now();
    let mut after = behind;
    loop {
        // clients sell by adjustments
        let path = "/api/v1/inventory/events?types=StockAddedEvent&limit=1&wait=1";
        let page = body(&server.get(&format!("{path}&after={after}")));
        if !page["items"].as_array().unwrap().is_empty() {
            break;
        }
        after = page["nextPosition"].as_u64().unwrap();
        assert!(begun.elapsed() < PATIENCE, "{file} does not arrive");
    }
    let listed = body(&server.get("/api/v1/imports"));
    let latest = &listed["items"][0];
    assert!(latest["name"].as_str().unwrap().ends_with(file), "{listed}");
    latest["importId"].as_str().unwrap().to_owned()
}

/// The issue's own words: files go in through a running server while 16 clients sell; killed in the middle and sent again, the
/// final stock is the same.
#[test]
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
fn files_that_are_killed_with_the_server_and_sent_again_come_to_the_same_stock() {
    let place = Place::new("sqlite");
    let mut products = "sku,name\n".to_owned();
    let mut before = "store_code,sku,quantity\n".to_owned();
    (0..RANGE).for_each(|product| writeln!(products, "P{product},Product").unwrap());
    for level in 0..CHAIN * RANGE {
        writeln!(before, "S{},P{},{BEFORE}", level % CHAIN, level / CHAIN).unwrap();
    }
    let stores = numbered("S", CHAIN, "");
    place.write("stores.csv", &format!("code\n{stores}"));
    place.write("products.csv", &products);
    place.write("before.csv", &before);
    let lines = lines();
    let mut server = serve(&place);
    for (kind, file) in
        [("stores", "stores.csv"), ("products", "products.csv"), ("stock", "before.csv")]
    {
        told(&place, &server, &["import", kind, file]);
    }
    let selling =
        Selling { address: Mutex::new(server.address.clone()), stop: AtomicBool::new(false) };
    let (mut arrived, mut hits) = (0, 0);
    let sold = std::thread::scope(|threads| {
        let selling = &selling;
        let stop = Raising(&selling.stop);
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| threads.spawn(move || selling.sell(client))).collect();
        for day in 0..DAYS {
            let (file, units) =
                (format!("day {day}.{}", if day % 2 == 0 { "xlsx" } else { "csv" }), day + 3);
            let table = receipts(lines, units);
            if day % 2 == 0 {
                workbook(&place, &file, &table);
            } else {
                place.write(&file, &table);
            }
            let import = ["import", "stock", &file];
            let address = server.address.clone();
            let log = body(&server.get("/api/v1/inventory/events?limit=1"));
            let behind = log["headPosition"].as_u64().unwrap();
            let id = std::thread::scope(|commands| {
                commands.spawn(|| through(&place, &address, &import));
                let id = is_on_its_way(&server, &file, behind);
                server.kill();
                id
            });
            server = serve(&place);
            server.address.clone_into(&mut selling.address.lock().unwrap());
            let again = told(&place, &server, &import);
            assert_eq!(
                count(&again, "applied before") + count(&again, "applied"),
                lines,
                "{again}"
            );
            let first = ended(&server, &id);
            assert_eq!(
                (&first["lines"], &first["rejected"]),
                (&json!(lines), &json!(0)),
                "{first}"
            );
            arrived += units;
            hits += u32::from(
                first["accepted"].as_u64() > Some(0) && first["unchanged"].as_u64() > Some(0),
            );
            if day > 0 && hits > 0 {
                break;
            }
        }
        drop(stop);
        clients.into_iter().map(|client| client.join().unwrap()).collect::<Vec<_>>()
    });
    drop(server);
    assert!(sold.iter().sum::<u64>() > 100, "{sold:?} is no load");
    assert!(hits > 0, "no kill hit an import on its way");
    let of_level = |at: (u64, u64), count: u64| {
        (0..count).filter(|number| level(*number) == at).count() as u64
    };
    let stock = place.stock();
    assert_eq!(stock.len() as u64, CHAIN * RANGE);
    for ((store, sku), (on_hand, _)) in stock {
        let at = (store[1..].parse().unwrap(), sku[1..].parse().unwrap());
        let sold: u64 = sold.iter().map(|count| of_level(at, *count)).sum();
        let arrived = of_level(at, lines) * arrived;
        assert_eq!(u64::from(on_hand), BEFORE + arrived - sold, "{store} {sku}");
    }
}

/// What the server has answered 202 to is imported though the server dies, and nobody sends it again.
#[test]
fn an_accepted_file_survives_the_process() {
    let place = Place::new("sqlite");
    let mut server = serve(&place);
    let stores = numbered("S", CHAIN, "");
    sent(&server, "/api/v1/catalogue/imports/stores", CSV, &format!("code\n{stores}"));
    let products = numbered("P", RANGE, ",Product");
    let products = format!("sku,name\n{products}");
    sent(&server, "/api/v1/catalogue/imports/products", CSV, &products);
    let lines = 2_000;
    let path = "/api/v1/inventory/imports/stock?name=night.csv";
    let answer = send_with(&server.address, "POST", path, CSV, &receipts(lines, 2));
    expect(&answer, 202);
    server.kill();
    // a file that was on its way was never accepted
    let unfinished = place.path("data/import-jobs/00000000-0000-0000-0000-000000000001");
    std::fs::create_dir(&unfinished).unwrap();
    std::fs::write(unfinished.join("input"), "store_code;sku").unwrap();
    server = serve(&place);
    assert!(!unfinished.exists());
    let import = ended(&server, body(&answer)["importId"].as_str().unwrap());
    assert_eq!((&import["status"], &import["lines"]), (&json!("done"), &json!(lines)), "{import}");
    drop(server);
    let total: u64 = place.stock().values().map(|(units, _)| u64::from(*units)).sum();
    assert_eq!(total, lines * 2);
}
