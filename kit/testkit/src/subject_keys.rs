//! The suite that every adapter of the port of subjects' keys passes: one macro line gives one test per case.
//!
//! An adapter's tests write `kit_testkit::subject_keys_contract!(name, keys_expression);`. The expression gives what
//! derefs to `SubjectKeys` that nobody else uses, such as an `Arc`. An attribute behind it is given to each test.

#![expect(clippy::missing_panics_doc, reason = "every function here is a test that panics to fail")]

use std::collections::HashSet;

use futures_util::future::join_all;
use kit_core::Timestamp;
use kit_event_store::EventStoreError;
use kit_event_store::subject_keys::{KEYS_PAGE, SubjectKey, SubjectKeys, SubjectKeysError};
use uuid::Uuid;

const MARK: &[u8] = &[7; 32];
const OTHER_MARK: &[u8] = &[8; 32];

/// Declares a module with one test per case of the contract.
#[macro_export]
macro_rules! subject_keys_contract {
    ($name:ident, $keys:expr $(, #[$attribute:meta])?) => {
        mod $name {
            #[allow(unused_imports, reason = "the expression may need names of the file around")]
            use super::*;

            $crate::subject_keys_contract!(@cases $keys, [$(#[$attribute])?]: [
                a_key_is_kept_as_it_is_and_found_again,
                racing_callers_get_one_key_for_a_subject,
                a_destroyed_key_is_gone_and_the_generation_another,
                a_destruction_while_keys_are_obtained_is_seen_by_its_generation,
                who_has_another_master_key_reads_and_changes_nothing,
                another_master_key_takes_all_keys_or_none,
                pages_have_each_key_once,
            ]);
        }
    };
    (@cases $keys:expr, $attributes:tt: [$($case:ident,)+]) => {
        $($crate::subject_keys_contract!(@case $keys, $attributes, $case);)+
    };
    (@case $keys:expr, [$(#[$attribute:meta])?], $case:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $(#[$attribute])?
        async fn $case() {
            $crate::subject_keys::$case(&*$keys).await;
        }
    };
}

/// A key for the subject of a number; each has other bytes and another id.
fn key(subject: u32) -> SubjectKey {
    let key_id = Uuid::new_v5(&another(), &subject.to_be_bytes());
    // every byte, that of quotes and backslashes too
    let wrapped_key = (0..=255).chain(key_id.into_bytes()).collect();
    SubjectKey {
        subject: subject.to_be_bytes().repeat(8),
        key_id,
        wrapped_key,
        sealed_reference: vec![0; 500],
        created_at: Timestamp::from_millis(1_795_000_000_000 + i64::from(subject)),
    }
}

/// Another id at each call.
fn another() -> Uuid {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    Uuid::from_u128(NEXT.fetch_add(1, Ordering::SeqCst).into())
}

async fn begun(keys: &impl SubjectKeys) {
    assert_eq!(keys.begin(MARK).await.unwrap_or_else(|error| panic!("{error}")).mark, MARK);
}

async fn obtain(keys: &impl SubjectKeys, offered: &[SubjectKey]) -> Vec<SubjectKey> {
    let obtained = keys.obtain(MARK, offered).await;
    let mut keys = obtained.unwrap_or_else(|error| panic!("{error}")).keys;
    keys.sort_by(|one, other| one.subject.cmp(&other.subject));
    keys
}

async fn find(keys: &impl SubjectKeys, subject: &[u8]) -> Option<SubjectKey> {
    let found = keys.find(MARK, subject).await;
    found.unwrap_or_else(|error| panic!("{error}")).keys.pop()
}

async fn generation(keys: &impl SubjectKeys) -> u64 {
    let state = keys.state().await.unwrap_or_else(|error| panic!("{error}"));
    state.map_or_else(|| panic!("no state"), |state| state.generation)
}

fn assert_other<T: std::fmt::Debug>(answer: &Result<T, SubjectKeysError>) {
    assert!(matches!(answer, Err(SubjectKeysError::OtherMasterKey)), "{answer:?}");
}

/// What is kept is what was offered, byte for byte; a second offer changes nothing.
pub async fn a_key_is_kept_as_it_is_and_found_again(keys: &impl SubjectKeys) {
    assert_eq!(keys.state().await.unwrap_or_else(|error| panic!("{error}")), None);
    begun(keys).await;
    let (one, two) = (key(1), key(2));
    assert_eq!(obtain(keys, &[two.clone(), one.clone()]).await, [one.clone(), two.clone()]);
    let again = obtain(keys, &[key(1), key(3), key(2)]).await;
    assert_eq!(again[..2], [one.clone(), two]);
    assert_eq!(find(keys, &one.subject).await, Some(one));
    assert_eq!(find(keys, &key(9).subject).await, None, "asking makes no key");
    assert_eq!(obtain(keys, &[]).await, []);
}

/// Many callers meet the same new subjects at once, in any order: each subject has one key, and all callers know it.
pub async fn racing_callers_get_one_key_for_a_subject(keys: &impl SubjectKeys) {
    begun(keys).await;
    for round in 0..10_u32 {
        let callers = (0..8_u32).map(|caller| async move {
            let mut offered: Vec<_> = (0..20).map(|number| key(100 * round + number)).collect();
            offered.rotate_left(usize::try_from(caller).unwrap_or_default());
            obtain(keys, &offered).await
        });
        let obtained = join_all(callers).await;
        assert_eq!(obtained[0].len(), 20);
        assert!(obtained.iter().all(|one| *one == obtained[0]), "round {round}");
    }
}

/// A destroyed key is given once more, to who destroys it, and never comes back.
pub async fn a_destroyed_key_is_gone_and_the_generation_another(keys: &impl SubjectKeys) {
    begun(keys).await;
    let obtained = obtain(keys, &[key(1), key(2)]).await;
    let before = generation(keys).await;
    let destroyed = keys.destroy(MARK, &obtained[0].subject).await;
    let destroyed = destroyed.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(destroyed.keys, obtained[..1]);
    assert_ne!(destroyed.generation, before);
    assert_eq!(generation(keys).await, destroyed.generation);
    assert_eq!(find(keys, &obtained[0].subject).await, None);
    assert_eq!(find(keys, &obtained[1].subject).await.as_ref(), Some(&obtained[1]));
    let again = keys.destroy(MARK, &obtained[0].subject).await;
    assert_eq!(again.unwrap_or_else(|error| panic!("{error}")).keys, []);
    let next = obtain(keys, &[key(1)]).await;
    assert_ne!(next[0].key_id, obtained[0].key_id, "who comes again is another one");
}

/// Who is given a key while it is destroyed either has the generation of before, or another key.
pub async fn a_destruction_while_keys_are_obtained_is_seen_by_its_generation(
    keys: &impl SubjectKeys,
) {
    begun(keys).await;
    for round in 0..30 {
        let first = obtain(keys, &[key(round)]).await;
        let offered = [key(round)];
        let (destroyed, obtained) =
            tokio::join!(keys.destroy(MARK, &first[0].subject), keys.obtain(MARK, &offered));
        let destroyed = destroyed.unwrap_or_else(|error| panic!("{error}"));
        let obtained = obtained.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(destroyed.keys, first, "round {round}");
        let is_destroyed_one = obtained.keys == first;
        assert_eq!(is_destroyed_one, obtained.generation != destroyed.generation, "round {round}");
    }
}

/// The mark of the first master key is the one that holds.
pub async fn who_has_another_master_key_reads_and_changes_nothing(keys: &impl SubjectKeys) {
    let one = key(1);
    assert_other(&keys.obtain(MARK, std::slice::from_ref(&one)).await);
    begun(keys).await;
    let held = keys.begin(OTHER_MARK).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(held.mark, MARK);
    let one = obtain(keys, &[one]).await.remove(0);
    assert_other(&keys.obtain(OTHER_MARK, &[key(2)]).await);
    assert_other(&keys.find(OTHER_MARK, &one.subject).await);
    assert_other(&keys.destroy(OTHER_MARK, &one.subject).await);
    assert_other(&keys.page(OTHER_MARK, None).await);
    assert_other(&keys.hand_over(OTHER_MARK, &[9; 32], &|key| Ok(key.clone())).await);
    assert_eq!(find(keys, &key(2).subject).await, None);
    assert_eq!(find(keys, &one.subject).await, Some(one));
}

/// A master key that cannot seal one of them leaves all as they were; else all are sealed anew, in a race once.
pub async fn another_master_key_takes_all_keys_or_none(keys: &impl SubjectKeys) {
    begun(keys).await;
    let count = u32::try_from(2 * KEYS_PAGE + 10).unwrap_or_default();
    let obtained = obtain(keys, &(0..count).map(key).collect::<Vec<_>>()).await;
    let broken = obtained[77].key_id;
    let refuse = |key: &SubjectKey| {
        if key.key_id == broken {
            return Err(EventStoreError::Corrupt("it does not open".into()));
        }
        Ok(SubjectKey { wrapped_key: vec![1], ..key.clone() })
    };
    let failed = keys.hand_over(MARK, OTHER_MARK, &refuse).await;
    assert!(matches!(failed, Err(SubjectKeysError::Store(_))), "{failed:?}");
    assert_eq!(find(keys, &obtained[0].subject).await.as_ref(), Some(&obtained[0]));
    let seal = |key: &SubjectKey| {
        let subject = key.subject.iter().map(|byte| !byte).collect();
        Ok(SubjectKey { subject, wrapped_key: vec![1], ..key.clone() })
    };
    let (one, other) = tokio::join!(
        keys.hand_over(MARK, OTHER_MARK, &seal),
        keys.hand_over(MARK, OTHER_MARK, &seal)
    );
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    assert_other(&keys.find(MARK, &obtained[0].subject).await);
    for before in [&obtained[0], &obtained[1_500]] {
        let after = seal(before).unwrap_or_else(|error| panic!("{error}"));
        let found = keys.find(OTHER_MARK, &after.subject).await;
        assert_eq!(found.unwrap_or_else(|error| panic!("{error}")).keys, [after]);
    }
}

/// Reading page after page, each from the last id of the one before, comes to all keys.
pub async fn pages_have_each_key_once(keys: &impl SubjectKeys) {
    begun(keys).await;
    let count = u32::try_from(KEYS_PAGE + 7).unwrap_or_default();
    let obtained = obtain(keys, &(0..count).map(key).collect::<Vec<_>>()).await;
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = keys.page(MARK, after).await.unwrap_or_else(|error| panic!("{error}")).keys;
        let Some(last) = page.last() else { break };
        assert!(page.len() <= KEYS_PAGE);
        after = Some(last.key_id);
        read.extend(page);
    }
    assert_eq!(read.len(), obtained.len());
    let ids = |keys: &[SubjectKey]| keys.iter().map(|key| key.key_id).collect::<HashSet<_>>();
    assert_eq!(ids(&read), ids(&obtained));
}
