//! What records the spans of this process, if anything does.

use std::num::NonZeroUsize;
use std::sync::OnceLock;

use foldhash::fast::RandomState;
use kit_core::{IdSource as _, RandomIds, Timestamp};
use lru::LruCache;
use parking_lot::Mutex;
use uuid::Uuid;

use crate::context::SpanContext;
use crate::sampling::SamplingRatio;
use crate::span::FinishedSpan;

/// Commands whose trace is remembered until their events are published: seconds of a busy process.
const REMEMBERED_MAX: NonZeroUsize = NonZeroUsize::new(65_536).unwrap();

/// Takes spans.
pub trait Recorder: Send + Sync {
    /// Takes a span that has ended. MUST NOT wait: it is called in the middle of the work.
    fn record(&self, span: FinishedSpan);
}

/// Traces are recorded already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("traces are recorded already in this process")]
pub struct AlreadyStarted;

/// The process's recorder and what it must know.
pub(crate) struct Tracer {
    recorder: Box<dyn Recorder>,
    ratio: SamplingRatio,
    /// Of commands, where it does not follow from their ids.
    remembered: Mutex<LruCache<Uuid, SpanContext, RandomState>>,
}

static TRACER: OnceLock<Tracer> = OnceLock::new();

/// Records from now on: whole traces if the caller of the first request says so, and of those that begin here a share.
pub fn start(
    recorder: impl Recorder + 'static,
    ratio: SamplingRatio,
) -> Result<(), AlreadyStarted> {
    let remembered = LruCache::with_hasher(REMEMBERED_MAX, RandomState::default());
    let tracer = Tracer { recorder: Box::new(recorder), ratio, remembered: Mutex::new(remembered) };
    TRACER.set(tracer).map_err(|_| AlreadyStarted)
}

/// The recorder, if there is one: a load and a branch.
#[inline]
pub(crate) fn get() -> Option<&'static Tracer> {
    TRACER.get()
}

impl Tracer {
    /// The trace that begins with a correlation id; it has no span yet.
    pub(crate) fn root(&self, correlation_id: Uuid) -> SpanContext {
        // only a caller can make up an id that no trace may have
        let trace_id = correlation_id.as_u128().max(1);
        SpanContext { trace_id, span_id: 0, is_sampled: self.ratio.takes(trace_id) }
    }

    /// The span of a command in the trace that begins with its correlation id.
    pub(crate) fn derived(&self, correlation_id: Uuid, command_id: Uuid) -> SpanContext {
        SpanContext { span_id: span_id_of(command_id), ..self.root(correlation_id) }
    }

    pub(crate) fn remember(&self, command_id: Uuid, context: SpanContext) {
        self.remembered.lock().put(command_id, context);
    }

    pub(crate) fn remembered(&self, command_id: Uuid) -> Option<SpanContext> {
        self.remembered.lock().peek(&command_id).copied()
    }

    pub(crate) fn record(&self, span: FinishedSpan) {
        self.recorder.record(span);
    }
}

/// The last 8 bytes of an id, which are random but for two bits and never all 0 in an id of ours.
pub(crate) fn span_id_of(id: Uuid) -> u64 {
    id.as_u64_pair().1.max(1)
}

/// A span's id.
pub(crate) fn new_span_id() -> u64 {
    span_id_of(RandomIds.next_id(Timestamp::default()))
}
