//! How old a copy is: when it last had everything that the bus had.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use kit_core::{Clock, Timestamp};
use kit_event_bus::EventBus;
use metrics::Gauge;
use parking_lot::Mutex;
use tokio::time::interval;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The age of a copy of what another context has told, while somebody measures it.
pub struct CopyAge {
    clock: Arc<dyn Clock>,
    /// The copy has everything that the bus had then.
    complete_at: Mutex<Option<Timestamp>>,
    shown: Gauge,
}

impl CopyAge {
    /// An age that nobody has measured yet, to be shown in seconds.
    pub fn unknown(clock: Arc<dyn Clock>, shown: Gauge) -> Self {
        Self { clock, complete_at: Mutex::default(), shown }
    }

    /// The present age; `None` when the copy has never been complete since this start.
    pub fn now(&self) -> Option<Duration> {
        let complete_at = (*self.complete_at.lock())?;
        Some(self.clock.now().since(complete_at))
    }

    /// Measures the age again and again, by what this reader of the bus has taken.
    pub async fn measure(self: Arc<Self>, bus: Arc<dyn EventBus>, reader: &str) -> Infallible {
        let mut looks = interval(LOOK_EVERY);
        loop {
            looks.tick().await;
            let asked_at = self.clock.now();
            let mut worked_off = pin!(bus.worked_off(reader));
            loop {
                tokio::select! {
                    () = &mut worked_off => break,
                    _ = looks.tick() => self.show(),
                }
            }
            *self.complete_at.lock() = Some(asked_at);
            self.show();
        }
    }

    fn show(&self) {
        if let Some(age) = self.now() {
            self.shown.set(age.as_secs_f64());
        }
    }
}
