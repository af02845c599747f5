//! What `deny.toml` says about licences, sources and who may use what, checked without `cargo deny`.

use std::collections::BTreeSet;

use cargo_metadata::DependencyKind;

use crate::workspace::{metadata, none, read};

/// The quoted words of a line or list.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The list behind a key of `deny.toml`.
fn list(key: &str) -> BTreeSet<String> {
    let text = read("deny.toml");
    let after = text.split(&format!("\n{key} = [")).nth(1);
    let list = after.unwrap_or_else(|| panic!("deny.toml has no {key}"));
    quoted(list.split(']').next().unwrap_or_default())
}

/// A crate that only some may use: one line of `bans.deny`.
struct Ban {
    name: String,
    wrappers: BTreeSet<String>,
}

fn bans() -> Vec<Ban> {
    let text = read("deny.toml");
    let lines = text.lines().filter(|line| line.trim_start().starts_with("{ crate = "));
    let ban = |line: &str| {
        let name = line.split('"').nth(1).expect("a crate's name is quoted").to_owned();
        let wrappers = line.split("wrappers = [").nth(1).and_then(|rest| rest.split(']').next());
        Ban { name, wrappers: wrappers.map(quoted).unwrap_or_default() }
    };
    lines.map(ban).collect()
}

/// The packages that depend on a package directly.
fn dependents(name: &str) -> BTreeSet<String> {
    let metadata = metadata();
    let resolve = metadata.resolve.as_ref().expect("metadata has the resolved graph");
    let named = |id| metadata[id].name.to_string();
    let users =
        resolve.nodes.iter().filter(|node| node.dependencies.iter().any(|id| named(id) == name));
    users.map(|node| named(&node.id)).collect()
}

#[test]
fn crates_are_used_by_those_who_may() {
    let mut offenders = Vec::new();
    let bans = bans();
    assert!(bans.len() > 10, "deny.toml has lost its bans, or has them in another form");
    for Ban { name, wrappers } in bans {
        let users = dependents(&name);
        let wrong = users.difference(&wrappers);
        offenders.extend(wrong.map(|user| format!("{user} must not use {name}")));
        let stale = wrappers.difference(&users);
        offenders.extend(stale.map(|user| format!("{user} may use {name}, but does not")));
    }
    none(&offenders, "deny.toml says who may use what");
}

/// Crates of ours with what they may use in their tests only, which `deny.toml` has no words for.
const ONLY_IN_TESTS: [(&str, &str); 9] = [
    ("gondola", "csv"),
    ("gondola", "rust_xlsxwriter"),
    ("gondola", "rusqlite"),
    ("gondola-import", "rust_xlsxwriter"),
    ("gondola-notification", "standardwebhooks"),
    ("kit-http", "tracing-subscriber"),
    ("kit-service", "axum"),
    ("kit-telemetry", "opentelemetry-proto"),
    ("kit-telemetry", "prost"),
];

#[test]
fn crates_for_tests_are_in_tests_only() {
    let mut offenders = Vec::new();
    for (user, used) in ONLY_IN_TESTS {
        let packages = metadata().workspace_packages();
        let package = packages.into_iter().find(|package| package.name == user);
        let package = package.unwrap_or_else(|| panic!("there is no crate {user}"));
        let uses = package.dependencies.iter().filter(|one| one.name == used);
        let kinds: BTreeSet<String> = uses.map(|one| one.kind.to_string()).collect();
        if kinds != BTreeSet::from([DependencyKind::Development.to_string()]) {
            offenders.push(format!("{user} uses {used} as {kinds:?}"));
        }
    }
    none(&offenders, "these are development dependencies, and no others");
}

#[test]
fn every_package_comes_from_crates_io_or_from_here() {
    let allowed = list("allow-registry");
    let from_elsewhere = metadata().packages.iter().filter(|package| {
        let source = package.source.as_ref().map(|source| source.repr.as_str());
        source.is_some_and(|source| {
            let registry = source.strip_prefix("registry+").unwrap_or(source);
            !allowed.contains(registry)
        })
    });
    let offenders: Vec<String> = from_elsewhere.map(|package| package.id.to_string()).collect();
    none(&offenders, "deny.toml says where packages may come from");
}

#[test]
fn every_licence_is_on_the_list() {
    let allowed = list("allow");
    let mut offenders = Vec::new();
    for package in &metadata().packages {
        let licence = package.license.as_deref().unwrap_or("no licence");
        // before SPDX, a slash meant a choice
        if !satisfied(&licence.replace('/', " OR "), &allowed) {
            offenders.push(format!("{} {}: {licence}", package.name, package.version));
        }
    }
    none(&offenders, "deny.toml says which licences are fine");
}

/// Whether the allowed licences satisfy an SPDX expression: `AND` binds closer than `OR`, brackets closer than both.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let some = parts(expression, " OR ");
    if some.len() > 1 {
        return some.into_iter().any(|part| satisfied(part, allowed));
    }
    let all = parts(expression, " AND ");
    if all.len() > 1 {
        return all.into_iter().all(|part| satisfied(part, allowed));
    }
    let trimmed = expression.trim();
    match trimmed.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => satisfied(inner, allowed),
        None => allowed.contains(trimmed),
    }
}

/// Splits an expression at an operator outside of brackets.
fn parts<'a>(expression: &'a str, operator: &str) -> Vec<&'a str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0);
    for (at, character) in expression.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && expression[at..].starts_with(operator) => {
                parts.push(&expression[start..at]);
                start = at + operator.len();
            }
            _ => {}
        }
    }
    parts.push(&expression[start..]);
    parts
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Zlib".to_owned()]);
    for fine in ["MIT", "GPL-3.0 OR MIT", "MIT AND Zlib", "(GPL-3.0 OR MIT) AND Zlib"] {
        assert!(satisfied(fine, &allowed), "{fine}");
    }
    for not in ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Zlib) AND GPL-3.0", "MIT WITH x", ""] {
        assert!(!satisfied(not, &allowed), "{not}");
    }
}
