//! A context's README tells its language exactly, and every event that was ever stored has a sample.

use std::collections::BTreeSet;
use std::path::Path;

use crate::workspace::{Source, files, none, read, root};

/// The bounded contexts: folders of `services/` with a domain.
fn contexts() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("services")).expect("services/ can be listed");
    let folders =
        entries.filter_map(Result::ok).filter(|entry| entry.path().join("domain").is_dir());
    let mut names: Vec<String> =
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    assert!(names.len() >= 2, "contexts have moved: {names:?}");
    names
}

fn domain(context: &str) -> Vec<Source> {
    files(&format!("services/{context}/domain/src"), ".rs")
}

/// The commands of a domain: the variants of its enums `Command` or `...Command`.
fn commands(context: &str) -> BTreeSet<String> {
    let mut commands = BTreeSet::new();
    for source in domain(context) {
        let code = source.code();
        for body in code.split("pub enum ").skip(1) {
            let (name, rest) = body.split_once(" {\n").unwrap_or_default();
            if !name.split('<').next().unwrap_or_default().ends_with("Command") {
                continue;
            }
            let variants = rest.split("\n}").next().unwrap_or_default().lines();
            let variants = variants.filter_map(|line| line.strip_prefix("    ")?.split('(').next());
            let names =
                variants.filter(|name| name.starts_with(|first: char| first.is_uppercase()));
            commands.extend(names.map(str::to_owned));
        }
    }
    commands
}

/// The events of a domain: the texts `"...Event"` in its sources, which are the names in the log.
fn events(context: &str) -> BTreeSet<String> {
    let mut events = BTreeSet::new();
    for source in domain(context) {
        let code = source.code();
        let texts = code.split('"').skip(1).step_by(2);
        let event = |text: &&str| {
            text.ends_with("Event") && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        events.extend(texts.filter(event).map(str::to_owned));
    }
    events
}

/// The first word of each row of the table below a heading.
fn listed(readme: &str, heading: &str) -> BTreeSet<String> {
    let section = readme.split(&format!("\n## {heading}\n")).nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    rows.map(str::to_owned).collect()
}

#[test]
fn readmes_list_the_commands_and_events_that_exist() {
    let mut offenders = Vec::new();
    for context in contexts() {
        let readme = read(&format!("services/{context}/README.md"));
        for (heading, exist) in [("Commands", commands(&context)), ("Events", events(&context))] {
            assert!(!exist.is_empty(), "no {heading} found in services/{context}/domain");
            let told = listed(&readme, heading);
            let missing = exist.difference(&told).map(|name| format!("{name} is not listed"));
            let gone = told.difference(&exist).map(|name| format!("{name} does not exist"));
            let both = missing.chain(gone);
            offenders.extend(
                both.map(|what| format!("services/{context}/README.md: {heading}: {what}")),
            );
        }
        for heading in ["Language", "Invariants"] {
            if !readme.contains(&format!("\n## {heading}\n")) {
                offenders.push(format!("services/{context}/README.md: has no {heading}"));
            }
        }
    }
    none(&offenders, "the README of a context is its dictionary");
}

/// The services without a domain: they decide nothing, and say so.
fn others() -> Vec<String> {
    let contexts = contexts();
    let readmes = files("services", "README.md").into_iter();
    let names = readmes.filter_map(|readme| {
        let name = readme.path.strip_prefix("services/")?.strip_suffix("/README.md")?.to_owned();
        (!name.contains('/') && !contexts.contains(&name)).then_some(name)
    });
    names.collect()
}

#[test]
fn a_service_that_decides_nothing_has_a_readme_of_the_same_form() {
    let others = others();
    assert!(others.contains(&"gateway".to_owned()), "services have moved: {others:?}");
    let mut offenders = Vec::new();
    for service in others {
        let readme = read(&format!("services/{service}/README.md"));
        let offence = |what: String| format!("services/{service}/README.md: {what}");
        for heading in ["Language", "Commands", "Events", "Invariants"] {
            if !readme.contains(&format!("\n## {heading}\n")) {
                offenders.push(offence(format!("has no {heading}")));
            }
        }
        for heading in ["Commands", "Events"] {
            let told = listed(&readme, heading);
            offenders.extend(told.iter().map(|name| offence(format!("{name} does not exist"))));
        }
        let sources = files(&format!("services/{service}/src"), ".rs");
        let named = readme
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| Path::new(word).extension().is_some_and(|it| it == "rs"));
        let gone = named.filter(|name| {
            let end = format!("/{}", name.trim_start_matches("src/"));
            !sources.iter().any(|source| source.path.ends_with(&end))
        });
        offenders.extend(gone.map(|name| offence(format!("{name} does not exist"))));
    }
    none(&offenders, "the README of a service is its dictionary");
}

/// The value of a constant number in a file.
fn constant(text: &str, name: &str) -> Option<u16> {
    let value = text.split(&format!("const {name}: u16 = ")).nth(1)?;
    value.split(';').next()?.parse().ok()
}

#[test]
fn every_event_has_a_sample_of_every_version() {
    let mut offenders = Vec::new();
    for context in contexts() {
        let codec = read(&format!("services/{context}/service/src/use_cases/event_codec.rs"));
        let version = constant(&codec, "SCHEMA_VERSION");
        let version = version.expect("event_codec.rs says which version it writes");
        // a process may write a later version where an event has what the one before lacks
        let mut processes = files(&format!("services/{context}/service/src"), ".rs");
        processes.retain(|one| one.path.ends_with("/codec.rs"));
        let latest = processes.iter().filter_map(|one| constant(&one.text, "VERSION"));
        let latest = latest.max().unwrap_or(version).max(version);
        let folder = format!("services/{context}/service/golden");
        let samples: BTreeSet<String> =
            files(&folder, ".json").into_iter().map(|sample| sample.path).collect();
        let path = |event: &String, version| format!("{folder}/{event}.v{version}.json");
        let wanted: BTreeSet<String> = events(&context)
            .iter()
            .flat_map(|event| (1..=version).map(move |version| path(event, version)))
            .collect();
        offenders.extend(wanted.difference(&samples).map(|path| format!("{path} is missing")));
        // or `{event}.v{version}.{what is particular}.json`
        let of_an_event = |sample: &str| {
            events(&context).iter().any(|event| {
                let mut shapes = (1..=latest).map(|version| path(event, version));
                shapes.any(|shape| sample.starts_with(shape.trim_end_matches("json")))
            })
        };
        let strange = samples.iter().filter(|path| !of_an_event(path));
        offenders.extend(strange.map(|path| format!("{path} is of no event")));
    }
    none(&offenders, "golden files show every shape that was ever stored");
}

#[test]
fn every_integration_event_has_a_sample() {
    let list = read("contracts/src/topics.rs");
    let types = list.split('"').skip(1).step_by(2).filter(|text| text.starts_with("gondola."));
    let types: BTreeSet<&str> = types.collect();
    assert!(types.len() >= 5, "the list of integration events has moved");
    let missing = types.into_iter().map(|name| format!("contracts/golden/{name}.json"));
    let missing = missing.filter(|path| !root().join(path).exists());
    none(&missing.collect::<Vec<_>>(), "what was promised to other contexts has a sample");
}
