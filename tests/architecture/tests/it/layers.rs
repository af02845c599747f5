//! Which part of a crate may name which: `http -> use_cases <- adapters`, and domains that do nothing but decide.

use crate::workspace::{files, names, none};

/// What a part of a service must not name.
struct Layer {
    /// The folder within `services/*/service/src`.
    folder: &'static str,
    forbidden: &'static [&'static str],
}

const LAYERS: [Layer; 3] = [
    Layer {
        folder: "use_cases",
        forbidden: &[
            "crate::http",
            "crate::adapters",
            "crate::module",
            "axum",
            "http",
            "kit_http",
            "kit_http_client",
            "kit_postgres",
            "kit_sqlite",
            "rusqlite",
            "tokio_postgres",
            // shapes of stored events may say what they are in JSON; no handler is described here
            "utoipa::path",
            "utoipa_axum",
        ],
    },
    Layer {
        folder: "http",
        forbidden: &[
            "crate::adapters",
            "crate::module",
            "kit_event_bus",
            "kit_http_client",
            "kit_postgres",
            "kit_sqlite",
            "rusqlite",
            "tokio_postgres",
        ],
    },
    Layer {
        folder: "adapters",
        forbidden: &["crate::http", "crate::module", "axum", "http", "kit_http", "utoipa"],
    },
];

/// What a pure crate must not name: waiting, the machine, and chance.
const IMPURE: [&str; 14] = [
    "async",
    "await",
    "tokio",
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "Instant",
    "SystemTime",
    "tracing",
    "println",
    "eprintln",
];

/// The one file that reads the machine's clock.
const CLOCK: &str = "kit/core/src/time.rs";

#[test]
fn the_layers_of_a_service_name_only_what_they_may() {
    let sources = files("services", ".rs");
    let mut offenders = Vec::new();
    for Layer { folder, forbidden } in LAYERS {
        let part = format!("/service/src/{folder}/");
        let inside: Vec<_> = sources.iter().filter(|file| file.path.contains(&part)).collect();
        assert!(!inside.is_empty(), "no {part} in any service: has it moved?");
        for source in inside {
            let code = source.code();
            let wrong = forbidden.iter().filter(|path| names(&code, path));
            offenders.extend(wrong.map(|path| format!("{} names {path}", source.path)));
        }
    }
    none(&offenders, "http -> use_cases <- adapters, and only http knows HTTP");
}

#[test]
fn drivers_are_named_in_adapters_only() {
    let mut offenders = Vec::new();
    for source in files("services", ".rs") {
        let adapter = source.path.contains("/service/src/adapters/")
            || source.path.ends_with("/service/src/module.rs")
            || source.path.contains("/tests/");
        let code = source.code();
        let drivers = ["rusqlite", "kit_sqlite", "kit_postgres", "tokio_postgres"];
        let wrong = drivers.into_iter().filter(|path| names(&code, path));
        let wrong = wrong.filter(|_| !adapter).map(|path| format!("{} names {path}", source.path));
        offenders.extend(wrong);
    }
    none(&offenders, "only adapters/ and module.rs know the database");
}

#[test]
fn domains_decide_and_do_nothing_else() {
    let mut offenders = Vec::new();
    let services = files("services", ".rs");
    let pure = services.iter().filter(|file| file.path.contains("/domain/src/"));
    let vocabulary = files("kit/core/src", ".rs");
    for source in pure.chain(&vocabulary).filter(|file| file.path != CLOCK) {
        let code = source.code();
        let wrong = IMPURE.into_iter().filter(|path| names(&code, path));
        offenders.extend(wrong.map(|path| format!("{} names {path}", source.path)));
    }
    none(&offenders, "domains and the core are pure: facts from outside are arguments");
}

/// Only ids are the same on the wire and inside; they get serde from the one macro in `kit_core`.
#[test]
fn domain_types_are_not_wire_types() {
    let services = files("services", ".rs");
    let domains = services.iter().filter(|file| file.path.contains("/domain/src/"));
    let wrong = domains.filter(|source| names(&source.code(), "serde"));
    let offenders: Vec<String> = wrong.map(|source| source.path.clone()).collect();
    none(&offenders, "no serde in a domain: stored shapes are in event_codec, wire shapes in http");
}

/// What is private cannot be reached around `module`, which sees to limits and the drain.
#[test]
fn a_context_has_one_door() {
    let sources = files("services", ".rs");
    let doors = sources.iter().filter(|file| file.path.ends_with("/service/src/lib.rs"));
    let open = doors.filter(|door| {
        let code = door.code();
        !code.contains("\nmod http;") || !code.contains("\nmod adapters;")
    });
    let open: Vec<String> = open.map(|door| door.path.clone()).collect();
    none(&open, "http and adapters are private modules; the world enters by module()");
}
