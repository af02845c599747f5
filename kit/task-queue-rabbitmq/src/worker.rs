//! A worker: tasks come out here.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use kit_task_queue::{DeadLetterReason, Job, Outcome, QueueError, Settle, Task, Worker};
use lapin::Acker;
use lapin::Consumer;
use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicNackOptions};
use lapin::types::AMQPValue;

use crate::link::{Link, Names};
use crate::links::{Links, in_time};

/// Where the broker writes why a message is a dead letter.
const REASON: &str = "x-first-death-reason";

/// What the broker writes there when a worker has refused it.
const REJECTED: &[u8] = b"rejected";

/// Which tasks of a queue a worker takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Live,
    Dead,
}

/// A consumer on a channel of its own, which gives its task back when it is closed; a new one is begun when the broker was
/// lost.
pub(crate) struct RabbitWorker {
    links: Arc<Links>,
    names: Names,
    side: Side,
    /// None when the broker is not reached.
    consuming: Option<Consuming>,
}

pub(crate) struct Consuming {
    consumer: Consumer,
    /// Closed when nobody has it any more.
    link: Arc<Link>,
}

impl RabbitWorker {
    pub(crate) const fn new(links: Arc<Links>, names: Names, side: Side) -> Self {
        Self { links, names, side, consuming: None }
    }

    /// Begins to consume, unless it does already.
    pub(crate) async fn begin(&mut self) -> Result<&mut Consuming, QueueError> {
        if self.consuming.is_none() {
            let queue = match self.side {
                Side::Live => &self.names.live,
                Side::Dead => &self.names.dead,
            };
            let consuming = self.links.use_link(&self.names, async |link| {
                Ok(Consuming { consumer: link.consume(queue).await?, link: Arc::clone(link) })
            });
            self.consuming = Some(consuming.await?);
        }
        let ended = || QueueError::Unavailable("there is no consumer".to_owned());
        self.consuming.as_mut().ok_or_else(ended)
    }

    async fn deliver(&mut self) -> Result<Delivery, QueueError> {
        let error = match self.begin().await?.consumer.next().await {
            Some(Ok(delivery)) => return Ok(delivery),
            Some(Err(error)) => error.to_string(),
            None => "the broker has ended the consumer".to_owned(),
        };
        if let Some(Consuming { link, .. }) = self.consuming.take() {
            self.links.forget(&link).await;
        }
        Err(QueueError::Unavailable(error))
    }

    /// The delivered task; none when another program has sent what is none.
    fn job(&self, delivery: &Delivery) -> Option<Job> {
        let task = task(delivery)?;
        let dead = (self.side == Side::Dead).then(|| reason(delivery));
        let loan = Loan { acker: delivery.acker.clone(), side: self.side };
        Some(Job::new(task, dead, Box::new(loan)))
    }
}

#[async_trait]
impl Worker for RabbitWorker {
    async fn next(&mut self) -> Result<Job, QueueError> {
        loop {
            let delivery = self.deliver().await?;
            match self.job(&delivery) {
                Some(job) => return Ok(job),
                None => put_aside(&delivery, self.side).await?,
            }
        }
    }
}

/// Reads a task; what another program has sent may be none.
fn task(delivery: &Delivery) -> Option<Task> {
    let id = delivery.properties.message_id().as_ref()?.as_str().parse().ok()?;
    let payload = std::str::from_utf8(&delivery.data).ok()?.into();
    Some(Task { id, payload })
}

fn reason(delivery: &Delivery) -> DeadLetterReason {
    let headers = delivery.properties.headers().as_ref();
    match headers.and_then(|headers| headers.inner().get(REASON)) {
        Some(AMQPValue::LongString(reason)) if reason.as_bytes() == REJECTED => {
            DeadLetterReason::Refused
        }
        _ => DeadLetterReason::AttemptsUsedUp,
    }
}

/// Makes a message that is no task a dead letter; there it is dropped, since nobody could be given it.
async fn put_aside(message: &Delivery, side: Side) -> Result<(), QueueError> {
    let (queue, bytes) = (&message.routing_key, message.data.len());
    tracing::error!(%queue, ?side, bytes, "rabbitmq_message_is_no_task");
    in_time(message.acker.nack(refuse())).await.map(drop)
}

/// To the dead letters, or away from there.
fn refuse() -> BasicNackOptions {
    BasicNackOptions { requeue: false, ..BasicNackOptions::default() }
}

fn again() -> BasicNackOptions {
    BasicNackOptions { requeue: true, ..BasicNackOptions::default() }
}

/// A task that somebody works on.
struct Loan {
    acker: Acker,
    side: Side,
}

#[async_trait]
impl Settle for Loan {
    async fn settle(self: Box<Self>, outcome: Outcome) -> Result<(), QueueError> {
        let told = match (outcome, self.side) {
            (Outcome::Done, _) => in_time(self.acker.ack(BasicAckOptions::default())).await?,
            (Outcome::Refused, Side::Live) => in_time(self.acker.nack(refuse())).await?,
            // a dead letter stays one
            (Outcome::Failed, _) | (Outcome::Refused, Side::Dead) => {
                in_time(self.acker.nack(again())).await?
            }
        };
        let lost = || QueueError::Unavailable("the channel of this task is closed".to_owned());
        told.then_some(()).ok_or_else(lost)
    }
}
