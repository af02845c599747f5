//! Processes that share keys: one key for each customer, and none that was destroyed.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::future::join_all;
use kit_core::SystemClock;
use kit_event_store::subject_keys::memory::MemorySubjectKeys;
use kit_event_store::subject_keys::{KeysState, Rewrap};
use tempfile::TempDir;
use uuid::Uuid;

use super::super::suite::{self, customer, key_of};
use super::super::{CustomerNames, sealing};
use super::*;

/// A store of keys that counts what it is asked for, and fails when it is to.
#[derive(Default)]
struct Store {
    keys: MemorySubjectKeys,
    asked_generation: AtomicUsize,
    obtained: Mutex<Vec<usize>>,
    is_down: AtomicBool,
}

impl Store {
    fn check(&self) -> Result<(), EventStoreError> {
        let is_down = self.is_down.load(Ordering::SeqCst);
        if is_down { Err(EventStoreError::Unavailable("down".into())) } else { Ok(()) }
    }

    /// How many keys were asked for in each write since the last call.
    fn writes(&self) -> Vec<usize> {
        std::mem::take(&mut self.obtained.lock().unwrap())
    }
}

#[async_trait]
impl SubjectKeys for Store {
    async fn state(&self) -> Result<Option<KeysState>, EventStoreError> {
        self.asked_generation.fetch_add(1, Ordering::SeqCst);
        self.check()?;
        self.keys.state().await
    }

    async fn begin(&self, mark: &[u8]) -> Result<KeysState, EventStoreError> {
        self.keys.begin(mark).await
    }

    async fn obtain(
        &self,
        mark: &[u8],
        offered: &[SubjectKey],
    ) -> Result<KeptKeys, SubjectKeysError> {
        self.obtained.lock().unwrap().push(offered.len());
        self.check()?;
        // others come meanwhile
        tokio::task::yield_now().await;
        self.keys.obtain(mark, offered).await
    }

