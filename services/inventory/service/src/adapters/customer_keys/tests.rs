//! Keys are made once, found again, and gone when they are destroyed.

use std::fs;
use std::path::Path;

use kit_core::SystemClock;

use super::suite::{customer, key_of};
use super::*;

fn config(folder: &Path) -> CustomerKeysConfig {
    let folder = folder.join("privacy");
    CustomerKeysConfig { master_key_file: folder.join("master.key"), folder }
}

fn opened(folder: &Path) -> SqliteCustomerKeys {
    SqliteCustomerKeys::open(&config(folder), Arc::new(SystemClock)).unwrap()
}

/// Whether a file of the folder has these bytes.
fn is_kept(folder: &Path, bytes: &[u8]) -> bool {
    let files = fs::read_dir(folder.join("privacy")).unwrap();
    files
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .any(|content| content.windows(bytes.len()).any(|part| part == bytes))
}

#[tokio::test]
async fn a_customer_keeps_their_key_over_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let keys = opened(folder.path());
    let maria = key_of(&keys, "maria").await;
    drop(keys);
    let keys = opened(folder.path());
    assert!(keys.recent(&customer("maria")).is_none());
    assert_eq!(key_of(&keys, "maria").await, maria);
}

#[tokio::test]
async fn a_file_passes_the_suite() {
    let folder = tempfile::tempdir().unwrap();
    suite::all(&opened(folder.path())).await;
}

#[tokio::test]
async fn a_destroyed_key_is_in_no_file_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let keys = opened(folder.path());
    for name in ["before", "maria", "after"] {
        key_of(&keys, name).await;
    }
    let key = key_of(&keys, "maria").await;
    let file = rusqlite::Connection::open(folder.path().join("privacy/keys.db")).unwrap();
    let wrapped: Vec<u8> = file
        .query_row(
            "SELECT wrapped_key FROM customer_keys WHERE key_id = ?1",
            [key.as_uuid().as_bytes()],
            |row| row.get(0),
        )
        .unwrap();
    drop(file);
    assert!(is_kept(folder.path(), &wrapped), "the test finds keys");
    let forgotten = keys.forget(&customer("maria")).await.unwrap().unwrap();
    assert_eq!(forgotten.key, key);
    assert!(!is_kept(folder.path(), &wrapped));
}

#[tokio::test]
async fn names_are_read_with_the_master_key_and_stand_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let keys = opened(folder.path());
    let key = key_of(&keys, "maria.canary").await;
    drop(keys);
    assert!(!is_kept(folder.path(), b"maria.canary"));
    let names = CustomerNames::open(&config(folder.path())).unwrap().unwrap();
    assert_eq!(names.name(key).unwrap().as_deref(), Some("maria.canary"));
    let unknown = CustomerKey::from_uuid(uuid::Uuid::nil());
    assert_eq!(names.name(unknown).unwrap(), None);
}

#[tokio::test]
async fn another_master_key_or_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let keys = opened(folder.path());
    key_of(&keys, "maria").await;
    drop(keys);
    let open = || SqliteCustomerKeys::open(&config(folder.path()), Arc::new(SystemClock));
    let master = config(folder.path()).master_key_file;
    let right = fs::read_to_string(&master).unwrap();
    fs::write(&master, "7".repeat(64)).unwrap();
    let other = open().err().unwrap().to_string();
    assert!(other.contains("is not the master key"), "{other}");
    fs::remove_file(&master).unwrap();
    let missing = open().err().unwrap().to_string();
    assert!(missing.contains("put a copy of it back"), "{missing}");
    assert!(!master.exists(), "a new one would be of no use");
    fs::write(&master, right).unwrap();
    assert!(open().is_ok());
}

/// Whether the file of keys says that this is its master key.
fn is_master(folder: &Path, key: &str) -> bool {
    let bytes = [u8::from_str_radix(&key[..2], 16).unwrap(); sealing::KEY_BYTES];
    is_kept(folder, MasterKey::new(&bytes).unwrap().mark())
}

#[tokio::test]
async fn another_master_key_takes_over_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let master = config(folder.path()).master_key_file;
    let (one, two, three) = ("11".repeat(32), "22".repeat(32), "33".repeat(32));
    fs::create_dir(master.parent().unwrap()).unwrap();
    fs::write(&master, &one).unwrap();
    let keys = opened(folder.path());
    let names: Vec<_> = (0..2_500).map(|number| customer(&format!("customer {number}"))).collect();
    let before = keys.obtain(names.clone()).await.unwrap();
    let ids = |known: &[KnownCustomer]| known.iter().map(|one| one.key).collect::<Vec<_>>();
    // one that does not know the present one changes nothing
    for (file, is_taken) in [(three.clone(), false), (format!("{two}\n{one}\n"), true)] {
        fs::write(&master, file).unwrap();
        tokio::time::sleep(rotation::LOOK_EVERY).await;
        let began = std::time::Instant::now();
        loop {
            // what is not in memory is found by the master key
            let found = keys.find(&names[2_499]).await.unwrap().unwrap();
            assert_eq!(found.key, before[2_499].key);
            let is = |key: &str| is_master(folder.path(), key);
            // the former goes a moment after the new one has come
            let is_settled = if is_taken { is(&two) && !is(&one) } else { is(&one) };
            if is_settled {
                break;
            }
            assert!(began.elapsed().as_secs() < 20, "the new key is taken");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }
    assert!(!is_master(folder.path(), &one), "nothing is left of the former");
    fs::write(&master, &two).unwrap();
    drop(keys);
    let keys = opened(folder.path());
    assert_eq!(ids(&keys.obtain(names.clone()).await.unwrap()), ids(&before));
    drop(keys);
    // also at a start
    fs::write(&master, format!("{three}\n{two}")).unwrap();
    assert_eq!(ids(&opened(folder.path()).obtain(names).await.unwrap()), ids(&before));
    assert!(is_master(folder.path(), &three) && !is_master(folder.path(), &two));
}
