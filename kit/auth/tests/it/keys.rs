//! API keys: made, shown once, used, rotated, revoked, and kept up with their file.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kit_auth::{
    ApiKeys, Grants, KeyFile, KeyFileError, KeyStatus, LastUsed, NewKey, Refused, Role,
};
use kit_core::Timestamp;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::issuer::{NOW, at};

/// What must happen gets so long on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

fn file() -> (TempDir, KeyFile) {
    let folder = TempDir::new().unwrap();
    let file = KeyFile::at(folder.path().join("api-keys.json"));
    (folder, file)
}

fn new(name: &str) -> NewKey {
    NewKey { name: name.to_owned(), grants: Grants::parse(["service"]).unwrap(), valid_for: None }
}

#[test]
fn the_file_has_no_secret_and_only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, file) = file();
    let key = file.create(new("till-7"), at(NOW)).unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    let (_, secret) =
        key.reveal().rsplit_once('_').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(!text.contains(&secret), "{text}");
    assert!(text.contains(key.id().as_str()) && text.contains("till-7"), "{text}");
    let mode = std::fs::metadata(file.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[test]
fn a_key_names_its_caller_until_it_expires() {
    let (_folder, file) = file();
    let valid_for = Some(Duration::from_mins(1));
    let key = file.create(NewKey { valid_for, ..new("till-7") }, at(NOW)).unwrap();
    let keys = ApiKeys::open(file).unwrap();
    let principal = keys.principal(&key.reveal(), at(NOW + 59)).unwrap();
    assert_eq!(principal.subject.as_str(), "key:till-7");
    assert_eq!(principal.key.as_ref(), Some(key.id()));
    assert!(principal.grants.everywhere().contains(&Role::Service));
    assert_eq!(keys.principal(&key.reveal(), at(NOW + 60)), Err(Refused::ExpiredKey));
}

#[test]
fn a_key_with_another_secret_or_id_is_none() {
    let (_folder, file) = file();
    let one = file.create(new("a"), at(NOW)).unwrap().reveal();
    let other = file.create(new("b"), at(NOW)).unwrap().reveal();
    let keys = ApiKeys::open(file).unwrap();
    let (one_id, one_secret) = one.rsplit_once('_').unwrap();
    let (_, other_secret) = other.rsplit_once('_').unwrap();
    let mixed = format!("{one_id}_{other_secret}");
    let unknown = format!("gk_000000000000_{one_secret}");
    for text in [mixed.as_str(), &unknown, one_id, "", "gk_", &one[..one.len() - 1]] {
        assert_eq!(keys.principal(text, at(NOW)), Err(Refused::InvalidKey), "{text}");
    }
}

#[test]
fn two_keys_of_one_name_live_while_one_takes_the_others_place() {
    let (_folder, file) = file();
    let old = file.create(new("till-7"), at(NOW)).unwrap();
    let fresh = file.create(new("till-7"), at(NOW)).unwrap();
    let refused = file.create(new("till-7"), at(NOW)).unwrap_err();
    assert!(matches!(refused, KeyFileError::TooMany { .. }), "{refused}");
    assert!(refused.to_string().contains(old.id().as_str()), "{refused}");
    file.revoke(old.id().as_str(), at(NOW + 1)).unwrap();
    let again = file.revoke(old.id().as_str(), at(NOW + 2)).unwrap();
    assert_eq!(again.revoked_at, Some(at(NOW + 1)), "it stays revoked as it was");
    file.create(new("till-7"), at(NOW + 2)).unwrap();
    let keys = ApiKeys::open(file.clone()).unwrap();
    assert_eq!(keys.principal(&old.reveal(), at(NOW)), Err(Refused::InvalidKey));
    assert!(keys.principal(&fresh.reveal(), at(NOW)).is_ok());
    let states: Vec<_> = file.read().unwrap().iter().map(|key| key.status(at(NOW))).collect();
    assert_eq!(states, [KeyStatus::Revoked, KeyStatus::Live, KeyStatus::Live]);
}

#[test]
fn what_cannot_be_a_key_is_refused_with_what_to_do() {
    let (_folder, file) = file();
    let told = |new| file.create(new, at(NOW)).unwrap_err().to_string();
    assert!(told(NewKey { grants: Grants::default(), ..new("a") }).contains("give the key a role"));
    for name in ["", "a\nb", &"x".repeat(100)] {
        assert!(told(new(name)).contains("a key's name"), "{name}");
    }
    for id in ["", "000000000000", "../../etc/passwd"] {
        file.create(new(&format!("of {}", id.len())), at(NOW)).unwrap();
        assert!(matches!(file.revoke(id, at(NOW)), Err(KeyFileError::Unknown(_))), "{id}");
    }
    std::fs::write(file.path(), r#"{"keys":[{"id":"x"}]}"#).unwrap();
    assert!(matches!(file.read(), Err(KeyFileError::Invalid { .. })));
    assert!(
        file.create(new("b"), at(NOW)).is_err(),
        "a file that is not understood is not replaced"
    );
}

/// Waits until something holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_process_that_serves_keeps_up_with_the_file() {
    let (_folder, file) = file();
    let first = file.create(new("a"), at(NOW)).unwrap();
    let keys = Arc::new(ApiKeys::open(file.clone()).unwrap());
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    Arc::clone(&keys).watch(&tasks, stop.clone());
    let is_known = |text: &str| keys.principal(text, at(NOW)).is_ok();
    let second = file.create(new("b"), at(NOW)).unwrap().reveal();
    until("a new key comes in", || is_known(&second)).await;
    file.revoke(first.id().as_str(), at(NOW)).unwrap();
    until("a revoked one does not", || !is_known(&first.reveal())).await;
    // half a file is no file: what was known stays
    std::fs::write(file.path(), "{").unwrap();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert!(is_known(&second));
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}

#[tokio::test]
async fn the_last_use_is_noted_to_ten_minutes() {
    let (_folder, file) = file();
    let key = file.create(new("a"), at(NOW)).unwrap();
    let keys = ApiKeys::open(file.clone()).unwrap();
    let uses = LastUsed::beside(file.path());
    let last = |expected: Timestamp| uses.of(key.id()) == Some(expected);
    assert_eq!(uses.of(key.id()), None);
    for now in [NOW, NOW + 599] {
        keys.principal(&key.reveal(), at(now)).unwrap();
        until("the first use is noted", || last(at(NOW))).await;
    }
    keys.principal(&key.reveal(), at(NOW + 600)).unwrap();
    until("the use after ten minutes is noted", || last(at(NOW + 600))).await;
}
