//! Which crate may depend on which, and what every manifest must say.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cargo_metadata::{DependencyKind, Package};

use crate::workspace::{files, metadata, none, read, root};

/// Where the crate graph is written down, to be reviewed as a difference.
const GRAPH: &str = "tests/architecture/crate-graph.txt";

/// What the pure crates may use of others.
const PURE: [(&str, &[&str]); 5] = [
    ("kit-core", &["jiff", "serde", "thiserror", "uuid"]),
    // utoipa says what shapes the types have in JSON, and does nothing else
    ("gondola-contracts", &["serde", "serde_json", "thiserror", "utoipa", "uuid"]),
    ("gondola-inventory-domain", &["serde", "thiserror", "uuid"]),
    // jiff says when quiet hours end by the clocks of a place, and does nothing else
    ("gondola-notification-domain", &["jiff", "serde", "thiserror", "uuid"]),
    ("gondola-store-domain", &["serde", "thiserror", "uuid"]),
];

/// Programs behind a command of the binary: they may see several contexts, and no context sees them.
const TOOLS: [&str; 5] =
    ["gondola-bench", "gondola-export", "gondola-files", "gondola-import", "gondola-verify"];

fn is_test_crate(name: &str) -> bool {
    ["gondola-architecture-tests", "gondola-system-tests"].contains(&name)
}

/// Names of a crate's dependencies of some kinds, ours or others'.
fn dependencies(package: &Package, ours: bool, kinds: &[DependencyKind]) -> BTreeSet<String> {
    let of_kind = package.dependencies.iter().filter(|one| kinds.contains(&one.kind));
    of_kind.filter(|one| one.path.is_some() == ours).map(|one| one.name.clone()).collect()
}

/// Our crates with those of ours that they need to run, without the crates that only hold tests.
fn arrows() -> Vec<(String, BTreeSet<String>)> {
    let packages = metadata().workspace_packages();
    let ours = packages.into_iter().filter(|package| !is_test_crate(&package.name));
    let kinds = [DependencyKind::Normal, DependencyKind::Build];
    ours.map(|package| (package.name.to_string(), dependencies(package, true, &kinds))).collect()
}

#[test]
fn the_kit_knows_nothing_about_retail() {
    let mut offenders = Vec::new();
    for (from, to) in arrows().into_iter().filter(|(from, _)| from.starts_with("kit-")) {
        let wrong = to.iter().filter(|to| !to.starts_with("kit-"));
        offenders.extend(wrong.map(|to| format!("{from} -> {to}")));
        if from == "kit-core" && !to.is_empty() {
            offenders.push(format!("kit-core -> {to:?}, but it stands alone"));
        }
    }
    none(&offenders, "kit crates depend on kit crates only, kit-core on none of ours");
}

#[test]
fn domains_and_contracts_depend_on_the_core_alone() {
    let pure = |name: &str| name.ends_with("-domain") || name == "gondola-contracts";
    let only_core = BTreeSet::from(["kit-core".to_owned()]);
    let wrong = arrows().into_iter().filter(|(from, to)| pure(from) && *to != only_core);
    let offenders: Vec<String> = wrong.map(|(from, to)| format!("{from} -> {to:?}")).collect();
    none(&offenders, "domains and contracts depend on kit-core and nothing else of ours");
}

#[test]
fn a_context_sees_its_own_domain_and_no_other_context() {
    let mut offenders = Vec::new();
    for (from, to) in arrows() {
        if !from.starts_with("gondola-") || TOOLS.contains(&from.as_str()) {
            continue;
        }
        let own_domain = format!("{from}-domain");
        let allowed = |to: &&String| {
            to.starts_with("kit-") || **to == own_domain || *to == "gondola-contracts"
        };
        offenders.extend(to.iter().filter(|to| !allowed(to)).map(|to| format!("{from} -> {to}")));
    }
    none(&offenders, "only apps/gondola and its tools may see several contexts");
}

/// What the product and its proof share cannot be proved: a fault in it would hide itself.
#[test]
fn verify_shares_nothing_with_the_product() {
    let verify = arrows().into_iter().find(|(from, _)| from == "gondola-verify");
    let (_, to) = verify.expect("there is a crate gondola-verify");
    none(&to.into_iter().collect::<Vec<_>>(), "gondola-verify depends on no crate of ours");
}

#[test]
fn nobody_depends_on_the_binary_or_on_test_crates() {
    let mut offenders = Vec::new();
    for package in metadata().workspace_packages() {
        let kinds = [DependencyKind::Normal, DependencyKind::Build, DependencyKind::Development];
        let wrong = dependencies(package, true, &kinds);
        let wrong = wrong.iter().filter(|to| *to == "gondola" || is_test_crate(to));
        offenders.extend(wrong.map(|to| format!("{} -> {to}", package.name)));
    }
    none(&offenders, "the binary and the test crates are the end of every arrow");
}

