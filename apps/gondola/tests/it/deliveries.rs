//! Files of equal content: the same file goes on, and another one is a second delivery only when people say so.

use std::io::Write;
use std::process::Stdio;

use crate::gondola::{Place, account};

fn place() -> Place {
    let place = Place::new("sqlite");
    place.write("stores.csv", "code\nS1\n");
    place.write("products.csv", "sku,name\nP1,One\n");
    place.told(&["import", "stores", "stores.csv"]);
    place.told(&["import", "products", "products.csv"]);
    place
}

const DELIVERY: &str = "store_code,sku,quantity\nS1,P1,10\n";

#[test]
fn every_kind_refuses_equal_lines_of_another_file_until_it_is_said_that_they_are_meant() {
    for (what, text, units) in [
        ("stock", DELIVERY, [10, 20, 30]),
        ("counts", "store_code,sku,counted\nS1,P1,10\n", [10, 10, 10]),
        ("sales", "store_code,sku,quantity,basket_id\nS1,P1,-10,T1\n", [10, 20, 30]),
    ] {
        let place = place();
        place.write("one.csv", text);
        place.write("other.csv", text);
        place.told(&["import", what, "one.csv"]);
        let events = place.events(&[]).len();
        let error = place.refused(&["import", what, "other.csv"], 3);
        assert!(error.contains("all lines of other.csv are equal to those of"), "{error}");
        assert!(error.contains("one.csv") && error.contains("--again books them"), "{error}");
        assert_eq!(place.events(&[]).len(), events);
        let told = place.told(&["import", what, "other.csv", "--again"]);
        assert_eq!(account(&told, 1), [1, 0, 0], "{what}: {told}");
        assert_eq!(place.on_hand("S1", "P1"), units[1], "{what}");
        // both are known now
        for file in ["one.csv", "other.csv"] {
            let told = place.told(&["import", what, file]);
            assert_eq!(account(&told, 1), [0, 1, 0], "{what}: {told}");
        }
        place.told(&["import", what, "one.csv", "--again"]);
        assert_eq!(place.on_hand("S1", "P1"), units[2], "{what}");
    }
}

#[test]
fn what_comes_in_on_standard_input_is_known_by_its_content() {
    let place = place();
    for expected in [[1, 0, 0], [0, 1, 0]] {
        let mut child = place.command(&["import", "stock", "-"]);
        let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(DELIVERY.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(account(&String::from_utf8(output.stdout).unwrap(), 1), expected);
    }
    assert_eq!(place.on_hand("S1", "P1"), 10);
}

#[test]
fn rejected_lines_never_overwrite_the_file_that_is_imported() {
    let place = place();
    place.write("stock.csv", DELIVERY);
    let error = place.error(&["import", "stock", "stock.csv", "--rejected", "./stock.csv"]);
    assert!(error.contains("give another file with --rejected"), "{error}");
    assert_eq!(place.read("stock.csv"), DELIVERY);
}

#[test]
fn the_exit_codes_are_in_the_help() {
    let place = place();
    for arguments in [&["import", "--help"][..], &["import", "stock", "--help"]] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_gondola"));
        let output = command.args(arguments).current_dir(place.path("")).output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(help.contains("Exit codes:") && help.contains("--again books them"), "{help}");
    }
}
