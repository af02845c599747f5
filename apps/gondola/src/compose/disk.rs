//! Health checks of the disks that data is on: one that is nearly full is told before writes are refused.

use std::path::{Path, PathBuf};

use kit_http::{Check, Health};
use rustix::fs::statvfs;

use super::event_store::{DataArgs, EventStoreUrl};

/// A disk with less than a tenth free is nearly full, ...
const FREE_SHARE_MIN: u64 = 10;

/// ... but for one that has this many bytes free all the same.
const FREE_BYTES_ENOUGH: u64 = 2 << 30;

/// Checks of the disks of the data folder and, where they are elsewhere, of the logs.
pub(crate) fn checks(data: &DataArgs) -> Vec<Check> {
    let mut folders = Vec::new();
    if data.event_store != EventStoreUrl::Memory {
        folders.push(("dataDisk", data.data_dir.clone()));
    }
    if data.log_root() != data.data_dir {
        folders.push(("logDisk", data.log_root().to_owned()));
    }
    folders.into_iter().map(|(name, folder)| check(name, folder)).collect()
}

fn check(name: &'static str, folder: PathBuf) -> Check {
    Check::graded(name, move || {
        let folder = folder.clone();
        async move {
            // a network drive that is away lets its callers wait
            let asked = tokio::task::spawn_blocking(move || health(&folder)).await;
            asked.unwrap_or_else(|error| Health::Degraded(error.to_string()))
        }
    })
}

fn health(folder: &Path) -> Health {
    match statvfs(folder) {
        Ok(disk) => room(disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize),
        Err(error) => {
            Health::Degraded(format!("the disk of the folder does not say how full it is: {error}"))
        }
    }
}

/// How a disk is that has so many bytes free of so many.
fn room(free: u64, of: u64) -> Health {
    if free >= FREE_BYTES_ENOUGH || free >= of / FREE_SHARE_MIN {
        return Health::Up;
    }
    Health::Degraded(format!(
        "{} of {} MiB are free: make room, before writes are refused",
        free >> 20,
        of >> 20
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn a_disk_is_nearly_full_with_less_than_a_tenth_and_two_gibibytes_free() {
        assert_eq!(room(4 * MIB, 32 * MIB), Health::Up);
        assert_eq!(room(3 << 30, 4 << 40), Health::Up, "little of a large one is much");
        let Health::Degraded(told) = room(3 * MIB, 32 * MIB) else { panic!("nearly full") };
        assert_eq!(told, "3 of 32 MiB are free: make room, before writes are refused");
        assert!(matches!(room(1 << 30, 4 << 40), Health::Degraded(_)));
    }

    #[test]
    fn a_folder_tells_how_full_its_disk_is() {
        let folder = tempfile::tempdir().unwrap();
        let told = health(&folder.path().join("missing"));
        assert!(
            matches!(&told, Health::Degraded(told) if told.contains("No such file")),
            "{told:?}"
        );
        assert!(!matches!(health(folder.path()), Health::Down(_)));
    }
}
