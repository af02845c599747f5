//! How files of every kind are written: delimiters, encodings, numbers, dates, units, quotes, doubled columns.

use crate::gondola::{Place, account, count};

fn place() -> Place {
    let place = Place::new("sqlite");
    place.write("catalogue-stores.csv", "code\nS1\nS2\n");
    place.write("catalogue-products.csv", "sku,name\nP1,One\nP2,Two\n");
    place.write("first.csv", "store_code,sku,quantity\nS1,P1,5000\nS1,P2,5000\n");
    place.told(&["import", "stores", "catalogue-stores.csv"]);
    place.told(&["import", "products", "catalogue-products.csv"]);
    place.told(&["import", "stock", "first.csv"]);
    place
}

/// A file of each kind with two lines, that are taken.
const KINDS: [(&str, &str); 5] = [
    ("stores", "code,name,city\nS7,Loja São João,São Paulo\nS8,Loja Norte,Belém\n"),
    ("products", "sku,name,brand\nP7,Pão,Avó\nP8,Limão,Avó\n"),
    ("stock", "store_code,sku,quantity\nS1,P1,7\nS2,P2,8\n"),
    ("counts", "store_code,sku,counted\nS1,P1,7\nS2,P2,8\n"),
    ("sales", "store_code,sku,quantity\nS1,P1,7\nS1,P2,-8\n"),
];

/// Writes a text in some way.
type Written<'a> = &'a dyn Fn(&str) -> Vec<u8>;

