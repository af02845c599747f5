//! Each way to set a key, which wins, and what is said about mistakes.

use std::io::Write as _;

use clap::CommandFactory;
use tempfile::NamedTempFile;

use super::*;
use crate::commands::document::assert_current;

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// What `gondola config show` prints with a file and flags.
fn shown(text: &str, flags: &[&str]) -> anyhow::Result<String> {
    let file = file(text);
    let path = file.path().to_str().unwrap();
    let words = [&["gondola", "--config", path, "config", "show"], flags].concat();
    let read = Configured::of(&words.iter().map(OsString::from).collect::<Vec<_>>())?;
    Ok(read.unwrap().values.show().replace(path, "FILE"))
}

fn refused(text: &str) -> String {
    format!("{:#}", shown(text, &[]).unwrap_err())
}

#[test]
fn flags_win_over_the_file_and_the_file_over_defaults() {
    let text =
        "shards = 3\nlive-levels = 7\nrole = [\"inventory\", \"store\"]\ninsecure-no-auth = true";
    let shown = shown(text, &["--live-levels", "8"]).unwrap();
    for line in [
        "shards = 3  # FILE",
        "live-levels = 8  # --live-levels",
        "cache-levels = 100000  # default",
        "role = [\"inventory\", \"store\"]  # FILE",
        "insecure-no-auth = true  # FILE",
        "# listen is not set",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
}

#[test]
fn what_is_shown_can_be_read_again() {
    let first = shown("listen = \"127.0.0.1:1\"\nshards = 2", &[]).unwrap();
    assert_eq!(
        shown(&first, &[]).unwrap().replace("# default", "# FILE"),
        first.replace("# default", "# FILE")
    );
}

#[test]
fn other_commands_take_what_they_have_a_flag_for() {
    let file = file("data-dir = \"elsewhere\"\nshards = 3");
    let words = ["gondola", "verify", "--config", file.path().to_str().unwrap()];
    let read = Configured::of(&words.map(OsString::from)).unwrap().unwrap();
    let (_, verify) = read.values.matches.subcommand().unwrap();
    let folder = verify.get_raw("data_dir").unwrap().next().unwrap();
    assert_eq!(folder, "elsewhere");
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest() {
    let told = refused("shard = 3");
    assert!(told.ends_with("there is no key \"shard\"; is \"shards\" meant?"), "{told}");
    assert!(refused("xyzzyplugh = 3").contains("config reference"));
    assert!(refused("config = \"x\"").contains("there is no key \"config\""));
}

#[test]
fn a_value_that_cannot_be_read_is_told_with_file_key_and_value() {
    let told = refused("shards = 300");
    assert!(told.contains("shards = 300 cannot be: 300 is not in 1..=256"), "{told}");
    assert!(refused("role = \"cook\"").contains("role = \"cook\" cannot be: there are all, "));
    assert!(refused("listen = [\"a\", \"b\"]").contains("it takes one value"));
    assert!(refused("insecure-no-auth = \"yes\"").contains("true or false"));
    assert!(refused("event-store = \"oracle:\"").contains("there is no event store \"oracle\""));
    let told = refused("event-store = \"oracle://u:secret@h\"");
    assert!(told.contains("oracle://u:***@h") && !told.contains("secret"), "{told}");
    assert!(refused("shards = ").contains("is no TOML"));
    let words = ["gondola", "--config", "/nowhere.toml", "serve"].map(OsString::from);
    let told = format!("{:#}", Configured::of(&words).err().unwrap());
    assert!(told.contains("cannot read the configuration /nowhere.toml"), "{told}");
}

#[test]
fn every_argument_of_serve_is_a_key_by_the_name_of_its_flag() {
    let command = Cli::command();
    let keys = keys::keys(&command);
    let serve = command.find_subcommand("serve").unwrap();
    for arg in serve.get_arguments().filter(|arg| !arg.is_hide_set()) {
        let key = keys.iter().find(|key| key.is(arg)).unwrap_or_else(|| panic!("no key: {arg:?}"));
        let variable = format!("{}{}", keys::PREFIX, key.name().to_uppercase().replace('-', "_"));
        assert_eq!(key.variable(), variable);
    }
}

#[test]
fn bounds_that_are_told_are_those_that_hold() {
    let mut bounded = 0;
    for key in keys::keys(&Cli::command()) {
        let kind = key
            .arg()
            .get_value_names()
            .and_then(|names| names.first())
            .map(clap::builder::Str::as_str);
        let Some((least, most)) = kind.and_then(|kind| kind.split_once("..")) else { continue };
        let (least, most): (u64, u64) = (least.parse().unwrap(), most.parse().unwrap());
        let set = |value: i128| shown(&format!("{} = {value}", key.name()), &[]).is_ok();
        let (least, most) = (i128::from(least), i128::from(most));
        assert_eq!(
            [least - 1, least, most, most + 1].map(set),
            [false, true, true, false],
            "{key:?}"
        );
        bounded += 1;
    }
    assert!(bounded >= 4, "{bounded}");
}

/// Values of addresses and of what is a secret as a whole, none of which any parser takes as it is.
const SECRETS: [&str; 6] = [
    "oracle://app:s3cr3t@host/log",
    "postgres://app:s3cr3t@host:no-port/log?x",
    "mysql://app:s3cr3t/?@@/",
    "http://app:s3cr3t@host:80/path",
    "s3cr3t",
    "Authorization s3cr3t",
];

/// What people paste into a ticket: the message of a command line that cannot be read.
#[test]
fn no_message_about_a_command_line_tells_a_secret() {
    let (gondola, mut tried) = (Cli::command(), 0);
    for command in gondola.get_subcommands() {
        let secret = |arg: &&clap::Arg| arg.get_long().is_some() && arg.is_hide_env_values_set();
        for arg in command.get_arguments().filter(secret) {
            let flag = format!("--{}", arg.get_long().unwrap());
            for value in SECRETS.iter().filter(|value| value.contains("://") || !is_address(arg)) {
                let words = ["gondola", command.get_name(), &flag, value].map(OsString::from);
                let Err(error) = Configured::of(&words).unwrap() else { continue };
                for colour in [false, true] {
                    let told = refused::told(error_of(&words), &gondola, colour);
                    assert!(!told.contains("s3cr3t"), "{told}");
                }
                tried += usize::from(error.use_stderr());
            }
        }
    }
    assert!(tried > 40, "{tried}");
    let misplaced = ["gondola", "serve", SECRETS[0]].map(OsString::from);
    let told = refused::told(error_of(&misplaced), &gondola, false);
    assert!(told.contains("oracle://app:***@host/log"), "{told}");
}

fn is_address(arg: &clap::Arg) -> bool {
    arg.get_value_names().is_some_and(|names| names.iter().any(|name| name == "URL"))
}

fn error_of(words: &[OsString]) -> clap::Error {
    Configured::of(words).unwrap().err().unwrap()
}

#[test]
fn no_file_and_nothing_that_is_shown_tells_a_secret() {
    let mut tried = 0;
    for key in keys::keys(&Cli::command()).iter().filter(|key| key.arg().is_hide_env_values_set()) {
        for value in SECRETS.iter().filter(|value| value.contains("://") || !is_address(key.arg()))
        {
            let text = format!("{} = {value:?}", key.name());
            let told = match shown(&text, &[]) {
                Ok(shown) => shown,
                Err(refused) => format!("{refused:#}"),
            };
            assert!(!told.contains("s3cr3t"), "{told}");
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
    let headers = "otlp-headers = \"Authorization=Api-Token s3cr3t\"";
    let line = "otlp-headers = [\"Authorization=***\"]  # FILE";
    let shown = shown(headers, &[]).unwrap();
    assert!(shown.lines().any(|shown| shown == line), "{shown}");
}

#[test]
fn the_committed_reference_is_current() {
    assert_current("configuration.md", &reference(), "config reference");
}
