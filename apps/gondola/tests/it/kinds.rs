//! What holds for every kind of file: where it may come from, what is wrong with a line, and what a corrected line does.

use std::io::Write;
use std::process::Stdio;

use crate::gondola::{Place, account};

fn place() -> Place {
    let place = Place::new("sqlite");
    place.write("catalogue-stores.csv", "code\nS1\n");
    place.write("catalogue-products.csv", "sku,name\nP1,One\n");
    place.write("first.csv", "store_code,sku,quantity\nS1,P1,5000\n");
    place.told(&["import", "stores", "catalogue-stores.csv"]);
    place.told(&["import", "products", "catalogue-products.csv"]);
    place.told(&["import", "stock", "first.csv"]);
    place
}

/// The columns of a file of each kind, a good line, a broken one, and how it is corrected.
const KINDS: [(&str, &str, &str, &str, [&str; 2]); 5] = [
    ("stores", "code,name", "S7,Seven", "S  8,Eight", ["S  8", "S8"]),
    ("products", "sku,name", "P7,Seven", "P8,", ["P8,", "P8,Eight"]),
    ("stock", "store_code,sku,quantity", "S1,P1,7", "S1,P1,some", ["some", "8"]),
    ("sales", "store_code,sku,quantity", "S1,P1,7", "SX,P1,8", ["SX", "S1"]),
    ("counts", "store_code,sku,counted", "S1,P1,7", "S1,PX,8", ["PX", "P1"]),
];

#[test]
fn every_kind_is_read_gzipped_and_from_standard_input() {
    let place = place();
    for (what, columns, good, ..) in KINDS {
        let (file, text) = (format!("{what}.csv.gz"), format!("{columns}\n{good}\n"));
        place.write_gzipped(&file, &text);
        let told = place.told(&["import", what, &file]);
        assert_eq!(account(&told, 1), [1, 0, 0], "{what}: {told}");

        let other = format!("{columns}\n{}\n", good.replace('7', "9"));
        let mut child = place.command(&["import", what, "-"]);
        let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(other.as_bytes()).unwrap();
        let told = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        assert_eq!(account(&told, 1), [1, 0, 0], "{what}: {told}");
    }
    // counted last
    assert_eq!(place.on_hand("S1", "P1"), 9);
    let names = place.told(&["export", "events", "--context", "store"]);
    for code in ["S7", "S9", "P7", "P9"] {
        assert!(names.contains(&format!("\"{code}\"")), "{code}: {names}");
    }
}

#[test]
fn every_kind_takes_its_rejected_lines_when_they_are_corrected_and_nothing_twice() {
    for (what, columns, good, broken, [wrong, right]) in KINDS {
        let place = place();
        let file = format!("{what}.csv");
        place.write(&file, &format!("{columns}\n{good}\n{broken}\n"));
        for expected in [[1, 0, 1], [0, 1, 1]] {
            let told = place.told(&["import", what, &file]);
            assert_eq!(account(&told, 2), expected, "{what}: {told}");
        }
        let rejects = format!("{file}.rejected.csv");
        let line = place.read(&rejects).lines().nth(1).unwrap().to_owned();
        assert!(line.starts_with("3,") && line.ends_with(broken), "{what}: {line}");
        let corrected = line.replace(broken, &broken.replacen(wrong, right, 1));
        place.write(&rejects, &place.read(&rejects).replace(&line, &corrected));
        for expected in [[1, 0, 0], [0, 1, 0]] {
            let told = place.told(&["import", what, &rejects]);
            assert_eq!(account(&told, 1), expected, "{what}: {told}");
        }
        // the catalogue has both lines now; of stock, the corrected line is another one
        let told = place.told(&["import", what, &file]);
        assert_eq!(account(&told, 2)[0], 0, "{what}: {told}");
    }
}

#[test]
fn every_bad_line_of_stock_or_counts_is_rejected_for_what_is_wrong_with_it() {
    for (what, column, zero) in
        [("stock", "quantity", Some("zero-quantity")), ("counts", "counted", None)]
    {
        let place = place();
        let lines: [(&[u8], Option<&str>); 13] = [
            (b"S1,P1,5,2026-01-02T08:00:00Z,", None),
            (b"S1,P1,0,2026-01-02T09:00:00Z,", zero),
            (b"S1,P1,-1,,", Some("invalid-value")),
            (b"S1,P1,1.5,,", Some("invalid-quantity")),
            (b"S1,P1,2000000000,,", Some("invalid-value")),
            (b"SX,P1,1,,", Some("unknown-store")),
            (b"S1,PX,1,,", Some("unknown-product")),
            (b"S1,P  1,1,,", Some("invalid-value")),
            (b"S1,,1,,", Some("missing-value")),
            (b"S1,P1", Some("wrong-column-count")),
            (b"S1,P\xff,1,,", Some("not-utf8")),
            (b"S1,P1,1,2999-01-01T00:00:00Z,", Some("occurred-in-future")),
            (b"S1,P1,1,some day,", Some("invalid-time")),
        ];
        let mut text = format!("store_code,sku,{column},occurred_at,reason\n").into_bytes();
        for (line, _) in lines {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        std::fs::write(place.path("lines.csv"), text).unwrap();
        let told = place.told(&["import", what, "lines.csv"]);
        assert_rejected(&place, lines.map(|(_, code)| code), &told);
    }
}

#[test]
fn every_bad_line_of_a_catalogue_is_rejected_for_what_is_wrong_with_it() {
    let long = "x".repeat(300);
    let too_long = format!("{long},Name");
    for (what, columns, lines) in [
        (
            "stores",
            "code,name",
            [
                ("S7,Seven", None),
                ("S  8,Eight", Some("invalid-value")),
                (",Nine", Some("missing-value")),
                (&*too_long, Some("invalid-value")),
                ("S7", Some("wrong-column-count")),
            ],
        ),
        (
            "products",
            "sku,name",
            [
                ("P7,Seven", None),
                ("P  8,Eight", Some("invalid-value")),
                ("P9,", Some("missing-value")),
                (&too_long, Some("invalid-value")),
                ("P7,Seven,7", Some("wrong-column-count")),
            ],
        ),
    ] {
        let place = place();
        let text: Vec<_> = lines.iter().map(|(line, _)| *line).collect();
        place.write("lines.csv", &format!("{columns}\n{}\n", text.join("\n")));
        let told = place.told(&["import", what, "lines.csv"]);
        assert_rejected(&place, lines.map(|(_, code)| code), &told);
    }
}

/// The lines of `lines.csv` are rejected with these codes, or taken. A line need not be UTF-8.
#[track_caller]
fn assert_rejected<const N: usize>(place: &Place, codes: [Option<&str>; N], told: &str) {
    let file = place.path("lines.csv.rejected.csv");
    let mut csv = csv::ReaderBuilder::new().flexible(true).from_path(file).unwrap();
    let text = |field: &[u8]| std::str::from_utf8(field).unwrap().to_owned();
    let rows = csv.byte_records().map(|row| row.unwrap());
    let found: Vec<(u64, String)> =
        rows.map(|row| (text(&row[0]).parse().unwrap(), text(&row[1]))).collect();
    let expected = (2..).zip(codes).filter_map(|(line, code)| Some((line, code?.to_owned())));
    assert_eq!(found, expected.collect::<Vec<_>>(), "{told}");
}
