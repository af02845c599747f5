//! One connection to the broker, and the queues that were declared on it.

use std::collections::HashSet;

use kit_task_queue::Task;
use kit_task_queue::port::ATTEMPTS_MAX;
use lapin::options::{
    BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
    QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, Consumer};
use parking_lot::Mutex;

/// Deliveries of a dead letter; a broker must not lose it for having been looked at often.
const DEAD_LETTER_DELIVERIES_MAX: i64 = 1_000_000_000;

/// The delivery mode of what survives a restart of the broker.
const PERSISTENT: u8 = 2;

/// Tasks that a worker is given at a time, so that none keeps what another could do.
const TASKS_AT_A_TIME: u16 = 1;

/// A connection with a channel for publishing.
pub(crate) struct Link {
    connection: Connection,
    publishing: Channel,
    /// Live queues that are known to be there.
    declared: Mutex<HashSet<String>>,
}

/// A queue by the names that the broker has for it and its dead letters.
#[derive(Clone)]
pub(crate) struct Names {
    pub(crate) live: String,
    pub(crate) dead: String,
}

impl Link {
    pub(crate) async fn open(url: &str, name: &str) -> lapin::Result<Self> {
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let connection = Connection::connect(url, properties).await?;
        let publishing = connection.create_channel().await?;
        publishing.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(Self { connection, publishing, declared: Mutex::default() })
    }

    pub(crate) fn is_alive(&self) -> bool {
        self.connection.status().connected() && self.publishing.status().connected()
    }

    /// Tells the broker a task, and waits until it says what it did with it.
    pub(crate) async fn publish(&self, queue: &str, task: &Task) -> lapin::Result<Confirmation> {
        // one that no queue takes is returned, since it would be confirmed all the same
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        let properties = BasicProperties::default()
            .with_delivery_mode(PERSISTENT)
            .with_message_id(short(&task.id.to_string()));
        let (exchange, payload) = (short(""), task.payload.as_bytes());
        let publishing = &self.publishing;
        publishing.basic_publish(exchange, short(queue), options, payload, properties).await?.await
    }

    /// A consumer on a channel of its own.
    pub(crate) async fn consume(&self, queue: &str) -> lapin::Result<Consumer> {
        let channel = self.connection.create_channel().await?;
        channel.basic_qos(TASKS_AT_A_TIME, BasicQosOptions::default()).await?;
        let (options, arguments) = (BasicConsumeOptions::default(), FieldTable::default());
        channel.basic_consume(short(queue), short(""), options, arguments).await
    }

    /// Makes a queue and the one for its dead letters, unless this connection has.
    pub(crate) async fn declare(&self, names: &Names) -> lapin::Result<()> {
        if self.declared.lock().contains(&names.live) {
            return Ok(());
        }
        let dead = [("x-delivery-limit", number(DEAD_LETTER_DELIVERIES_MAX))];
        self.declare_one(&names.dead, dead).await?;
        let live = [
            ("x-delivery-limit", number(i64::from(ATTEMPTS_MAX) - 1)),
            ("x-dead-letter-exchange", text("")),
            ("x-dead-letter-routing-key", text(&names.dead)),
            ("x-dead-letter-strategy", text("at-least-once")),
            // which is what the strategy asks for
            ("x-overflow", text("reject-publish")),
        ];
        self.declare_one(&names.live, live).await?;
        self.declared.lock().insert(names.live.clone());
        Ok(())
    }

    async fn declare_one(
        &self,
        name: &str,
        arguments: impl IntoIterator<Item = (&'static str, AMQPValue)>,
    ) -> lapin::Result<()> {
        let mut table = FieldTable::default();
        table.insert("x-queue-type".into(), text("quorum"));
        for (key, value) in arguments {
            table.insert(key.into(), value);
        }
        let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        self.publishing.queue_declare(short(name), options, table).await.map(drop)
    }
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

const fn number(value: i64) -> AMQPValue {
    AMQPValue::LongLongInt(value)
}

/// A name as the protocol has it.
fn short(name: &str) -> ShortString {
    name.into()
}