    async fn find(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError> {
        self.keys.find(mark, subject).await
    }

    async fn destroy(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError> {
        self.keys.destroy(mark, subject).await
    }

    async fn page(&self, mark: &[u8], after: Option<Uuid>) -> Result<KeptKeys, SubjectKeysError> {
        self.keys.page(mark, after).await
    }

    async fn hand_over(
        &self,
        former: &[u8],
        present: &[u8],
        rewrap: Rewrap<'_>,
    ) -> Result<(), SubjectKeysError> {
        self.keys.hand_over(former, present, rewrap).await
    }
}

/// Processes on one store of keys.
struct Processes {
    folder: TempDir,
    store: Arc<Store>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Processes {
    fn new() -> Self {
        let (folder, store) = (tempfile::tempdir().unwrap(), Arc::new(Store::default()));
        Self { folder, store, tasks: TaskTracker::new(), stop: CancellationToken::new() }
    }

    /// The file of the master key of a host.
    fn file(&self, host: &str) -> PathBuf {
        self.folder.path().join(host)
    }

    async fn open(&self, file: Option<&Path>) -> Result<Option<SharedCustomerKeys>, OpenKeysError> {
        let keys = Arc::clone(&self.store) as _;
        let config = SharedKeysConfig { keys, master_key_file: file.map(Path::to_owned) };
        SharedCustomerKeys::open(&config, Arc::new(SystemClock), &self.tasks, &self.stop).await
    }

    /// One more process, with the master key of all.
    async fn start(&self) -> SharedCustomerKeys {
        self.open(Some(&self.file("master.key"))).await.unwrap().unwrap()
    }

    fn write(&self, host: &str, lines: &[&str]) -> PathBuf {
        let file = self.file(host);
        fs::write(&file, lines.join("\n")).unwrap();
        file
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn recent(keys: &SharedCustomerKeys, name: &str) -> Option<CustomerKey> {
    keys.recent(&customer(name)).map(|known| known.key)
}

#[tokio::test]
async fn shared_keys_pass_the_suite() {
    suite::all(&Processes::new().start().await).await;
}

#[tokio::test]
async fn processes_that_meet_a_new_customer_at_one_moment_have_one_key() {
    let processes = Processes::new();
    let keys = join_all((0..4).map(|_| processes.start())).await;
    for number in 0..50 {
        let name = format!("customer {number}");
        let found = join_all(keys.iter().map(|keys| key_of(keys, &name))).await;
        assert!(found.iter().all(|key| *key == found[0]), "{found:?}");
    }
}

#[tokio::test]
async fn who_comes_at_once_shares_a_write_and_who_was_seen_costs_none() {
    let processes = Processes::new();
    let keys = processes.start().await;
    let names: Vec<_> = (0..300).map(|number| format!("customer {number}")).collect();
    join_all(names.iter().map(|name| key_of(&keys, name))).await;
    let writes = processes.store.writes();
    assert!(writes.len() < 5 && writes.iter().sum::<usize>() == 300, "{writes:?}");
    for name in &names {
        assert!(recent(&keys, name).is_some());
    }
    assert_eq!(processes.store.writes(), [0; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_another_process_has_destroyed_is_not_used_once_that_says_so() {
    let processes = Processes::new();
    let [one, other] = [processes.start().await, processes.start().await];
    let key = key_of(&one, "maria").await;
    for round in 0..20 {
        assert_eq!(key_of(&other, "jo").await, key_of(&one, "jo").await);
        let key = key_of(&other, "maria").await;
        assert_eq!(recent(&other, "maria"), Some(key), "round {round}");
        assert_eq!(one.forget(&customer("maria")).await.unwrap().unwrap().key, key);
        assert_eq!(recent(&one, "maria"), None, "the process that forgets");
        one.forgotten_everywhere().await;
        assert_eq!(recent(&other, "maria"), None, "round {round}");
        assert_eq!(other.find(&customer("maria")).await.unwrap(), None);
        assert_ne!(key_of(&other, "maria").await, key, "nobody brings it back");
        // at another point between two questions each time
        sleep(Duration::from_millis(70)).await;
    }
    assert_ne!(key_of(&other, "maria").await, key);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_hears_nothing_uses_no_key_from_memory() {
    let processes = Processes::new();
    let keys = processes.start().await;
    let key = key_of(&keys, "maria").await;
    sleep(2 * KNOWN_FOR).await;
    assert_eq!(recent(&keys, "maria"), Some(key), "as long as it hears");
    processes.store.is_down.store(true, Ordering::SeqCst);
    sleep(KNOWN_FOR).await;
    assert_eq!(recent(&keys, "maria"), None);
    assert!(keys.obtain(vec![customer("maria")]).await.is_err(), "and makes none up");
    processes.store.is_down.store(false, Ordering::SeqCst);
    sleep(2 * ASK_EVERY).await;
    assert_eq!(recent(&keys, "maria"), Some(key), "it is the same still");
}

#[tokio::test(start_paused = true)]
async fn a_process_asks_for_the_generation_once_a_second_whatever_it_holds() {
    let processes = Processes::new();
    let keys = processes.start().await;
    let names: Vec<_> = (0..100).map(|number| customer(&format!("customer {number}"))).collect();
    keys.obtain(names.clone()).await.unwrap();
    let before = processes.store.asked_generation.load(Ordering::SeqCst);
    for _ in 0..10 {
        sleep(ASK_EVERY).await;
        assert!(names.iter().all(|name| keys.recent(name).is_some()));
    }
    // the file of the master key is compared with the store as well
    let asked = processes.store.asked_generation.load(Ordering::SeqCst) - before;
    assert!(asked <= 16, "{asked}");
}

#[tokio::test]
async fn a_master_key_is_needed_once_there_are_keys_and_it_must_be_that_one() {
    let processes = Processes::new();
    assert!(processes.open(None).await.unwrap().is_none(), "in clear, as before");
    let keys = processes.start().await;
    key_of(&keys, "maria").await;
    let told = processes.open(None).await.err().unwrap().to_string();
    assert!(told.contains("--customer-master-key"), "{told}");
    let missing = processes.file("other.key");
    let told = processes.open(Some(&missing)).await.err().unwrap().to_string();
    assert!(told.contains("put a copy of it back") && !missing.exists(), "{told}");
    let other = processes.write("other.key", &[&"7".repeat(64)]);
    let told = processes.open(Some(&other)).await.err().unwrap().to_string();
    assert!(told.contains("is not the master key"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn another_master_key_takes_over_while_processes_run() {
    let processes = Processes::new();
    let (one, two) = ("11".repeat(32), "22".repeat(32));
    let [here, there] = ["here", "there"].map(|host| processes.write(host, &[&one]));
    let keys = processes.open(Some(&here)).await.unwrap().unwrap();
    let late = processes.open(Some(&there)).await.unwrap().unwrap();
    let maria = key_of(&keys, "maria").await;
    processes.write("here", &[&two, &one]);
    let mark = sealing::MasterKey::new(&[0x22; sealing::KEY_BYTES]).unwrap().mark().to_vec();
    while processes.store.keys.state().await.unwrap().unwrap().mark != mark {
        sleep(ASK_EVERY).await;
    }
    assert_eq!(keys.find(&customer("maria")).await.unwrap().unwrap().key, maria);
    assert_eq!(key_of(&keys, "maria").await, maria);
    // a host that has not got the file yet refuses, and makes no second key of a customer
    let told = late.obtain(vec![customer("maria")]).await.unwrap_err().to_string();
    assert!(told.contains("is not the master key"), "{told}");
    processes.write("there", &[&two]);
    assert_eq!(key_of(&late, "maria").await, maria);
    let config =
        SharedKeysConfig { keys: Arc::clone(&processes.store) as _, master_key_file: Some(there) };
    let names = CustomerNames::load(&config).await.unwrap().unwrap();
    assert_eq!(names.name(maria).unwrap().as_deref(), Some("maria"));
    assert_eq!(names.name(CustomerKey::from_uuid(Uuid::nil())).unwrap(), None);
}
