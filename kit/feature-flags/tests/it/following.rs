//! The file is changed, broken, replaced and taken away under a running process.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kit_feature_flags::{Flag, Flags, Rollout};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const NEW: Flag = Flag { key: "new", default_percent: 0, what: "something new" };
const OLD: Flag = Flag { key: "old", default_percent: 100, what: "something that is on" };

/// More than the time between two readings.
const LATER: Duration = Duration::from_secs(3);

fn file(folder: &TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("flags.toml");
    fs::write(&path, text).unwrap();
    path
}

async fn watched(path: &Path) -> [Rollout; 2] {
    let flags = Flags::start(&[NEW, OLD], Some(path.to_owned())).await.unwrap();
    let rollouts = [&NEW, &OLD].map(|flag| flags.rollout(flag));
    flags.watch(&TaskTracker::new(), CancellationToken::new());
    rollouts
}

fn percents(rollouts: &[Rollout; 2]) -> [u8; 2] {
    rollouts.each_ref().map(Rollout::percent)
}

#[tokio::test]
async fn without_a_file_flags_have_their_defaults() {
    let flags = Flags::start(&[NEW, OLD], None).await.unwrap();
    assert_eq!(percents(&[&NEW, &OLD].map(|flag| flags.rollout(flag))), [0, 100]);
}

#[tokio::test(start_paused = true)]
async fn a_change_of_the_file_holds_without_a_restart() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "new = 5");
    let rollouts = watched(&path).await;
    assert_eq!(percents(&rollouts), [5, 100]);
    file(&folder, "new = 50\nold = 0\nnot-yet = 3");
    tokio::time::sleep(LATER).await;
    assert_eq!(percents(&rollouts), [50, 0]);
    file(&folder, "");
    tokio::time::sleep(LATER).await;
    assert_eq!(percents(&rollouts), [0, 100], "what is not said any more is at its default");
}

#[tokio::test(start_paused = true)]
async fn a_bad_file_leaves_everything_as_it_was() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "new = 5\nold = 20");
    let rollouts = watched(&path).await;
    for bad in ["new = 101\nold = 30", "new = ", "new = 7\nold = \"all\""] {
        file(&folder, bad);
        tokio::time::sleep(LATER).await;
        assert_eq!(percents(&rollouts), [5, 20], "{bad}");
    }
    fs::remove_file(&path).unwrap();
    tokio::time::sleep(LATER).await;
    assert_eq!(percents(&rollouts), [5, 20]);
    file(&folder, "new = 6");
    tokio::time::sleep(LATER).await;
    assert_eq!(percents(&rollouts), [6, 100]);
}

/// As a volume of Kubernetes is replaced: a link is moved, and the times of the files are the same.
#[tokio::test(start_paused = true)]
async fn a_file_behind_a_link_that_moves_is_followed() {
    let folder = TempDir::new().unwrap();
    for (name, text) in [("one", "new = 1"), ("two", "new = 2")] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("flags.toml"), text).unwrap();
    }
    let link = folder.path().join("..data");
    symlink("one", &link).unwrap();
    let rollouts = watched(&link.join("flags.toml")).await;
    assert_eq!(percents(&rollouts)[0], 1);
    let next = folder.path().join("..next");
    symlink("two", &next).unwrap();
    fs::rename(&next, &link).unwrap();
    tokio::time::sleep(LATER).await;
    assert_eq!(percents(&rollouts)[0], 2);
}

#[tokio::test]
async fn a_start_with_a_bad_file_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = file(&folder, "new = 1000");
    let refused = Flags::start(&[NEW], Some(path)).await.err().unwrap().to_string();
    assert!(refused.contains("new = 1000 cannot be"), "{refused}");
}
