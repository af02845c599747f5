//! A fault may strike at every write to a place. The backup before stays whole, and the next one goes on.

use std::io::{Error, ErrorKind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use kit_backup::{BackupError, Folder, Manifest, Place, Until, check};

use crate::logs::{Shop, everything, told};

/// A folder whose disk is full from one write on.
struct Full {
    folder: Folder,
    writes: AtomicUsize,
    from_write: usize,
}

impl Full {
    fn write(&self, name: &str) -> Result<(), BackupError> {
        if self.writes.fetch_add(1, Ordering::Relaxed) < self.from_write {
            return Ok(());
        }
        let full = Error::from(ErrorKind::StorageFull);
        Err(BackupError::io("write", Path::new(name))(full))
    }
}

impl Place for Full {
    fn put(&self, name: &str, contents: &[u8]) -> Result<(), BackupError> {
        self.write(name)?;
        self.folder.put(name, contents)
    }

    fn put_file(&self, name: &str, from: &Path) -> Result<(), BackupError> {
        self.write(name)?;
        self.folder.put_file(name, from)
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BackupError> {
        self.folder.get(name)
    }

    fn get_file(&self, name: &str, to: &Path) -> Result<bool, BackupError> {
        self.folder.get_file(name, to)
    }

    fn names(&self) -> Result<Vec<String>, BackupError> {
        self.folder.names()
    }

    fn remove(&self, name: &str) -> Result<(), BackupError> {
        self.write(name)?;
        self.folder.remove(name)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_at_any_write_leaves_the_backup_before_whole_and_the_next_goes_on() {
    let mut shop = Shop::new("sqlite");
    shop.sell().await;
    std::fs::write(shop.state(), "0").unwrap();
    shop.back_up();
    let mut had = 3;
    for full_from in 0..4 {
        shop.sell().await;
        std::fs::write(shop.state(), format!("{full_from} and more")).unwrap();
        let folder = Folder::to_write(&shop.place()).unwrap();
        let full = Full { folder, writes: AtomicUsize::new(0), from_write: full_from };
        let refused = shop.back_up_to(&full);
        let told_of = refused.as_ref().err().map(ToString::to_string);
        let is_told = told_of.is_some_and(|error| error.contains("cannot write"));
        assert!(is_told, "full from write {full_from}: {refused:?}");
        drop(full);
        let (restored, events) = shop.restore(Until::End).await;
        // the third write is the manifest: what comes behind it only clears up
        let expected = if full_from < 3 { had } else { had + 3 };
        assert_eq!(restored.position.get(), expected, "full from write {full_from}");
        let end = usize::try_from(expected).unwrap();
        assert_eq!(told(&events), told(&everything("sqlite", &shop.folder())[..end]));
        had = shop.back_up().manifest.logs[0].position.get();
    }
}

/// Only the newest copy is kept: what was forgotten in it is forgotten in the backup as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_before_is_gone_with_the_next_backup() {
    let mut shop = Shop::new("sqlite");
    shop.sell().await;
    std::fs::write(shop.state(), "the key of a customer").unwrap();
    shop.back_up();
    std::fs::write(shop.state(), "nobody").unwrap();
    shop.back_up();
    let copies = std::fs::read_dir(shop.place().join("state/notification")).unwrap();
    let copies: Vec<_> =
        copies.map(|copy| std::fs::read_to_string(copy.unwrap().path()).unwrap()).collect();
    assert_eq!(copies, ["nobody"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_flipped_byte_is_found_and_its_file_named() {
    let mut shop = Shop::new("sqlite");
    for _ in 0..5 {
        shop.sell().await;
    }
    std::fs::write(shop.state(), "some").unwrap();
    shop.back_up();
    let folder = Folder::to_read(&shop.place()).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    for name in folder.names().unwrap() {
        let path = shop.place().join(&name);
        let whole = std::fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(13) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            std::fs::write(&path, &flipped).unwrap();
            // a manifest says the same with other white space
            let checked = Manifest::read(&folder)
                .and_then(|found| check(&folder, &found.unwrap(), scratch.path(), &()));
            let is_blank = whole[at].is_ascii_whitespace() && name == "manifest.json";
            let found =
                checked.as_ref().err().is_some_and(|error| error.to_string().contains(&name));
            assert!(found || is_blank, "byte {at} of {name}: {checked:?}");
        }
        std::fs::write(&path, &whole).unwrap();
    }
    for name in folder.names().unwrap().iter().filter(|name| *name != "manifest.json") {
        let path = shop.place().join(name);
        std::fs::rename(&path, path.with_extension("away")).unwrap();
        let manifest = Manifest::read(&folder).unwrap().unwrap();
        let told = check(&folder, &manifest, scratch.path(), &()).unwrap_err().to_string();
        assert!(told.contains(name) && told.contains("missing"), "{told}");
        std::fs::rename(path.with_extension("away"), &path).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_used_by_one_at_a_time() {
    let mut shop = Shop::new("sqlite");
    shop.sell().await;
    shop.back_up();
    let one = Folder::to_read(&shop.place()).unwrap();
    let refused = Folder::to_write(&shop.place()).unwrap_err().to_string();
    assert!(refused.contains("in use by another backup or restore"), "{refused}");
    drop(one);
    Folder::to_write(&shop.place()).unwrap();
}
