//! The queues: tasks go in here.

use std::sync::Arc;

use async_trait::async_trait;
use kit_task_queue::{QueueError, Task, TaskQueue, Worker};
use lapin::Confirmation;

use crate::links::{Links, RabbitOptions};
use crate::worker::{RabbitWorker, Side};

/// Queues of a `RabbitMQ` broker.
pub struct RabbitQueue {
    links: Arc<Links>,
}

impl RabbitQueue {
    /// Queues of a broker, which is reached at the first use, and again after it was lost.
    pub fn new(options: RabbitOptions) -> Self {
        Self { links: Arc::new(Links::new(options)) }
    }

    async fn worker(&self, queue: &str, side: Side) -> Result<Box<dyn Worker>, QueueError> {
        let mut worker = RabbitWorker::new(Arc::clone(&self.links), self.links.names(queue), side);
        worker.begin().await?;
        Ok(Box::new(worker))
    }
}

#[async_trait]
impl TaskQueue for RabbitQueue {
    async fn enqueue(&self, queue: &str, task: Task) -> Result<(), QueueError> {
        let names = self.links.names(queue);
        let (link, confirmation) = self
            .links
            .use_link(&names, async |link| {
                Ok((Arc::clone(link), link.publish(&names.live, &task).await?))
            })
            .await?;
        match confirmation {
            Confirmation::Ack(None) => Ok(()),
            // a queue that somebody has deleted, for instance: confirmed, but nowhere
            Confirmation::Ack(Some(_)) => {
                self.links.forget(&link).await;
                Err(QueueError::Unavailable(format!("there is no queue {}", names.live)))
            }
            Confirmation::Nack(_) | Confirmation::NotRequested => {
                Err(QueueError::Unavailable(format!("{} did not take the task", names.live)))
            }
        }
    }

    async fn work(&self, queue: &str) -> Result<Box<dyn Worker>, QueueError> {
        self.worker(queue, Side::Live).await
    }

    async fn work_on_dead_letters(&self, queue: &str) -> Result<Box<dyn Worker>, QueueError> {
        self.worker(queue, Side::Dead).await
    }
}
