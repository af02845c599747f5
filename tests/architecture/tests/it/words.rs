//! Words that have no place here, each with what to say instead: the field's word, or the one of `docs/glossary.md`.

use std::path::Path;

use crate::workspace::{Source, files, names, none};

/// What not to say, and what to say instead.
///
/// `type X` is a declaration of that name in Rust, and the name between backticks in a document. A name with a capital, an
/// underscore or `fn` is looked for in code and between backticks. All else is prose, looked for everywhere in any case.
const BANNED: [(&str, &str); 30] = [
    ("whoever", "the caller, the reader, the operator: say who"),
    ("whomever", "the caller, the reader, the operator: say who"),
    ("bookmark", "the ring of recent events, or a read cursor"),
    ("bookmarks", "the ring of recent events, or read cursors"),
    ("empty sky", "nothing in flight"),
    ("gondola replay", "gondola rebuild-views"),
    ("type Behaviour", "Decider, Codec"),
    ("type Bookmarks", "RecentEvents, or a read cursor"),
    ("type By", "Caller"),
    ("type Entries", "CatalogueService"),
    ("type Generation", "Memtable"),
    ("type Listings", "CatalogueReadModel"),
    ("type Shelves", "Dataset"),
    ("type Tail", "RecentEvents, Memtable"),
    ("type Turn", "a permit"),
    ("type Turns", "BackgroundPermits"),
    ("type Watermarks", "MaxKeys, a key-range filter"),
    ("CachedLevels", "Cached"),
    ("EndReservation", "ReservationChange"),
    ("LevelAnswer", "StockLevel"),
    ("LevelRow", "StockLevel"),
    ("StoreError", "EventStoreError"),
    ("fn depart", "fn append, fn submit"),
    ("fn land", "fn complete"),
    ("fn look", "fn peek, fn inspect"),
    ("how_it_ended", "explain_ended"),
    ("let_go", "evict"),
    ("place_count", "resolve_late_count"),
    ("plan_end", "plan"),
    ("stand_back", "lower_thread_priority"),
];

/// What not to say in a folder where it would be a second word for the same thing.
const BANNED_BELOW: [(&str, &str, &str); 3] = [
    (
        "services/inventory/service/src/",
        "promise",
        "reservation (the whole), hold (of one stock level)",
    ),
    ("services/inventory/service/src/", "promises", "reservations, holds; a store can reserve"),
    ("services/inventory/service/src/", "promised", "reserved, held"),
];

/// How a type is declared.
const DECLARATIONS: [&str; 4] = ["struct", "enum", "trait", "type"];

/// Where the words themselves stand, and where users read what a thing was called before.
const EXCEPT: [&str; 2] = ["tests/architecture/tests/it/words.rs", "CHANGELOG.md"];

fn is_a_name(pattern: &str) -> bool {
    pattern.starts_with(char::is_uppercase) || pattern.starts_with("fn ") || pattern.contains('_')
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

/// The part of a line in which names stand.
fn code_of(path: &str, line: &str) -> String {
    if is_rust(path) {
        line.split("//").next().unwrap_or_default().to_owned()
    } else {
        line.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(" ")
    }
}

fn says(path: &str, line: &str, pattern: &str) -> bool {
    let code = code_of(path, line);
    match pattern.strip_prefix("type ") {
        Some(name) if is_rust(path) => {
            DECLARATIONS.iter().any(|keyword| names(&code, &format!("{keyword} {name}")))
        }
        Some(name) => names(&code, name),
        None if is_a_name(pattern) => names(&code, pattern),
        None => names(&line.to_lowercase(), pattern),
    }
}

fn banned_words(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        let below = BANNED_BELOW.iter().filter(|(folder, ..)| source.path.starts_with(folder));
        let all = below.map(|(_, pattern, instead)| (pattern, instead));
        let all = all.chain(BANNED.iter().map(|(pattern, instead)| (pattern, instead)));
        let banned = all.filter(|(pattern, _)| says(&source.path, line, pattern));
        found.extend(banned.map(|(pattern, instead)| {
            format!("{}:{}: {pattern}; say: {instead}", source.path, index + 1)
        }));
    }
    found
}

#[test]
fn nobody_says_a_word_that_the_field_has_a_better_one_for() {
    let sources = [".rs", ".md"].into_iter().flat_map(|ending| files("", ending));
    let sources = sources.filter(|source| !EXCEPT.contains(&source.path.as_str()));
    let offenders: Vec<String> = sources.flat_map(|source| banned_words(&source)).collect();
    none(&offenders, "the same word everywhere, see docs/glossary.md");
}

#[test]
fn names_are_looked_for_in_code_and_prose_everywhere() {
    assert!(says("a.rs", "pub struct Turns;", "type Turns"));
    assert!(!says("a.rs", "/// Turns text into a number.", "type Turns"));
    assert!(!says("a.rs", "struct Returns;", "type Turns"));
    assert!(says("a.md", "a permit of `Turns`", "type Turns"));
    assert!(says("a.rs", "self.land(1); fn land() {}", "fn land"));
    assert!(!says("a.rs", "fn landing() {}", "fn land"));
    assert!(says("a.rs", "// Whoever calls", "whoever"));
}
