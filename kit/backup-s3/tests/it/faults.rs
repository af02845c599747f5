//! A fault may strike at every byte that is sent to an object store, and at every answer. The backup before stays whole, a backup
//! that is told to be made is whole as well, and the next one goes on.

use std::time::Duration;

use kit_backup::{MANIFEST, Manifest, Place as _};

use crate::shop::{PATIENCE, Shop, blocking, new_place, open, open_by, restored, server};
use crate::way::Way;

/// Bytes of requests after which the object store is away: within the first question, the state file, the segment, the manifest.
const BREAKS: [i64; 7] = [1, 700, 1_400, 2_500, 4_000, 5_500, 7_000];

#[ignore = "needs an object store: make test-services"]
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_goes_away_in_the_middle_leaves_the_backup_before() {
    let (mut shop, url) = (Shop::new(), new_place());
    shop.sell().await;
    let place = url.clone();
    shop.back_up(blocking(move || open(&place)).await).await.unwrap();
    let (mut failed, mut had) = (0, shop.sold());
    for breaks in BREAKS {
        for _ in 0..5 {
            shop.sell().await;
        }
        let place = url.clone();
        let (way, bucket) = blocking(move || {
            let way = Way::to(&server("GONDOLA_TEST_S3"), None);
            let bucket = open_by(&way.endpoint, &place, Duration::from_millis(500));
            way.breaks_after(breaks);
            (way, bucket)
        })
        .await;
        match shop.back_up(bucket).await {
            Ok(_) => had = shop.sold(),
            Err(error) => {
                failed += 1;
                let told = error.to_string();
                assert!(told.contains("does not answer"), "after {breaks} bytes: {told}");
            }
        }
        drop(way);
        // nothing acknowledged is lost: what was told to be a backup is restored
        assert_eq!(restored(&url).await, had, "away after {breaks} bytes");
    }
    assert!(failed >= 5, "only {failed} backups were cut off");
    let place = url.clone();
    shop.back_up(blocking(move || open(&place)).await).await.unwrap();
    assert_eq!(restored(&url).await, shop.sold());
    let files = blocking(move || {
        let bucket = open(&url);
        let manifest = Manifest::read(&bucket).unwrap().unwrap();
        (bucket.names().unwrap().len(), manifest.logs[0].segments.len() + manifest.state.len() + 1)
    })
    .await;
    assert_eq!(files.0, files.1, "nothing is left of the backups that were cut off");
}

#[ignore = "needs an object store: make test-services"]
#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_whose_answer_is_lost_is_found_to_be_there() {
    let (mut shop, url) = (Shop::new(), new_place());
    for _ in 0..2 {
        shop.sell().await;
        let place = url.clone();
        let (way, bucket) = blocking(move || {
            let request = format!("PUT /{}", place.to_string().strip_prefix("s3://").unwrap());
            let request = format!("{request}/{MANIFEST} ");
            let way = Way::to(&server("GONDOLA_TEST_S3"), Some(request.leak()));
            let bucket = open_by(&way.endpoint, &place, PATIENCE);
            (way, bucket)
        })
        .await;
        shop.back_up(bucket).await.unwrap();
        assert!(way.has_lost(), "the answer was lost");
        assert_eq!(restored(&url).await, shop.sold());
    }
}

#[ignore = "needs an object store: make test-services"]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_cut_off_is_asked_for_again_and_never_taken_for_whole() {
    blocking(|| {
        let url = new_place();
        let whole: Vec<u8> = (0..=250).cycle().take(300_000).collect();
        open(&url).put("logs/one", &whole).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one");
        for cut in [1, 500, 1_000, 50_000, 299_999] {
            let way = Way::to(&server("GONDOLA_TEST_S3"), None);
            let bucket = open_by(&way.endpoint, &url, PATIENCE);
            way.cuts_answer_after(cut);
            assert!(bucket.get("logs/one").unwrap().unwrap() == whole, "cut off after {cut} bytes");
            way.cuts_answer_after(cut);
            assert!(bucket.get_file("logs/one", &path).unwrap());
            assert!(std::fs::read(&path).unwrap() == whole, "cut off after {cut} bytes");
        }
    })
    .await;
}

/// An object that is not as the manifest says is named, as in a folder.
#[ignore = "needs an object store: make test-services"]
#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_missing_or_changed_is_named() {
    let (mut shop, url) = (Shop::new(), new_place());
    shop.sell().await;
    let place = url.clone();
    shop.back_up(blocking(move || open(&place)).await).await.unwrap();
    blocking(move || {
        let (bucket, scratch) = (open(&url), tempfile::tempdir().unwrap());
        for name in bucket.names().unwrap() {
            let whole = bucket.get(&name).unwrap().unwrap();
            let told = || {
                let manifest = Manifest::read(&bucket)?.unwrap();
                kit_backup::check(&bucket, &manifest, scratch.path(), &())
            };
            let mut changed = whole.clone();
            changed[whole.len() / 2] ^= 4;
            bucket.put(&name, &changed).unwrap();
            let error = told().unwrap_err().to_string();
            assert!(error.contains(&name) && error.contains("is damaged"), "{name}: {error}");
            bucket.put(&name, &whole).unwrap();
            if name != MANIFEST {
                bucket.remove(&name).unwrap();
                let error = told().unwrap_err().to_string();
                assert!(error.contains(&name) && error.contains("it is missing"), "{error}");
                open(&url).put(&name, &whole).unwrap();
            }
        }
    })
    .await;
}
