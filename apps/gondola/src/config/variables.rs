//! Variables that are named like a setting and are none, such as a misspelt one.

use clap::{Command, CommandFactory};

use super::keys::PREFIX;
use super::nearest::nearest;
use super::refused::all_arguments;
use crate::cli::Cli;

/// What the variables of this repository's own tests begin with.
const TESTS: &str = "GONDOLA_TEST_";

/// Warns of each variable that sets nothing. It is no refusal: what starts a container may add variables of its own.
pub(crate) fn warn_of_unknown_variables() {
    let set = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for (variable, nearest) in unknown(&Cli::command(), set) {
        tracing::warn!(variable, nearest, "variable_is_unknown");
    }
}

/// The variables that set nothing, each with the known one that may be meant.
fn unknown(gondola: &Command, set: impl Iterator<Item = String>) -> Vec<(String, Option<String>)> {
    let known: Vec<_> = all_arguments(gondola)
        .into_iter()
        .filter_map(|argument| argument.get_env()?.to_str())
        .collect();
    let ours = |name: &String| {
        name.starts_with(PREFIX) && !name.starts_with(TESTS) && !is_of_kubernetes(name)
    };
    set.filter(ours)
        .filter(|name| !known.contains(&name.as_str()))
        .map(|name| {
            let nearest = nearest(&name, known.iter().copied()).map(str::to_owned);
            (name, nearest)
        })
        .collect()
}

/// Whether Kubernetes gives it to each container of a namespace with a service called gondola, or gondola-store
/// (<https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables>).
fn is_of_kubernetes(name: &str) -> bool {
    name.ends_with("_PORT")
        || ["_PORT_", "_SERVICE_HOST", "_SERVICE_PORT"].iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_sets_nothing_is_named_with_the_one_that_is_meant() {
        let set = [
            "PATH",
            "GONDOLA_LISTEN",
            "GONDOLA_LISTN",
            "GONDOLA_URL",
            "GONDOLA_COLOUR_OF_THE_HOUSE",
            "GONDOLA_TEST_POSTGRES",
            "GONDOLA_STORE_SERVICE_HOST",
            "GONDOLA_SERVICE_PORT_HTTP",
            "GONDOLA_PORT",
            "GONDOLA_PORT_8000_TCP_ADDR",
        ];
        let found = unknown(&Cli::command(), set.map(str::to_owned).into_iter());
        let expected = [
            ("GONDOLA_LISTN".to_owned(), Some("GONDOLA_LISTEN".to_owned())),
            ("GONDOLA_COLOUR_OF_THE_HOUSE".to_owned(), None),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn no_setting_is_named_like_what_kubernetes_gives() {
        let gondola = Cli::command();
        for argument in all_arguments(&gondola) {
            let name = argument.get_env().and_then(|name| name.to_str()).unwrap_or_default();
            assert!(!is_of_kubernetes(name), "{name}");
        }
    }
}
