//! What others do to the broker: delete a queue, send what is no task.

use std::time::Duration;

use kit_task_queue::TaskQueue as _;
use lapin::options::{BasicPublishOptions, QueueDeleteOptions};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};

use crate::scratch::{Scratch, task, variable};

const QUEUE: &str = "mail";

/// Longest wait for what is expected.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client of the test's own.
async fn client() -> (Connection, Channel) {
    let url = variable("GONDOLA_TEST_RABBITMQ");
    let connection = Connection::connect(&url, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    (connection, channel)
}

#[tokio::test]
#[ignore = "needs RabbitMQ: make test-services"]
async fn a_task_for_a_deleted_queue_is_not_taken_and_the_queue_is_made_anew() {
    let (scratch, (_connection, channel)) = (Scratch::new(), client().await);
    let queues = scratch.queues();
    queues.enqueue(QUEUE, task(0)).await.unwrap();
    let name = scratch.name(QUEUE);
    channel.queue_delete(name.as_str().into(), QueueDeleteOptions::default()).await.unwrap();

    let error = queues.enqueue(QUEUE, task(1)).await.unwrap_err();
    assert!(error.to_string().contains(&format!("there is no queue {name}")), "{error}");
    queues.enqueue(QUEUE, task(2)).await.unwrap();
    let mut worker = queues.work(QUEUE).await.unwrap();
    let job = tokio::time::timeout(PATIENCE, worker.next()).await.unwrap().unwrap();
    assert_eq!(job.task(), &task(2));
}

#[tokio::test]
#[ignore = "needs RabbitMQ: make test-services"]
async fn what_is_no_task_keeps_nobody_from_those_behind_it() {
    let (scratch, (_connection, channel)) = (Scratch::new(), client().await);
    let queues = scratch.queues();
    let mut worker = queues.work(QUEUE).await.unwrap();
    let (name, options) = (scratch.name(QUEUE), BasicPublishOptions::default());
    let (to, nameless) = ("".into(), BasicProperties::default());
    channel.basic_publish(to, name.as_str().into(), options, b"hello", nameless).await.unwrap();
    queues.enqueue(QUEUE, task(1)).await.unwrap();

    let job = tokio::time::timeout(PATIENCE, worker.next()).await.unwrap().unwrap();
    assert_eq!(job.task(), &task(1));
    job.refused().await.unwrap();
    let mut dead_letters = queues.work_on_dead_letters(QUEUE).await.unwrap();
    let dead = tokio::time::timeout(PATIENCE, dead_letters.next()).await.unwrap().unwrap();
    assert_eq!(dead.task(), &task(1));
}
