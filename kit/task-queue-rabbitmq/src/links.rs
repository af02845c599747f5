//! The way to the broker, which is found again after it was lost.

use std::sync::Arc;
use std::time::Duration;

use kit_task_queue::QueueError;
use tokio::sync::Mutex;

use crate::link::{Link, Names};

/// Longest wait for an answer of the broker; a connection without one for so long is given up.
const ANSWER_WAIT: Duration = Duration::from_secs(10);

/// Where the broker is.
#[derive(Clone)]
pub struct RabbitOptions {
    /// An address such as `amqp://USER:PASSWORD@HOST:PORT`.
    pub url: String,
    /// What the names of queues begin with, so that several installations can share a broker; may be empty.
    pub prefix: String,
    /// Name of this program among the broker's connections.
    pub client: String,
}

/// The connection that is in use.
pub(crate) struct Links {
    options: RabbitOptions,
    /// None before the first use, and after the connection was lost until the next.
    current: Mutex<Option<Arc<Link>>>,
}

impl Links {
    pub(crate) fn new(options: RabbitOptions) -> Self {
        Self { options, current: Mutex::default() }
    }

    pub(crate) fn names(&self, queue: &str) -> Names {
        let live = format!("{}{queue}", self.options.prefix);
        Names { dead: format!("{live}.dead"), live }
    }

    /// Does something on a living link on which the queue has been declared. A link on which it failed is not used again.
    pub(crate) async fn use_link<T>(
        &self,
        names: &Names,
        work: impl AsyncFnOnce(&Arc<Link>) -> lapin::Result<T>,
    ) -> Result<T, QueueError> {
        let link = self.current().await?;
        let worked = in_time(async {
            link.declare(names).await?;
            work(&link).await
        })
        .await;
        if worked.is_err() {
            self.forget(&link).await;
        }
        worked
    }

    async fn current(&self) -> Result<Arc<Link>, QueueError> {
        let mut current = self.current.lock().await;
        if let Some(link) = current.as_ref().filter(|link| link.is_alive()) {
            return Ok(Arc::clone(link));
        }
        let RabbitOptions { url, client, .. } = &self.options;
        let link = Arc::new(in_time(Link::open(url, client)).await?);
        *current = Some(Arc::clone(&link));
        Ok(link)
    }

    /// Looks for the broker again at the next use, unless another has done so already.
    pub(crate) async fn forget(&self, link: &Arc<Link>) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|current| Arc::ptr_eq(current, link)) {
            *current = None;
        }
    }
}

/// An answer of the broker, for which nobody waits for ever. All that can fail may go better the next time.
pub(crate) async fn in_time<T>(
    work: impl Future<Output = lapin::Result<T>>,
) -> Result<T, QueueError> {
    match tokio::time::timeout(ANSWER_WAIT, work).await {
        Ok(worked) => worked.map_err(|error| QueueError::Unavailable(error.to_string())),
        Err(_) => {
            Err(QueueError::Unavailable(format!("the broker has not answered for {ANSWER_WAIT:?}")))
        }
    }
}
