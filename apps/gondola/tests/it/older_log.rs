//! A copy of the log from before some imports is put back: what it does not have is booked again, and nothing else.

use std::path::PathBuf;

use crate::gondola::{Place, account, copy};

const HEADER: &str = "store_code,sku,quantity,basket_id\n";
const MONDAY: &str = "S1,P1,1,T1\nS1,P1,2,T1\nS1,PX,2,T2\n";
const TUESDAY: &str = "S1,P1,4,T3\nS1,P1,8,T3\nS1,P1,16,T4\n";

impl Place {
    /// The folders that have the inventory's log, its index and its views.
    fn log_folders(&self) -> Vec<PathBuf> {
        let folders = ["data/inventory", "data/events"].map(|folder| self.path(folder));
        folders.into_iter().filter(|folder| folder.exists()).collect()
    }

    fn import(&self, what: &str, file: &str, lines: u64) -> [u64; 3] {
        account(&self.told(&["import", what, file]), lines)
    }
}

/// A place whose log has been put back to what it was after Monday; all of Tuesday is lost, and the end of the week before
/// that is an export with Monday in it.
fn put_back(store: &'static str) -> Place {
    let place = Place::new(store);
    place.write("stores.csv", "code\nS1\n");
    place.write("products.csv", "sku,name\nP1,One\n");
    place.write("stock.csv", "store_code,sku,quantity\nS1,P1,1000\n");
    place.write("monday.csv", &format!("{HEADER}{MONDAY}"));
    place.write("tuesday.csv", &format!("{HEADER}{MONDAY}{TUESDAY}"));
    place.write("delivery.csv", "store_code,sku,quantity\nS1,P1,64\n");
    for what in ["stores", "products", "stock"] {
        place.told(&["import", what, &format!("{what}.csv")]);
    }
    assert_eq!(place.import("sales", "monday.csv", 3), [2, 0, 1]);
    let older = place.path("older");
    for folder in place.log_folders() {
        copy(&folder, &older.join(folder.file_name().unwrap()));
    }
    assert_eq!(place.import("sales", "tuesday.csv", 6), [3, 2, 1]);
    assert_eq!(place.import("stock", "delivery.csv", 1), [1, 0, 0]);
    for folder in place.log_folders() {
        std::fs::remove_dir_all(&folder).unwrap();
        copy(&older.join(folder.file_name().unwrap()), &folder);
    }
    place
}

#[test]
fn what_was_lost_is_noticed_by_what_was_imported_and_booked_again_once_it_is_accepted() {
    for store in ["sqlite", "jsonl"] {
        let place = put_back(store);
        let error = place.error(&["export", "events"]);
        for told in ["ends at position", "imports/", "accept-older-log"] {
            assert!(error.contains(told), "{store}: {error}");
        }
        let told = place.told(&["accept-older-log"]);
        let [_, _, wanted @ ..] = &*told.lines().collect::<Vec<_>>() else { panic!("{told}") };
        let [sentence, sales, stock] = wanted else { panic!("{told}") };
        assert!(sentence.contains("import them again in this order"), "{told}");
        assert!(sales.contains("import sales ") && sales.ends_with("tuesday.csv"), "{told}");
        assert!(stock.contains("import stock ") && stock.ends_with("delivery.csv"), "{told}");

        // the log grows past where it ended, and nothing is believed for that
        place.write("more.csv", &format!("{HEADER}{}", "S1,P1,1,M1\n".repeat(30)));
        assert_eq!(place.import("sales", "more.csv", 30), [30, 0, 0]);
        assert_eq!(place.import("sales", "monday.csv", 3), [0, 2, 1]);
        let told = place.told(&["import", "sales", "tuesday.csv"]);
        assert_eq!(account(&told, 6), [3, 2, 1], "{told}");
        assert!(told.contains("the log is not the one"), "{told}");
        assert_eq!(place.import("stock", "delivery.csv", 1), [1, 0, 0]);
        assert_eq!(place.on_hand("S1", "P1"), 1_000 - 3 - 28 + 64 - 30);
        for (what, file, lines, expected) in
            [("sales", "tuesday.csv", 6, [0, 5, 1]), ("stock", "delivery.csv", 1, [0, 1, 0])]
        {
            assert_eq!(place.import(what, file, lines), expected, "{store} {file}");
        }
    }
}
