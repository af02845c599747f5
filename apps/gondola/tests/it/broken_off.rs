//! Imports that are killed at any moment and run again: as though nothing had happened.

use std::fmt::Write;
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use serde_json::{Value, json};

use crate::gondola::{Place, account, count, size};

const STORES: u64 = 7;
const PRODUCTS: u64 = 90;

/// Lines of the file of sales.
const LINES: u64 = 30_000;

/// Growth of the data folder after which an import is killed, in bytes; raised each time.
const GROWTH: u64 = 1_500_000;

/// Kills that must hit an import on its way.
const KILLS_MIN: u32 = 3;

/// Most imports started from scratch before the test fails because too few kills hit one.
const TRIES_MAX: u32 = 5;

/// Numbers as a linear congruential generator gives them: the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// A place with a catalogue, some stock, and a file of sales that now and then finds none, and then some that came back.
fn place(store: &'static str) -> Place {
    let place = Place::new(store);
    let mut numbers = Numbers(7);
    let mut stores = "code\n".to_owned();
    let mut products = "sku,name\n".to_owned();
    let mut stock = "store_code,sku,quantity,occurred_at\n".to_owned();
    let mut sales = "date,store_code,sku,quantity,basket_id\n".to_owned();
    (0..STORES).for_each(|store| writeln!(stores, "S{store}").unwrap());
    (0..PRODUCTS).for_each(|product| writeln!(products, "P{product},Product {product}").unwrap());
    for level in 0..STORES * PRODUCTS {
        let units = 40 + numbers.below(60);
        writeln!(stock, "S{},P{},{units},2026-03-01", level % STORES, level / STORES).unwrap();
    }
    for line in 0..LINES {
        let (store, product) = (numbers.below(STORES), numbers.below(PRODUCTS));
        let units = match numbers.below(20) {
            0 => "0".to_owned(),
            1..=4 => format!("-{}", 1 + numbers.below(12)),
            _ => (1 + numbers.below(5)).to_string(),
        };
        writeln!(sales, "2026-03-04,S{store},P{product},{units},B{}", line / 9).unwrap();
    }
    for (name, text) in
        [("stores", stores), ("products", products), ("stock", stock), ("sales", sales)]
    {
        place.write(&format!("{name}.csv"), &text);
    }
    for what in ["stores", "products", "stock"] {
        place.told(&["import", what, &format!("{what}.csv")]);
    }
    place
}

const SALES: [&str; 3] = ["import", "sales", "sales.csv"];

