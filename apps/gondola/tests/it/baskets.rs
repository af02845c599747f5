//! Exports of sales that overlap: a basket is booked once.

use crate::gondola::{Place, account};

const HEADER: &str = "store_code,sku,quantity,basket_id\n";

fn place() -> Place {
    let place = Place::new("sqlite");
    place.write("stores.csv", "code\nS1\nS2\n");
    place.write("products.csv", "sku,name\nP1,One\nP2,Two\n");
    place.write("stock.csv", "store_code,sku,quantity\nS1,P1,100\nS1,P2,3\nS2,P1,100\n");
    for what in ["stores", "products", "stock"] {
        place.told(&["import", what, &format!("{what}.csv")]);
    }
    place
}

#[track_caller]
fn import(place: &Place, file: &str, lines: &[&str], expected: [u64; 3], more: &[&str]) {
    place.write(file, &format!("{HEADER}{}\n", lines.join("\n")));
    let told = place.told(&[&["import", "sales", file], more].concat());
    assert_eq!(account(&told, lines.len() as u64), expected, "{told}");
}

#[test]
fn a_basket_of_an_earlier_export_is_applied_before() {
    let place = place();
    let monday = ["S1,P1,2,T1", "S1,P1,2,T1", "S1,P2,1,T1", "S1,P1,5,T2"];
    import(&place, "monday.csv", &monday, [4, 0, 0], &[]);
    // the same number in another store is another basket
    let week = [&monday[..], &["S2,P1,5,T2", "S1,P1,-1,T3"]].concat();
    import(&place, "week.csv", &week, [2, 4, 0], &[]);
    let month = [&["S1,P1,7,T4"], &week[..]].concat();
    import(&place, "month.csv", &month, [1, 6, 0], &[]);
    assert_eq!(place.on_hand("S1", "P1"), 100 - 9 + 1 - 7);
    assert_eq!(place.on_hand("S2", "P1"), 95);
    // stock that sales need is not received for those that are booked
    let year = [&month[..], &["S1,P2,50,T5"]].concat();
    import(&place, "year.csv", &year, [1, 7, 0], &["--receive", "auto"]);
    assert_eq!(place.on_hand("S1", "P2"), 2);
}

#[test]
fn a_basket_with_other_lines_is_rejected_whole_and_stays_so() {
    let place = place();
    import(&place, "monday.csv", &["S1,P1,2,T1", "S1,P1,5,T2"], [2, 0, 0], &[]);
    for (file, line) in [("a.csv", "S1,P1,3,T1"), ("b.csv", "S1,P2,2,T1")] {
        import(&place, file, &[line, "S1,P1,5,T2"], [0, 1, 1], &[]);
        let rejected = place.read(&format!("{file}.rejected.csv"));
        assert!(rejected.contains("2,basket-changed,"), "{rejected}");
        assert!(rejected.contains("imported before with other lines"), "{rejected}");
    }
    // a line more, and one less
    import(&place, "c.csv", &["S1,P1,2,T1", "S1,P2,1,T1"], [0, 0, 2], &[]);
    import(&place, "d.csv", &["S1,P1,2,T1", "S1,P2,1,T1", "S1,P1,5,T2"], [0, 1, 2], &[]);
    assert_eq!(place.on_hand("S1", "P1"), 93);
    import(&place, "e.csv", &["S1,P1,3,T1"], [1, 0, 0], &["--again"]);
    assert_eq!(place.on_hand("S1", "P1"), 90);
}

#[test]
fn rejected_lines_of_a_basket_are_taken_when_they_come_again() {
    let place = place();
    let monday = ["S1,P1,2,T1", "S1,P2,9,T1", "S1,PX,1,T1"];
    import(&place, "monday.csv", &monday, [1, 0, 2], &[]);
    // corrected, as the rejected file is
    let rejected = place.read("monday.csv.rejected.csv").replace(",PX,", ",P1,");
    place.write("monday.csv.rejected.csv", &rejected);
    let told = place.told(&["import", "sales", "monday.csv.rejected.csv"]);
    assert_eq!(account(&told, 2), [1, 0, 1], "{told}");
    place.write("more.csv", "store_code,sku,quantity\nS1,P2,9\n");
    place.told(&["import", "stock", "more.csv"]);
    // corrected where it comes from; 9 of P2 can be had now
    let week = ["S1,P1,2,T1", "S1,P2,9,T1", "S1,P1,1,T1"];
    import(&place, "week.csv", &week, [1, 2, 0], &[]);
    import(&place, "month.csv", &[&week[..], &["S1,P1,1,T2"]].concat(), [1, 3, 0], &[]);
    assert_eq!((place.on_hand("S1", "P1"), place.on_hand("S1", "P2")), (96, 3));
}