#[test]
fn the_testkit_is_in_no_product_crate() {
    let users = arrows().into_iter().filter(|(_, to)| to.contains("kit-testkit"));
    let offenders: Vec<String> = users.map(|(from, _)| from).collect();
    none(&offenders, "kit-testkit is a development dependency only");
}

#[test]
fn pure_crates_use_what_is_on_their_list() {
    let mut offenders = Vec::new();
    for (name, allowed) in PURE {
        let packages = metadata().workspace_packages();
        let package = packages.into_iter().find(|package| package.name == name);
        let package = package.unwrap_or_else(|| panic!("there is no crate {name}"));
        let used = dependencies(package, false, &[DependencyKind::Normal, DependencyKind::Build]);
        let wrong = used.iter().filter(|used| !allowed.contains(&used.as_str()));
        offenders.extend(wrong.map(|used| format!("{name} uses {used}")));
    }
    none(&offenders, "no input, no output, no runtime: see docs/adr/001-crate-shape.md");
}

#[test]
fn every_domain_is_on_the_list_of_pure_crates() {
    let domains = arrows().into_iter().map(|(name, _)| name);
    let missing = domains.filter(|name| name.ends_with("-domain"));
    let missing = missing.filter(|name| !PURE.iter().any(|(pure, _)| pure == name));
    none(&missing.collect::<Vec<_>>(), "add it to PURE in this file");
}

/// A new arrow is a design decision: it must show in a review.
#[test]
fn the_crate_graph_is_the_written_one() {
    let mut graph = String::new();
    for package in metadata().workspace_packages() {
        let runs = dependencies(package, true, &[DependencyKind::Normal, DependencyKind::Build]);
        let tests = dependencies(package, true, &[DependencyKind::Development]);
        let tests = tests.difference(&runs).map(|name| format!("({name})"));
        let to: Vec<String> = runs.iter().cloned().chain(tests).collect();
        writeln!(graph, "{} -> {}", package.name, to.join(" ")).expect("a string takes all");
    }
    let mut lines: Vec<&str> = graph.lines().map(str::trim_end).collect();
    lines.sort_unstable();
    let graph = lines.join("\n") + "\n";
    let written = std::fs::read_to_string(root().join(GRAPH)).unwrap_or_default();
    let now = concat!(env!("CARGO_TARGET_TMPDIR"), "/crate-graph.txt");
    std::fs::write(now, &graph).expect("the target folder can be written");
    assert!(
        written == graph,
        "the crates depend on each other otherwise than {GRAPH} says; if that is meant, copy {now} over it"
    );
}

#[test]
fn manifests_take_versions_and_lints_from_the_workspace() {
    let mut offenders = Vec::new();
    for manifest in files("", "Cargo.toml").iter().filter(|file| file.path != "Cargo.toml") {
        let path = &manifest.path;
        if !manifest.text.contains("[lints]\nworkspace = true\n") {
            offenders.push(format!("{path}: wants `[lints] workspace = true`"));
        }
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            if !manifest.text.contains(&format!("\n{key}.workspace = true\n")) {
                offenders.push(format!("{path}: wants `{key}.workspace = true`"));
            }
        }
        let mut section = "";
        for line in manifest.text.lines() {
            if line.starts_with('[') {
                section = line;
            } else if section.contains("dependencies")
                && line.contains('=')
                && !line.contains("workspace = true")
            {
                offenders.push(format!("{path}: {line}: versions belong into the root manifest"));
            }
        }
    }
    none(&offenders, "manifests agree with the workspace");
}

#[test]
fn every_shared_dependency_has_a_line_that_says_why() {
    let manifest = read("Cargo.toml");
    let listed = manifest.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let listed = listed.split("\n[").next().unwrap_or_default();
    let theirs = listed.lines().filter(|line| !line.contains("path = "));
    let names = theirs.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
    let record = read("docs/adr/018-dependencies.md");
    let missing = names.filter(|name| !record.contains(&format!("`{name}`")));
    let missing: Vec<String> = missing.map(str::to_owned).collect();
    none(&missing, "docs/adr/018-dependencies.md says what each dependency saves us");
    let rows = record.lines().filter(|line| line.starts_with("| `"));
    let told = rows.filter_map(|row| row.split('|').nth(1));
    let told = told.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let unused = told.filter(|name| !listed.contains(&format!("\n{name} = ")));
    let unused: Vec<String> = unused.map(str::to_owned).collect();
    none(&unused, "docs/adr/018-dependencies.md names dependencies that are gone");
}
