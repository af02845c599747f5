//! Input of the rules: the crates as cargo knows them, and the files of the repository.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use cargo_metadata::{CargoOpt, Metadata, MetadataCommand};

/// Folders that are not part of the repository.
const OUTSIDE: [&str; 3] = [".git", "data", "target"];

/// The folder of the whole workspace.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        here.canonicalize().expect("this crate lies in the workspace")
    })
}

/// All packages of the lock file that this platform builds, and how they depend on each other.
pub(crate) fn metadata() -> &'static Metadata {
    static METADATA: OnceLock<Metadata> = OnceLock::new();
    METADATA.get_or_init(|| {
        // other platforms' packages may never have been downloaded here
        let platform = format!("--filter-platform={}", host());
        let mut command = MetadataCommand::new();
        command.manifest_path(root().join("Cargo.toml"));
        // as in deny.toml: what only the binary that ships has counts, too
        command.features(CargoOpt::AllFeatures);
        command.other_options(["--locked".to_owned(), platform]);
        command.exec().expect("cargo describes the workspace")
    })
}

fn host() -> String {
    let told = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let told = String::from_utf8(told.stdout).expect("rustc speaks UTF-8");
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc knows its host").to_owned()
}

/// A text file of the repository.
pub(crate) struct Source {
    /// Where it is, from the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// The program without comments and without the tests at its end.
    pub(crate) fn code(&self) -> String {
        let program = self.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let without_comment = |line: &str| match line.trim_start() {
            trimmed if trimmed.starts_with("//") => String::new(),
            _ => line.split(" // ").next().unwrap_or_default().to_owned(),
        };
        program.lines().map(without_comment).collect::<Vec<_>>().join("\n")
    }
}

/// A file by its path from the root.
pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All text files below a folder (`""` is the root) whose names end so, in order.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), ending, &mut found);
    found.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    assert!(!found.is_empty(), "no *{ending} below {folder:?}: has it moved?");
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<Source>) {
    let entries = std::fs::read_dir(folder);
    let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let entry = entry.expect("a folder of the repository can be listed");
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        let outside = folder == root() && OUTSIDE.contains(&&*name);
        if path.is_dir() && !outside {
            collect(&path, ending, found);
        } else if name.ends_with(ending)
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            let path = path.strip_prefix(root()).expect("it lies below the root");
            found.push(Source { path: path.to_string_lossy().replace('\\', "/"), text });
        }
    }
}

/// Whether code names a path such as `axum` or `crate::http`, and not merely one that contains it.
pub(crate) fn names(code: &str, path: &str) -> bool {
    let part_of_a_name = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices(path).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + path.len()..].chars().next();
        !before.is_some_and(part_of_a_name) && !after.is_some_and(part_of_a_name)
    })
}

/// Fails with the list of all offenders.
#[track_caller]
pub(crate) fn none(offenders: &[String], rule: &str) {
    assert!(offenders.is_empty(), "{rule}:\n  {}", offenders.join("\n  "));
}

#[test]
fn a_path_is_not_found_inside_another() {
    assert!(names("use axum::Router;", "axum"));
    assert!(!names("use utoipa_axum::routes;", "axum"));
    assert!(!names("use axum_core::body;", "axum"));
    assert!(names("crate::http::routes()", "crate::http"));
    assert!(!names("crate::apiary", "crate::http"));
}
