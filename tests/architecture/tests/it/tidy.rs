//! How a file must look: its first line, its length, and words that have no place in it.

use crate::workspace::{files, none};

/// Most lines of a source file.
const LINES_MAX: usize = 500;

/// Words of unfinished work, put together here so that this file does not have them.
const UNFINISHED: [&str; 7] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("to", "do!("),
    concat!("unimpl", "emented!("),
    concat!("d", "bg!("),
    concat!("#[ign", "ore]"),
];

/// How a test is skipped that needs a server, or data that is not published here: cargo counts it and says why.
const SKIPPED: &str = concat!("#[ign", "ore = \"");

/// How such a test is run.
const RUN_BY: [&str; 2] = [": make test-services", ": GONDOLA_TEST_DATA=FOLDER"];

/// Endings of the text files of the repository.
const TEXTS: [&str; 10] =
    [".rs", ".toml", ".md", ".json", ".html", ".css", ".js", ".txt", "Makefile", "run"];

#[test]
fn every_file_begins_with_what_lives_in_it() {
    let sources = files("", ".rs");
    let silent = sources.iter().filter(|source| !source.text.starts_with("//! "));
    let offenders: Vec<String> = silent.map(|source| source.path.clone()).collect();
    none(&offenders, "the first line of a file says what lives there, after //!");
}

#[test]
fn files_are_short() {
    let sources = files("", ".rs");
    let length = |text: &str| text.lines().count();
    let long = sources.iter().filter(|source| length(&source.text) > LINES_MAX);
    let told = long.map(|source| format!("{} has {} lines", source.path, length(&source.text)));
    none(&told.collect::<Vec<_>>(), "a file has at most 500 lines, better 400");
}

#[test]
fn nothing_is_left_unfinished() {
    let mut offenders = Vec::new();
    for source in files("", ".rs") {
        for (number, line) in source.text.lines().enumerate() {
            let found = UNFINISHED.iter().filter(|word| line.contains(*word));
            offenders.extend(found.map(|word| format!("{}:{}: {word}", source.path, number + 1)));
        }
    }
    none(&offenders, "finish it, or open an issue");
}

#[test]
fn a_test_that_is_skipped_says_what_it_needs_and_how_it_is_run() {
    let mut offenders = Vec::new();
    for source in files("", ".rs") {
        for (number, line) in source.text.lines().enumerate() {
            let reason = line.split(SKIPPED).nth(1).and_then(|rest| rest.split('"').next());
            let silent = reason.filter(|reason| {
                !reason.starts_with("needs ") || !RUN_BY.iter().any(|how| reason.ends_with(how))
            });
            offenders
                .extend(silent.map(|reason| format!("{}:{}: {reason}", source.path, number + 1)));
        }
    }
    none(
        &offenders,
        "only a test that needs a server, or data that may not be published here, may be skipped: \"needs X: make test-services\"",
    );
}

/// `expect` complains when the exception is no longer needed. Only a macro that others fill may need `allow`.
#[test]
fn exceptions_from_lints_give_a_reason() {
    let mut offenders = Vec::new();
    for source in files("", ".rs") {
        let text = &source.text;
        for attribute in ["allow(", "expect("] {
            let starts = [format!("#[{attribute}"), format!("#![{attribute}")];
            for (at, start) in starts.iter().flat_map(|start| text.match_indices(start.as_str())) {
                let whole = &text[at..text[at..].find(")]").map_or(text.len(), |end| at + end)];
                if !whole.contains("reason = ") {
                    let line = text[..at].lines().count() + 1;
                    offenders.push(format!("{}:{line}: {start}", source.path));
                }
            }
        }
    }
    none(&offenders, "an exception from a lint is #[expect(lint, reason = \"...\")]");
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    let places = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let mut offenders = Vec::new();
    for ending in TEXTS {
        for source in files("", ending) {
            for (number, line) in source.text.lines().enumerate() {
                let found = places.iter().filter(|place| line.contains(*place));
                offenders
                    .extend(found.map(|place| format!("{}:{}: {place}", source.path, number + 1)));
            }
        }
    }
    none(&offenders, "a path of one machine means nothing on another");
}

#[test]
fn texts_end_with_a_line_break_and_have_no_tabs_or_trailing_blanks() {
    let mut offenders = Vec::new();
    for source in [".rs", ".toml", ".md"].into_iter().flat_map(|ending| files("", ending)) {
        let (path, text) = (&source.path, &source.text);
        if !text.ends_with('\n') || text.ends_with("\n\n") {
            offenders.push(format!("{path}: must end with exactly one line break"));
        }
        let untidy = |line: &str| line.ends_with(char::is_whitespace) || line.contains('\t');
        let lines = text.lines().enumerate().filter(|(_, line)| untidy(line));
        offenders.extend(lines.map(|(number, _)| format!("{path}:{}: blanks or tabs", number + 1)));
    }
    none(&offenders, "white space means nothing, so there is none to trip over");
}