#[test]
fn every_kind_is_read_with_every_delimiter_line_end_and_encoding() {
    let marked = |text: &str| format!("\u{feff}{text}");
    let ways: [(&str, Written<'_>, &[&str]); 7] = [
        ("semicolons", &|text| text.replace(',', ";").into(), &[]),
        ("tabs", &|text| text.replace(',', "\t").into(), &[]),
        ("pipes", &|text| text.replace(',', "|").into(), &[]),
        ("announced", &|text| format!("sep=;\r\n{}", text.replace(',', ";")).into(), &[]),
        ("a mark and carriage returns", &|text| marked(text).replace('\n', "\r\n").into(), &[]),
        ("UTF-16", &|text| marked(text).encode_utf16().flat_map(u16::to_le_bytes).collect(), &[]),
        (
            "Windows-1252",
            &|text| text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect(),
            &["--encoding", "windows-1252"],
        ),
    ];
    for (way, written, options) in ways {
        let place = place();
        for (what, text) in KINDS {
            let file = format!("{what}.csv");
            std::fs::write(place.path(&file), written(text)).unwrap();
            let told = place.told(&[&["import", what, &file], options].concat());
            assert_eq!(account(&told, 2), [2, 0, 0], "{way}, {what}: {told}");
        }
        let names = place.told(&["export", "events", "--context", "store"]);
        assert!(names.contains("Loja São João") && names.contains("Limão"), "{way}: {names}");
    }
}

#[test]
fn text_in_another_encoding_is_rejected_with_the_option_that_reads_it() {
    let place = place();
    for (what, line) in [
        ("stores", b"code,name\nS7,Bel\xe9m\nS8,Norte\n".as_slice()),
        ("products", b"sku,name\nP7,P\xe3o\nP8,Sal\n"),
        ("stock", b"store_code,sku,quantity,reason\nS1,P1,7,Devolu\xe7\xe3o\nS1,P2,1,\n"),
        ("counts", b"store_code,sku,counted,reason\nS1,P1,7,Invent\xe1rio\nS1,P2,1,\n"),
        ("sales", b"store_code,sku,quantity,basket_id\nS1,P1,1,Balc\xe3o 1\nS1,P2,-1,B2\n"),
    ] {
        let file = format!("{what}.csv");
        std::fs::write(place.path(&file), line).unwrap();
        let told = place.told(&["import", what, &file]);
        assert_eq!(account(&told, 2), [1, 0, 1], "{what}: {told}");
        let rejected = std::fs::read(place.path(&format!("{file}.rejected.csv"))).unwrap();
        let rejected = String::from_utf8_lossy(&rejected).into_owned();
        assert!(
            rejected.contains("not-utf8") && rejected.contains("--encoding windows-1252"),
            "{rejected}"
        );
        let told = place.told(&["import", what, &file, "--encoding", "windows-1252"]);
        assert_eq!(account(&told, 2), [1, 1, 0], "{what}: {told}");
    }
    // rejected lines of such a file are written as UTF-8 and read with the same option
    std::fs::write(place.path("more.csv"), b"code,name\nS  9,Bel\xe9m\n").unwrap();
    place.told(&["import", "stores", "more.csv", "--encoding", "windows-1252"]);
    let rejected = place.read("more.csv.rejected.csv");
    assert!(rejected.ends_with("S  9,Belém\n"), "{rejected}");
    place.write("more.csv.rejected.csv", &rejected.replace("S  9,Bel", "S9,Bel"));
    place.told(&["import", "stores", "more.csv.rejected.csv", "--encoding", "windows-1252"]);
    assert!(place.told(&["export", "events", "--context", "store"]).contains("Belém"));
}

#[test]
fn every_kind_refuses_what_it_cannot_read_as_a_whole() {
    let place = place();
    let events =
        |place: &Place| (place.events(&[]).len(), place.events(&["--context", "store"]).len());
    let before = events(&place);
    for (what, text) in KINDS {
        let (header, lines) = text.split_once('\n').unwrap();
        let unclosed = format!("{text}\"{lines}");
        let misplaced = format!("{header}\n\"a\" b,c,d\n{lines}");
        let swallowed = format!("{header}\nx,y,\"z\n{lines}a,b,\"\n");
        let doubled = format!("{header},{header}\n{lines}");
        let unsure = format!("{header};more\n{lines}");
        for (trouble, expected) in [
            (&unclosed, "line 4: the quote at the beginning of a field is never closed"),
            (&misplaced, "line 2: the quote at the beginning of a field is closed in the middle"),
            (&swallowed, "line 2: a quoted field goes on over the next lines"),
            (&doubled, "stands twice"),
            (&unsure, "--delimiter"),
            (&"PK\u{3}\u{4}".to_owned(), "as CSV in UTF-8"),
        ] {
            place.write("trouble.csv", trouble);
            let error = place.error(&["import", what, "trouble.csv"]);
            assert!(error.contains(expected), "{what}: {error}");
        }
    }
    assert_eq!(events(&place), before);
    assert!(!place.path("trouble.csv.rejected.csv").exists());
}

#[test]
fn numbers_are_read_by_what_the_file_shows() {
    let place = place();
    for (what, text, expected) in [
        // a decimal comma, so that the point groups thousands
        ("stock", "store_code;sku;quantity\nS2;P1;1.000\nS2;P2;12,0\n", 2),
        ("counts", "store_code;sku;counted\nS2;P1;1.234.567\nS2;P2;1.000\n", 2),
        ("sales", "store_code;sku;quantity;unit_price\nS1;P1;1.000;2,50\nS1;P2;1;1.250,00\n", 2),
        ("products", "sku;name;price\nP7;Seven;1.250\nP8;Eight;12,50\n", 2),
        ("stores", "code;latitude;longitude\nS7;-23,5505;-46,6333\nS8;42.517182;-92.455796\n", 2),
        // both, so that nothing is shown
        ("stock", "store_code;sku;quantity\nS2;P1;1.000\nS2;P1;2.0\nS2;P2;12,0\n", 2),
        ("products", "sku;name;price\nP5;Five;1.250\n", 0),
    ] {
        place.write("numbers.csv", text);
        let mut arguments = vec!["import", what, "numbers.csv"];
        if what == "products" {
            arguments.extend(["--currency", "BRL"]);
        }
        let told = place.told(&arguments);
        assert_eq!(count(&told, "applied"), expected, "{what}: {told}");
        std::fs::remove_file(place.path("numbers.csv")).unwrap();
    }
    let stock = place.stock();
    let on_hand = |sku: &str| stock[&("S2".to_owned(), sku.to_owned())].0;
    assert_eq!((on_hand("P1"), on_hand("P2")), (1_234_567 + 2, 1_000 + 12));
    let seventh = place.told(&["export", "events", "--context", "store"]);
    assert!(seventh.contains("125000"), "P7 costs 1,250.00: {seventh}");
    for place in ["-23.5505", "-46.6333", "42.517182", "-92.455796"] {
        assert!(seventh.contains(place), "{place}: {seventh}");
    }
}

#[test]
fn dates_are_read_by_their_order_zone_and_time_of_day() {
    let place = place();
    let mut number = 0;
    let mut times = |what: &str, dates: &[&str], options: &[&str]| -> Vec<String> {
        number += 1;
        let file = format!("dates-{number}.csv");
        let column = if what == "counts" { "counted" } else { "quantity" };
        let text = dated(column, dates);
        place.write(&file, &if what == "sales" { text.replace(",1,", ",-1,") } else { text });
        let before = place.events(&[]).len().to_string();
        let told = place.told(&[&["import", what, &file], options].concat());
        assert_eq!(account(&told, dates.len() as u64), [dates.len() as u64, 0, 0], "{told}");
        let events = place.events(&["--after", &before]);
        let at = |event: &serde_json::Value| event["occurredAt"].as_str().unwrap().to_owned();
        events.iter().map(at).collect()
    };
    // one date shows the order for all
    let at = times("stock", &["01/02/2026", "13/02/2026 08:30"], &[]);
    assert_eq!(at, ["2026-02-01T00:00:00.000Z", "2026-02-13T08:30:00.000Z"]);
    let at = times("stock", &["01/02/2026", "02/13/2026 8:30 PM"], &[]);
    assert_eq!(at, ["2026-01-02T00:00:00.000Z", "2026-02-13T20:30:00.000Z"]);
    let at = times("stock", &["01/02/2026"], &["--date-order", "dmy", "--time-zone", "-03:00"]);
    assert_eq!(at, ["2026-02-01T03:00:00.000Z"]);
    let zoned = ["--time-zone", "America/Sao_Paulo", "--time-of-day", "18:30"];
    assert_eq!(times("counts", &["2026-01-05"], &zoned), ["2026-01-05T21:30:00.000Z"]);
    let at = times("counts", &["2026-01-06 07:00"], &["--time-zone", "UTC"]);
    assert_eq!(at, ["2026-01-06T07:00:00.000Z"]);
    assert_eq!(times("counts", &["2026-01-07T07:00:00Z"], &[]), ["2026-01-07T07:00:00.000Z"]);
    // returns, whose column of units is the same
    let at = times("sales", &["05.02.2026 17:15", "14.02.2026"], &["--time-zone", "-03:00"]);
    assert_eq!(at, ["2026-02-05T20:15:00.000Z", "2026-02-14T03:00:00.000Z"]);
}

#[test]
fn dates_that_can_be_two_or_lack_what_a_count_needs_are_refused() {
    let place = place();
    let before = place.events(&[]).len();
    for (what, dates, expected) in [
        ("stock", &["01/02/2026", "2026-02-13"][..], "\"01/02/2026\" can be two dates"),
        ("sales", &["03.04.2026", "04.03.2026"], "\"03.04.2026\" can be two dates"),
        (
            "sales",
            &["13/02/2026", "02/13/2026", "01/02/2026"],
            "\"02/13/2026\" has the month first",
        ),
        ("counts", &["2026-02-13", "2026-02-14 08:00"], "\"2026-02-13\" has no time of day"),
        ("counts", &["2026-02-13T08:00:00Z", "2026-02-14 08:00"], "has no time zone"),
    ] {
        let column = if what == "counts" { "counted" } else { "quantity" };
        place.write("dates.csv", &dated(column, dates));
        let error = place.error(&["import", what, "dates.csv"]);
        assert!(error.contains(expected), "{what} {dates:?}: {error}");
    }
    assert_eq!(place.events(&[]).len(), before);
}

/// A file with a line for each date.
fn dated(column: &str, dates: &[&str]) -> String {
    let lines: Vec<String> = dates.iter().map(|date| format!("S1,P1,1,{date}\n")).collect();
    format!("store_code,sku,{column},date\n{}", lines.concat())
}

#[test]
fn a_receipt_or_return_of_a_day_is_before_what_was_counted_that_day() {
    let place = place();
    place.write(
        "stock.csv",
        "store_code,sku,quantity,date,reason\nS1,P1,1,2026-01-05,\nS1,P1,1,somewhen,\n",
    );
    let told = place.told(&["import", "stock", "stock.csv"]);
    assert_eq!(account(&told, 2), [1, 0, 1], "{told}");
    assert_eq!(place.rejected("stock.csv.rejected.csv")[&3], "invalid-time");
    place.write("sales.csv", "store_code,sku,quantity,date\nS1,P1,-1,2026-01-05\n");
    place.told(&["import", "sales", "sales.csv"]);
    for event in place.events(&["--after", "2"]) {
        assert_eq!(event["occurredAt"], "2026-01-05T00:00:00.000Z");
    }
}

#[test]
fn units_of_measure_are_converted_in_every_kind_of_change() {
    let place = place();
    for (what, text, units, on_hand) in [
        ("stock", "store_code,sku,quantity,unit\nS2,P1,2,Case\nS2,P1,5,ea\n", "case=12", 29),
        (
            "sales",
            "store_code,sku,quantity,unit\nS2,P1,1,DOZEN\nS2,P1,-1,case\n",
            "case=6,dozen=12",
            23,
        ),
        ("counts", "store_code,sku,counted,uom,pack\nS2,P1,2,box,24\n", "pack", 48),
    ] {
        let file = format!("{what}.csv");
        place.write(&file, text);
        let error = place.error(&["import", what, &file]);
        assert!(error.contains("--units"), "{error}");
        place.told(&["import", what, &file, "--units", units]);
        assert_eq!(place.on_hand("S2", "P1"), on_hand, "{what}");
    }
    place.write("more.csv", "store_code,sku,quantity,unit\nS2,P1,2,pallet\nS2,P1,1,case\n");
    let told = place.told(&["import", "stock", "more.csv", "--units", "case=12"]);
    assert_eq!(account(&told, 2), [1, 0, 1], "{told}");
    assert!(place.read("more.csv.rejected.csv").contains("unit \"\"pallet\"\""));
    for (text, units, expected) in [
        ("store_code,sku,quantity\nS2,P1,2\n", "case=12", "no column for the unit of measure"),
        ("store_code,sku,quantity\nS2,P1,2\n", "pack", "no column \"pack\" for --units"),
    ] {
        place.write("none.csv", text);
        let error = place.error(&["import", "stock", "none.csv", "--units", units]);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn guarded_text_is_read_in_every_kind() {
    let place = place();
    place.write("stores.csv", "code,name\n'-7,'=Seven\n");
    place.write("products.csv", "sku,name\n'+7,'@Seven\n");
    place.write("stock.csv", "store_code,sku,quantity\n'-7,'+7,9\n");
    place.write("counts.csv", "store_code,sku,counted\n-7,'+7,8\n");
    place.write("sales.csv", "store_code,sku,quantity\n'-7,+7,3\n");
    for what in ["stores", "products", "stock", "counts", "sales"] {
        let told = place.told(&["import", what, &format!("{what}.csv")]);
        assert_eq!(account(&told, 1), [1, 0, 0], "{what}: {told}");
    }
    assert_eq!(place.on_hand("'-7", "'+7"), 5);
    let names = place.told(&["export", "events", "--context", "store"]);
    assert!(names.contains("\"=Seven\"") && names.contains("\"@Seven\""), "{names}");
}
