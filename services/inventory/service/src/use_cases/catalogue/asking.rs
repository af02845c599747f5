//! Asking the catalogue itself for names that its copy does not have: each name in one question at a time, many in one.

use std::future;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gondola_inventory_domain::StoreId;
use lru::LruCache;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::wanted::EntryRef;
use super::{Catalogue, StoreRef};
use crate::use_cases::look_up::{CatalogueLookUp, FoundEntries, LookUpFailed, WantedEntries};

/// Longest time for a question: less than is waited for names, so that the failure is seen by those who judge the service.
const ANSWER_MAX: Duration = Duration::from_millis(100);

/// Shortest pause between two questions for one name that is not registered. Nobody is told that by an answer from before
/// the request: who has just been told that a name is free may register it and use it at once.
const ABSENT_PAUSE: Duration = Duration::from_millis(100);

/// Shortest pause between two questions for one name that were not answered: longer than a request waits for names.
const UNANSWERED_PAUSE: Duration = Duration::from_millis(200);

/// Names that are remembered as asked for; the longest unasked go first.
const ASKED_MAX: NonZeroUsize = NonZeroUsize::new(65_536).expect("it is not 0");

/// The catalogue, and what it is asked and was asked.
pub(super) struct Asking {
    catalogue: Arc<dyn CatalogueLookUp>,
    asked: Mutex<LruCache<EntryRef, Asked>>,
    /// Questions that have been put; each has its number.
    questions: AtomicU64,
    /// Told when a question has ended.
    ended: watch::Sender<()>,
}

/// How far the question for a name is, and when it was put.
#[derive(Clone, Copy, Debug)]
enum Asked {
    /// It has not been answered yet.
    Now,
    /// The catalogue does not have it, as it said to the question with this number.
    Absent(Instant, u64),
    /// There was no answer.
    Unanswered(Instant),
}

impl Asked {
    /// When the name may be asked for again; `None` while the question is under way.
    fn again_at(self) -> Option<Instant> {
        match self {
            Self::Now => None,
            Self::Absent(at, _) => Some(at + ABSENT_PAUSE),
            Self::Unanswered(at) => Some(at + UNANSWERED_PAUSE),
        }
    }
}

/// A question for names, which are free for others to ask for when it is dropped.
struct Question<'a> {
    asking: &'a Asking,
    names: Vec<EntryRef>,
    at: Instant,
    number: u64,
}

impl Asking {
    pub(super) fn new(catalogue: Arc<dyn CatalogueLookUp>) -> Self {
        let asked = Mutex::new(LruCache::new(ASKED_MAX));
        Self { catalogue, asked, questions: AtomicU64::new(0), ended: watch::Sender::new(()) }
    }

    /// Whether the catalogue has said to a question after these that it does not have a name.
    fn is_absent(&self, name: &EntryRef, before: u64) -> bool {
        matches!(self.asked.lock().peek(name), Some(Asked::Absent(_, number)) if *number > before)
    }

    /// A question for those of the names that nobody asks for and that may be asked for now; else when the next may be,
    /// unless a question ends before.
    fn question(&self, names: &[EntryRef]) -> Result<Question<'_>, Option<Instant>> {
        let (now, mut asked) = (Instant::now(), self.asked.lock());
        let (mut mine, mut next) = (Vec::new(), None::<Instant>);
        for name in names {
            let again_at = asked.get(name).map_or(Some(now), |asked| asked.again_at());
            match again_at {
                None => {}
                Some(at) if at > now => next = Some(next.map_or(at, |next| next.min(at))),
                Some(_) => {
                    asked.put(name.clone(), Asked::Now);
                    mine.push(name.clone());
                }
            }
            if mine.len() == WantedEntries::NAMES_MAX {
                break;
            }
        }
        if mine.is_empty() {
            return Err(next);
        }
        let number = self.questions.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(Question { asking: self, names: mine, at: now, number })
    }
}

