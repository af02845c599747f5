//! What was released stays as it is: samples of what was ever stored or told, and migrations that databases have applied.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::workspace::{files, none, read};

/// The checksums, as `sha256sum` prints and checks them.
const FROZEN: &str = "tests/architecture/frozen.txt";

/// What the names of such files end with, and the folder that they lie in or below.
const FOLDERS: [(&str, &str); 2] = [(".json", "/golden/"), (".sql", "/migrations/")];

fn line(path: &str, text: &str) -> String {
    let mut line = String::new();
    for byte in Sha256::digest(text) {
        write!(line, "{byte:02x}").expect("a String takes everything");
    }
    format!("{line}  {path}")
}

fn present() -> BTreeSet<String> {
    let all = FOLDERS.into_iter().flat_map(|(ending, folder)| {
        files("", ending).into_iter().filter(move |source| source.path.contains(folder))
    });
    all.map(|source| line(&source.path, &source.text)).collect()
}

/// A database refuses a migration that it knows otherwise, and a log has what was written once. What must change is a file of
/// its own: the next migration, the next version of an event.
#[test]
fn what_was_released_is_never_changed() {
    let (written, present) = (read(FROZEN), present());
    let written: BTreeSet<String> = written.lines().map(str::to_owned).collect();
    let gone = written.difference(&present).map(|line| format!("{line} is gone or changed"));
    let new = present.difference(&written).map(|line| format!("{line} has no line"));
    let rule = format!("{FROZEN} has a line for each file, which is added with the file and stays");
    none(&gone.chain(new).collect::<Vec<_>>(), &rule);
}
