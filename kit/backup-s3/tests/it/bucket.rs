//! What a bucket keeps, and what it says when it cannot be used.

use std::time::{Duration, Instant};

use kit_backup::{BackupError, MANIFEST, Place as _};
use kit_backup_s3::{Bucket, BucketUrl};

use crate::shop::{Shop, blocking, new_place, open, restored, server, settings};

/// More than one part of an upload.
const LARGE: usize = (16 << 20) + 12_345;

#[ignore = "needs an object store: make test-services"]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_is_there_whole_and_listed_and_what_is_removed_is_not() {
    blocking(|| {
        let url = new_place();
        let (bucket, folder) = (open(&url), tempfile::tempdir().unwrap());
        assert_eq!(bucket.get("logs/none").unwrap(), None);
        assert!(!bucket.get_file("logs/none", &folder.path().join("none")).unwrap());
        let path = folder.path().join("large");
        let large: Vec<u8> = (0..=250).cycle().take(LARGE).collect();
        std::fs::write(&path, &large).unwrap();
        bucket.put_file("state/a/large.db-1", &path).unwrap();
        std::fs::write(&path, "small").unwrap();
        bucket.put_file("state/small", &path).unwrap();
        bucket.put("logs/one.gz", b"one").unwrap();
        bucket.put("logs/one.gz", b"two").unwrap();
        let mut names = bucket.names().unwrap();
        names.sort();
        assert_eq!(names, ["logs/one.gz", "state/a/large.db-1", "state/small"]);
        assert_eq!(bucket.get("logs/one.gz").unwrap().unwrap(), b"two");
        assert_eq!(bucket.get("state/small").unwrap().unwrap(), b"small");
        let copy = folder.path().join("new/copy");
        assert!(bucket.get_file("state/a/large.db-1", &copy).unwrap());
        assert!(std::fs::read(&copy).unwrap() == large, "a file of several parts is as it was");
        // another place of the same bucket has nothing of it
        assert!(open(&new_place()).names().unwrap().is_empty());
        for name in ["logs/one.gz", "logs/one.gz", "state/a/large.db-1", "state/small"] {
            bucket.remove(name).unwrap();
        }
        assert!(bucket.names().unwrap().is_empty());
    })
    .await;
}

#[ignore = "needs an object store: make test-services"]
#[tokio::test(flavor = "multi_thread")]
async fn backups_in_a_bucket_add_what_is_new_and_are_restored() {
    let (mut shop, url) = (Shop::new(), new_place());
    for round in 1..=3 {
        for _ in 0..5 {
            shop.sell().await;
        }
        let place = url.clone();
        let done = shop.back_up(blocking(move || open(&place)).await).await.unwrap();
        assert_eq!(done.new_events, 5, "round {round}");
        assert_eq!(restored(&url).await, shop.sold());
    }
}

/// There is no lock: the later of two that were begun at once is told, and the other's backup stays.
#[ignore = "needs an object store: make test-services"]
#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_is_replaced_only_as_it_was_read() {
    blocking(|| {
        let url = new_place();
        for (before, after) in [(None, &b"one"[..]), (Some(&b"one"[..]), b"two")] {
            let (one, other) = (open(&url), open(&url));
            assert_eq!(one.get(MANIFEST).unwrap().as_deref(), before);
            assert_eq!(other.get(MANIFEST).unwrap().as_deref(), before);
            one.put(MANIFEST, b"half").unwrap();
            one.put(MANIFEST, after).unwrap();
            let refused = other.put(MANIFEST, b"other").unwrap_err();
            assert!(matches!(refused, BackupError::Overtaken(_)), "{refused}");
            assert_eq!(open(&url).get(MANIFEST).unwrap().unwrap(), after);
        }
    })
    .await;
}

#[ignore = "needs an object store: make test-services"]
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_a_missing_bucket_and_nobody_there_are_told_at_once() {
    blocking(|| {
        let (at, key_id, secret) = (
            server("GONDOLA_TEST_S3"),
            server("GONDOLA_TEST_S3_KEY_ID"),
            server("GONDOLA_TEST_S3_SECRET"),
        );
        let told = |url: &BucketUrl, at: &str, key_id: &str, secret: &str| {
            let began = Instant::now();
            let told = Bucket::open(url.clone(), settings(at, key_id, secret)).err().unwrap();
            assert!(began.elapsed() < Duration::from_secs(10), "{told}");
            let told = told.to_string();
            assert!(!told.contains("secret-of-nobody"), "{told}");
            told
        };
        let (url, missing) = (new_place(), "s3://none-such/shop".parse().unwrap());
        let wrong = told(&url, &at, &key_id, "secret-of-nobody");
        assert!(wrong.contains("refuses the key (SignatureDoesNotMatch)"), "{wrong}");
        assert!(wrong.contains("AWS_SECRET_ACCESS_KEY"), "{wrong}");
        let unknown = told(&url, &at, "nobody", "secret-of-nobody");
        assert!(unknown.contains("refuses the key (InvalidAccessKeyId)"), "{unknown}");
        let none = told(&missing, &at, &key_id, &secret);
        assert!(none.contains("there is no bucket none-such at http"), "{none}");
        let away = told(&url, "http://127.0.0.1:9", &key_id, &secret);
        assert!(
            away.contains("at http://127.0.0.1:9 does not answer") && away.contains("refused"),
            "{away}"
        );
    })
    .await;
}
