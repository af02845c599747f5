//! The suites that every event store and every store of keys pass, on those in memory.

use std::sync::Arc;

use async_trait::async_trait;
use kit_event_store::EventStore;
use kit_event_store::memory::MemoryStore;
use kit_event_store::subject_keys::memory::MemorySubjectKeys;
use kit_testkit::event_store::Subject;

struct Memory(fn() -> MemoryStore);

#[async_trait]
impl Subject for Memory {
    async fn open(&self) -> Arc<dyn EventStore> {
        Arc::new((self.0)())
    }

    fn durable(&self) -> bool {
        false
    }
}

kit_testkit::event_store_contract!(memory, Memory(MemoryStore::new));
kit_testkit::event_store_contract!(memory_shared, Memory(MemoryStore::shared));
kit_testkit::subject_keys_contract!(memory_keys, Arc::new(MemorySubjectKeys::default()));

#[test]
fn only_the_shared_memory_store_has_other_writers() {
    use kit_event_store::EventLog as _;
    assert!(MemoryStore::new().is_exclusive());
    assert!(!MemoryStore::shared().is_exclusive());
}