impl Question<'_> {
    fn wanted(&self) -> WantedEntries {
        let mut wanted = WantedEntries::default();
        for name in &self.names {
            match name {
                EntryRef::Store(store) => wanted.stores.push(store.clone()),
                EntryRef::Product(product) => wanted.products.push(product.clone()),
            }
        }
        wanted
    }

    /// Notes how it ended for each name; `None` for one that need not be remembered.
    fn end(mut self, how: impl Fn(&EntryRef) -> Option<Asked>) {
        let mut asked = self.asking.asked.lock();
        for name in self.names.drain(..) {
            match how(&name) {
                Some(end) => drop(asked.put(name, end)),
                None => drop(asked.pop(&name)),
            }
        }
    }
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        let mut asked = self.asking.asked.lock();
        for name in &self.names {
            asked.pop(name);
        }
        drop(asked);
        self.asking.ended.send_replace(());
    }
}

impl Catalogue {
    /// Asks the catalogue for entries. Ends when each of them is in the copy or not registered; never where the catalogue
    /// cannot be asked, nor while the copy is being filled, when more than these entries may be awaited.
    pub(super) async fn asked(&self, names: Vec<EntryRef>) {
        if let Some(asking) = &self.asking {
            self.ask(asking, names).await;
            if self.is_filled() {
                return;
            }
        }
        future::pending::<()>().await;
    }

    /// Takes what the catalogue says of a store now into the copy, where it can be asked.
    pub(in crate::use_cases) async fn refresh_store(
        &self,
        store: StoreId,
    ) -> Result<(), LookUpFailed> {
        let Some(asking) = &self.asking else { return Ok(()) };
        let stores = vec![StoreRef::Id(store)];
        let wanted = WantedEntries { stores, products: Vec::new() };
        self.note_found(asking.catalogue.look_up(&wanted, ANSWER_MAX).await?)
    }

    async fn ask(&self, asking: &Asking, mut names: Vec<EntryRef>) {
        let before = asking.questions.load(Ordering::SeqCst);
        let mut ended = asking.ended.subscribe();
        loop {
            ended.mark_unchanged();
            names.retain(|name| !self.has(name) && !asking.is_absent(name, before));
            if names.is_empty() {
                return;
            }
            match asking.question(&names) {
                Ok(question) => self.put(asking, question).await,
                Err(next) => {
                    let next = async {
                        match next {
                            Some(at) => sleep_until(at).await,
                            None => future::pending().await,
                        }
                    };
                    tokio::select! {
                        _ = ended.changed() => {}
                        () = next => {}
                    }
                }
            }
        }
    }

    /// Puts a question and takes the answer into the copy.
    async fn put(&self, asking: &Asking, question: Question<'_>) {
        let answer = asking.catalogue.look_up(&question.wanted(), ANSWER_MAX).await;
        let (at, number) = (question.at, question.number);
        match answer.and_then(|found| self.note_found(found)) {
            Ok(()) => question.end(|name| (!self.has(name)).then_some(Asked::Absent(at, number))),
            Err(error) => {
                tracing::debug!(%error, "catalogue_did_not_answer");
                question.end(|_| Some(Asked::Unanswered(at)));
            }
        }
    }

    /// Takes entries into the copy, as news of the same versions would be.
    fn note_found(&self, found: FoundEntries) -> Result<(), LookUpFailed> {
        let FoundEntries { log, stores, products } = found;
        let is_noted = self.note_from(Some(log), |copy| {
            for store in stores {
                copy.note_store(store.id, store.named, store.version);
            }
            for product in products {
                copy.note_product(product.id, product.named, product.version);
            }
        });
        let former = || LookUpFailed(format!("the answer is from {log}, a former log"));
        is_noted.then_some(()).ok_or_else(former)
    }

    fn has(&self, name: &EntryRef) -> bool {
        match name {
            EntryRef::Store(StoreRef::Code(code)) => self.known_store(code).is_some(),
            EntryRef::Store(StoreRef::Id(id)) => self.of_store(*id).is_some(),
            EntryRef::Product(product) => self.known_product(product).is_some(),
        }
    }
}
