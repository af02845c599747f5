//! Documents do not lie about places: links lead somewhere, named paths exist, decisions have their parts.

use std::path::Path;

use crate::workspace::{Source, files, none, read, root};

/// What a path of the repository begins with.
const ROOMS: [&str; 8] =
    ["apps/", "contracts/", "docs/", "kit/", "scripts/", "services/", "tests/", "tools/"];

/// Most words of a decision.
const DECISION_WORDS_MAX: usize = 450;

/// Most words of the README.
const README_WORDS_MAX: usize = 1_300;

/// Most columns of a line of prose, in the pages that strangers read first.
const COLUMNS_MAX: usize = 120;

/// Those pages.
const FIRST_PAGES: [&str; 4] =
    ["README.md", "README.es.md", "README.pt-BR.md", "docs/ARCHITECTURE.md"];

/// The text without blocks of code.
fn prose(source: &Source) -> String {
    source.text.split("```").step_by(2).collect()
}

/// Words are what has a letter or a digit: the marks of tables and lists are none.
fn words(text: &str) -> usize {
    let is_word = |part: &&str| part.contains(char::is_alphanumeric);
    text.split_whitespace().filter(is_word).count()
}

/// The lines of prose with their numbers: none of code blocks and tables, and none with a link, which cannot be broken.
fn prose_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_block = false;
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    numbered.filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        in_block ^= fence;
        !in_block && !fence && !line.starts_with('|') && !line.contains("](")
    })
}

fn exists_beside(source: &Source, target: &str) -> bool {
    let folder = Path::new(&source.path).parent().unwrap_or(Path::new(""));
    root().join(folder).join(target).exists()
}

#[test]
fn links_lead_somewhere() {
    let mut offenders = Vec::new();
    for source in files("", ".md") {
        for link in prose(&source).split("](").skip(1) {
            let target = link.split([')', '#', ' ']).next().unwrap_or_default();
            // an absolute path leads into the running product
            let elsewhere = target.contains(':') || target.starts_with('/');
            if !target.is_empty() && !elsewhere && !exists_beside(&source, target) {
                offenders.push(format!("{}: {target}", source.path));
            }
        }
    }
    none(&offenders, "relative links resolve");
}

#[test]
fn named_paths_exist() {
    let mut offenders = Vec::new();
    for source in files("", ".md") {
        for word in prose(&source).split('`').skip(1).step_by(2) {
            let whole = !word.contains(['{', '<', '*', ' ', '(']);
            if whole
                && ROOMS.iter().any(|room| word.starts_with(room))
                && !root().join(word).exists()
            {
                offenders.push(format!("{}: {word}", source.path));
            }
        }
    }
    none(&offenders, "a path in a document is a path of the repository");
}

#[test]
fn decisions_have_their_parts_and_stand_in_the_index() {
    let index = read("docs/adr/README.md");
    let mut offenders = Vec::new();
    for source in files("docs/adr", ".md") {
        let name = source.path.trim_start_matches("docs/adr/");
        if name == "README.md" {
            continue;
        }
        let (number, _) = name.split_once('-').unwrap_or_default();
        if number.len() != 3 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            offenders.push(format!("{name}: is not called NNN-title.md"));
        }
        if !index.contains(&format!("]({name})")) {
            offenders.push(format!("{name}: docs/adr/README.md does not list it"));
        }
        for part in ["Status: ", "## Context", "## Decision", "## Consequences"] {
            if !source.text.contains(&format!("\n{part}")) {
                offenders.push(format!("{name}: has no {part:?}"));
            }
        }
        let words = words(&source.text);
        if words > DECISION_WORDS_MAX {
            offenders.push(format!("{name}: has {words} words, more than {DECISION_WORDS_MAX}"));
        }
    }
    none(&offenders, "see docs/adr/README.md for the form of a decision");
}

#[test]
fn every_crate_of_the_kit_and_every_context_introduces_itself() {
    let rooms = ["kit", "services"].into_iter().flat_map(|folder| {
        let entries = std::fs::read_dir(root().join(folder)).expect("the folder can be listed");
        entries.filter_map(Result::ok).map(move |entry| (folder, entry.file_name()))
    });
    let rooms = rooms.map(|(folder, name)| format!("{folder}/{}", name.to_string_lossy()));
    let mute = rooms
        .filter(|room| root().join(room).is_dir() && !root().join(room).join("README.md").exists());
    none(&mute.collect::<Vec<_>>(), "each of these folders has a README.md");
}

#[test]
fn the_readme_is_short() {
    let words = words(&read("README.md"));
    assert!(words <= README_WORDS_MAX, "README.md has {words} words, more than {README_WORDS_MAX}");
}

#[test]
fn prose_of_the_first_pages_is_narrow() {
    let mut offenders = Vec::new();
    for page in FIRST_PAGES {
        let text = read(page);
        let wide = prose_lines(&text).filter(|(_, line)| line.chars().count() > COLUMNS_MAX);
        offenders.extend(wide.map(|(number, line)| {
            format!("{page}:{number}: has {} columns", line.chars().count())
        }));
    }
    none(&offenders, "a line of prose has at most 120 columns");
}

#[test]
fn tables_blocks_and_links_are_no_lines_of_prose() {
    let text = "prose\n```text\nblock\n```\n| table |\n- a [link](x)\nagain\n";
    assert_eq!(prose_lines(text).collect::<Vec<_>>(), [(1, "prose"), (7, "again")]);
    assert_eq!(words("| --- | two words | - |"), 2);
}
