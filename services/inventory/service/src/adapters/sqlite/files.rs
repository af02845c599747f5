//! The files of views in a folder: `views-1.db` and on, of which `views.current` names the one in use.

use std::io;
use std::path::{Path, PathBuf};

use kit_event_store::log_folder::replace_durably;
use kit_sqlite::remove_view;

const POINTER: &str = "views.current";

/// The file with a number.
pub(super) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("views-{number}.db"))
}

/// The number in the name of a file of views, or of what SQLite keeps beside one.
fn number(name: &str) -> Option<u64> {
    let (number, ending) = name.strip_prefix("views-")?.split_once('.')?;
    let number = number.parse().ok().filter(|parsed: &u64| parsed.to_string() == number)?;
    matches!(ending, "db" | "db-wal" | "db-shm").then_some(number)
}

/// The number of the file in use; the first one when none is named. What names no file of this folder is passed over:
/// views can be built anew.
pub(super) fn in_use(folder: &Path) -> u64 {
    let name = std::fs::read_to_string(folder.join(POINTER)).unwrap_or_default();
    let name = name.trim();
    match number(name) {
        Some(number) if path(folder, number).ends_with(name) => number,
        _ if name.is_empty() => 1,
        _ => {
            tracing::warn!(name, folder = %folder.display(), "views_current_names_no_file_of_views");
            1
        }
    }
}

/// Makes a file the one in use, durably.
pub(super) fn point_to(folder: &Path, path: &Path) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default();
    replace_durably(&folder.join(POINTER), name.as_encoded_bytes())
}

/// Removes the files that a rebuild has left which was cut short.
pub(super) fn remove_others(folder: &Path, in_use: u64) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let found = entry.file_name().to_str().and_then(number);
        if let Some(other) = found.filter(|found| *found != in_use) {
            remove(&path(folder, other));
        }
    }
}

/// Removes a file of views. One that cannot be removed takes room, and no more.
pub(super) fn remove(path: &Path) {
    if let Err(error) = remove_view(path) {
        tracing::warn!(path = %path.display(), %error, "views_not_removed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointer_names_a_file_of_the_folder_or_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(in_use(folder.path()), 1);
        point_to(folder.path(), &path(folder.path(), 12)).unwrap();
        assert_eq!(in_use(folder.path()), 12);
        for bad in
            ["../views-2.db", "/tmp/views-2.db", "views-2.db-wal", "views-02.db", "views-.db", "x"]
        {
            std::fs::write(folder.path().join(POINTER), bad).unwrap();
            assert_eq!(in_use(folder.path()), 1, "{bad}");
        }
    }

    #[test]
    fn what_a_broken_off_rebuild_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let kept = ["views-2.db", "views-2.db-wal", "events.db", "views.current", "views-x.db"];
        let left = ["views-1.db", "views-3.db", "views-3.db-wal", "views-3.db-shm"];
        for name in kept.iter().chain(&left) {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        remove_others(folder.path(), 2);
        for name in kept {
            assert!(folder.path().join(name).exists(), "{name}");
        }
        for name in left {
            assert!(!folder.path().join(name).exists(), "{name}");
        }
    }
}