/// Kills a process once the data folder has grown; false when it ended before. On a busy machine this looks late, and the
/// kill comes later in the import.
fn kill_when_grown(mut child: Child, place: &Place, growth: u64) -> bool {
    let data = place.path("data");
    let begin = size(&data);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "an import after a kill failed: {status}");
            return false;
        }
        if size(&data) > begin + growth {
            child.kill().unwrap();
            child.wait().unwrap();
            return true;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A data folder whose import of sales was killed repeatedly until one run finished. Started again when too few kills
/// hit the import because the test's checks came too late.
fn killed_place(store: &'static str) -> Place {
    for _ in 0..TRIES_MAX {
        let killed = place(store);
        let mut kills = 0;
        let growth = |kills: u32| GROWTH + u64::from(kills) * 400_000;
        while kill_when_grown(killed.start(&SALES), &killed, growth(kills)) {
            kills += 1;
        }
        eprintln!("{store}: killed {kills} times");
        if kills >= KILLS_MIN {
            return killed;
        }
    }
    panic!("in {TRIES_MAX} tries less than {KILLS_MIN} kills hit the import");
}

/// Where the fault strikes: an import is killed once it has written so much, which may be in any of its parts; one that
/// ended before was not hit.
///
/// What is right: each goes on where the one before was, and together they leave what a single one leaves.
fn killed_imports_end_like_a_whole_one(store: &'static str) {
    let whole = place(store);
    let told = whole.told(&SALES);
    let [applied, _, rejected] = account(&told, LINES);
    assert!(
        count(&told, "insufficient-stock") > 1_000,
        "the order of sales and returns must matter: {told}"
    );
    assert!(applied > 10_000, "{told}");

    let killed = killed_place(store);
    let told = killed.told(&SALES);
    assert_eq!(account(&told, LINES), [0, applied, rejected], "{told}");
    assert_eq!(killed.stock(), whole.stock());
    let rejected = |place: &Place| place.rejected("sales.csv.rejected.csv");
    assert_eq!(
        rejected(&killed),
        rejected(&whole),
        "the same lines are rejected for the same reason"
    );
    let verified = killed.told(&["verify"]);
    assert!(verified.contains("verified: I1 I2 I3 I4 I5 I6 hold"), "{verified}");
}

#[test]
fn killed_imports_end_like_a_whole_one_on_sqlite() {
    killed_imports_end_like_a_whole_one("sqlite");
}

#[test]
fn killed_imports_end_like_a_whole_one_on_jsonl() {
    killed_imports_end_like_a_whole_one("jsonl");
}

/// Where the fault strikes: after the last change of an import and before its first checkpoint after the one that begins
/// it. No kill hits that moment for sure, so the checkpoint is put back to what it was at first.
///
/// What is right: what the log has is not done again, and what was rejected is rejected again.
#[test]
fn the_log_knows_what_the_checkpoint_does_not() {
    let place = place("sqlite");
    let begun = place.events(&[]).len();
    place.told(&SALES);
    let before = place.told(&["export", "events", "--personal"]);
    let [applied, _, rejected] = account(&place.told(&SALES), LINES);
    assert_eq!(applied, 0);
    let reasons = place.rejected("sales.csv.rejected.csv");
    put_back(&place, "sales.csv", 0, begun);
    let told = place.told(&SALES);
    assert_eq!(account(&told, LINES), [0, LINES - rejected, rejected], "{told}");
    assert_eq!(place.rejected("sales.csv.rejected.csv"), reasons);
    assert_eq!(place.told(&["export", "events", "--personal"]), before);
}

/// Puts the checkpoint of an import back to what it was after a line, when the log ended at a position.
fn put_back(place: &Place, file: &str, line: u64, position: usize) {
    let (path, mut state) = checkpoint(place, file);
    assert_eq!(state["done"], json!(true));
    let lines = line.saturating_sub(1);
    for (field, at_first) in [
        ("throughLine", json!(line)),
        ("position", json!(position)),
        (
            "tally",
            json!({"lines": lines, "applied": lines, "rejected": {}, "dropped": {}, "received": 0, "notReceived": 0}),
        ),
        ("rejectedBytes", json!(0)),
        ("done", json!(false)),
    ] {
        state[field] = at_first;
    }
    place.write(&path, &state.to_string());
}

/// Where the fault strikes: an import of an export that overlaps with an earlier one is killed inside a basket of it.
///
/// What is right: the rest of the basket is applied before, as its beginning was.
#[test]
fn a_basket_of_an_earlier_export_is_gone_on_with_where_it_was_cut() {
    let place = small_place();
    let monday =
        "store_code,sku,quantity,basket_id\nS1,P1,1,T1\nS1,P2,2,T1\nS1,P1,3,T1\nS1,P2,4,T1\n";
    place.write("monday.csv", monday);
    place.told(&["import", "sales", "monday.csv"]);
    place.write("sales.csv", &format!("{monday}S1,P1,5,T2\n"));
    assert_eq!(account(&place.told(&SALES), 5), [1, 4, 0]);
    let stock = place.stock();
    let end = place.events(&[]).len();
    put_back(&place, "sales.csv", 3, end - 2);
    assert_eq!(account(&place.told(&SALES), 5), [0, 5, 0]);
    assert_eq!(place.stock(), stock);
}

/// Where the fault strikes: after a line was noted as rejected and before a checkpoint says so.
///
/// What is right: the line is decided when the import goes on, and another export knows of that.
#[test]
fn a_line_that_is_taken_after_all_is_booked_before_for_others() {
    let place = small_place();
    let header = "store_code,sku,quantity,basket_id\n";
    place.write("sales.csv", &format!("{header}S1,P1,500,T1\n"));
    assert_eq!(account(&place.told(&SALES), 1), [0, 0, 1]);
    let end = place.events(&[]).len();
    place.write("more.csv", "store_code,sku,quantity\nS1,P1,900\n");
    place.told(&["import", "stock", "more.csv"]);
    put_back(&place, "sales.csv", 0, end);
    assert_eq!(account(&place.told(&SALES), 1), [1, 0, 0]);
    place.write("week.csv", &format!("{header}S1,P1,500,T1\nS1,P1,1,T2\n"));
    assert_eq!(account(&place.told(&["import", "sales", "week.csv"]), 2), [1, 1, 0]);
    assert_eq!(place.on_hand("S1", "P1"), 1_000 - 500 - 1);
}

/// A place with a hundred of two products.
fn small_place() -> Place {
    let place = Place::new("sqlite");
    place.write("stores.csv", "code\nS1\n");
    place.write("products.csv", "sku,name\nP1,One\nP2,Two\n");
    place.write("stock.csv", "store_code,sku,quantity\nS1,P1,100\nS1,P2,100\n");
    for what in ["stores", "products", "stock"] {
        place.told(&["import", what, &format!("{what}.csv")]);
    }
    place
}

/// The checkpoint of the import of a file, from the place's folder on, and the state in it.
fn checkpoint(place: &Place, file: &str) -> (String, Value) {
    let kept = std::fs::read_dir(place.path("data/imports")).unwrap();
    let names = kept.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let states =
        names.filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "json"));
    let mut states = states.map(|name| {
        let path = format!("data/imports/{name}");
        let state: Value = serde_json::from_str(&place.read(&path)).unwrap();
        (path, state)
    });
    let is_of_it = |state: &Value| Path::new(state["file"].as_str().unwrap()).ends_with(file);
    states.find(|(_, state)| is_of_it(state)).unwrap()
}
