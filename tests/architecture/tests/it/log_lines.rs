//! `docs/log-lines.md` names every line that the programs may log, with its level, and none that they do not.

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace::{files, none, read};

/// Where programs are that log.
const PROGRAMS: [&str; 4] = ["apps", "kit", "services", "tools/files"];

/// How a line begins that operators see unless they ask for less.
const MACROS: [(&str, &str); 3] =
    [("tracing::error!(", "error"), ("tracing::warn!(", "warn"), ("tracing::info!(", "info")];

/// What stands between an opening parenthesis and the one that closes it.
fn arguments(code: &str) -> &str {
    let mut depth = 1;
    let mut in_text = false;
    let mut before = ' ';
    for (at, character) in code.char_indices() {
        match character {
            '"' if before != '\\' => in_text = !in_text,
            '(' if !in_text => depth += 1,
            ')' if !in_text => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &code[..at];
        }
        before = character;
    }
    code
}

/// The name of a line: the last text among its arguments.
fn name(arguments: &str) -> Option<&str> {
    arguments.rsplit('"').nth(1)
}

/// Each level at which a line is logged, by the line's name.
fn logged() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut lines: BTreeMap<String, BTreeSet<_>> = BTreeMap::new();
    for source in PROGRAMS.iter().flat_map(|folder| files(folder, ".rs")) {
        let is_a_test = source.path.contains("/tests/") || source.path.ends_with("/tests.rs");
        if is_a_test {
            continue;
        }
        let code = source.code();
        for (begin, level) in MACROS {
            for call in code.split(begin).skip(1) {
                let arguments = arguments(call);
                let name = name(arguments);
                let name = name.unwrap_or_else(|| panic!("{}: no name: {arguments}", source.path));
                lines.entry(name.to_owned()).or_default().insert(level);
            }
        }
    }
    lines
}

/// Each level that the document gives a line, by the line's name.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let page = read("docs/log-lines.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let (name, rest) = row.split_once("` |").expect("a name ends with `");
        let levels = rest.split('|').next().unwrap_or_default();
        (name.to_owned(), levels.split(',').map(|level| level.trim().to_owned()).collect())
    })
    .collect()
}

#[test]
fn each_line_is_told_with_its_level() {
    let (logged, documented) = (logged(), documented());
    let mut offenders = Vec::new();
    for (name, levels) in &logged {
        match documented.get(name) {
            None => offenders.push(format!("{name} ({levels:?}): docs/log-lines.md lacks it")),
            Some(told) if !told.iter().map(String::as_str).eq(levels.iter().copied()) => {
                offenders.push(format!("{name}: is logged as {levels:?}, told as {told:?}"));
            }
            Some(_) => {}
        }
    }
    let gone = documented.keys().filter(|name| !logged.contains_key(*name));
    offenders.extend(gone.map(|name| format!("{name}: is told, and nothing logs it")));
    none(&offenders, "docs/log-lines.md has every line that the programs log");
}

#[test]
fn a_line_is_called_by_a_name() {
    let is_of_a_name = |character: char| character.is_ascii_lowercase() || character == '_';
    let sentences = logged().into_keys().filter(|name| !name.chars().all(is_of_a_name));
    none(&sentences.collect::<Vec<_>>(), "names like view_is_built_anew can be searched for");
}

#[test]
fn a_name_is_the_last_text_of_a_call() {
    let call = "error = %told(\"a (\\\"b\\\")\"), \"view_failed\"); other(\"x\")";
    assert_eq!(name(arguments(call)), Some("view_failed"));
    assert_eq!(name("nothing"), None);
}
