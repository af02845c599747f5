//! Documents do not lie about places: links lead somewhere, named paths exist, decisions have their parts.

use std::path::Path;

use crate::workspace::{Source, files, none, read, root};

/// What a path of the repository begins with.
const ROOMS: [&str; 7] =
    ["apps/", "contracts/", "docs/", "kit/", "scripts/", "services/", "tests/"];

/// Most lines of a decision.
const DECISION_LINES_MAX: usize = 60;

/// The text without blocks of code.
fn prose(source: &Source) -> String {
    source.text.split("```").step_by(2).collect()
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
        let lines = source.text.lines().count();
        if lines > DECISION_LINES_MAX {
            offenders.push(format!("{name}: has {lines} lines, more than {DECISION_LINES_MAX}"));
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
