//! The bus inside one process: bounded queues in memory, one per group.
//!
//! A group's messages go to its oldest subscription; the others stand by and take over when it is dropped. That
//! keeps order without partitions. Nothing survives the process.
//!
//! A full group makes publishers wait, also when it has no member left: a consumer that ends must be started again or
//! take the process down with it. For the same reason a consumer MUST NOT publish what leads back to its own group
//! before it acknowledges: both would wait for each other.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::port::{Acknowledge, BusError, Delivery, EventBus, Message, Places, Subscription};

#[cfg(test)]
mod tests;

/// A bus in memory; clones are the same bus.
#[derive(Clone)]
pub struct MemoryBus {
    shared: Arc<Shared>,
}

struct Shared {
    capacity: usize,
    groups: Mutex<HashMap<Box<str>, Group>>,
    /// Told at each acknowledgement: publishers wait here while a queue is full.
    room: Notify,
}

/// What a group has not acknowledged yet, and who reads it.
struct Group {
    topics: Vec<String>,
    queue: VecDeque<Message>,
    /// Number of the first message in the queue; numbers count all messages the group ever got.
    first: u64,
    /// Number of the next message to hand out.
    next: u64,
    /// The living subscriptions, oldest first; the first one reads.
    members: VecDeque<u64>,
    /// How many subscriptions there ever were.
    joined: u64,
    /// Subscriptions wait here while there is nothing for them.
    arrival: Arc<Notify>,
}

impl MemoryBus {
    /// How many messages a group of a default bus may have open: queued, or handed out and not acknowledged.
    pub const DEFAULT_CAPACITY: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");

    /// A bus whose groups may each have `capacity` messages open; publishers wait beyond that.
    pub fn new(capacity: NonZeroUsize) -> Self {
        let groups = Mutex::new(HashMap::new());
        let room = Notify::new();
        Self { shared: Arc::new(Shared { capacity: capacity.get(), groups, room }) }
    }
}

impl Default for MemoryBus {
    fn default() -> Self {
        Self::new(Self::DEFAULT_CAPACITY)
    }
}

#[async_trait]
impl EventBus for MemoryBus {
    fn is_durable(&self) -> bool {
        false
    }

    fn is_wanted(&self, topics: &[&str]) -> bool {
        let groups = self.shared.groups();
        groups.values().any(|group| group.topics.iter().any(|topic| topics.contains(&&**topic)))
    }

    async fn publish(&self, messages: Vec<Message>) -> Result<(), BusError> {
        let mut waiting = messages.into();
        loop {
            // Listening begins before looking, so that room made in between is not missed.
            let room = self.shared.room.notified();
            self.shared.hand_over(&mut waiting);
            if waiting.is_empty() {
                return Ok(());
            }
            room.await;
        }
    }

    async fn worked_off(&self, group: &str) {
        let acknowledged = || self.shared.groups().get(group).map(|group| group.first);
        let got = self.shared.groups().get(group).map(Group::got);
        loop {
            // Listening begins before looking, so that an acknowledgement in between is not missed.
            let acknowledgement = self.shared.room.notified();
            if acknowledged() >= got {
                return;
            }
            acknowledgement.await;
        }
    }

    async fn subscribe(
        &self,
        group: &str,
        topics: &[&str],
    ) -> Result<Box<dyn Subscription>, BusError> {
        let mut topics: Vec<String> = topics.iter().map(|&topic| topic.to_owned()).collect();
        topics.sort_unstable();
        topics.dedup();
        let mut groups = self.shared.groups();
        let found = groups.entry(group.into()).or_insert_with(|| Group::new(topics.clone()));
        if found.topics != topics {
            let subscribed = found.topics.clone();
            return Err(BusError::TopicsDiffer {
                group: group.to_owned(),
                subscribed,
                asked: topics,
            });
        }
        let member = found.join();
        let (bus, arrival) = (Arc::clone(&self.shared), Arc::clone(&found.arrival));
        Ok(Box::new(Membership { bus, group: group.into(), member, arrival }))
    }

    async fn replay(
        &self,
        reader: &str,
        topics: &[&str],
        _from: &Places,
    ) -> Result<Box<dyn Subscription>, BusError> {
        self.subscribe(reader, topics).await
    }
}

impl Shared {
    fn groups(&self) -> MutexGuard<'_, HashMap<Box<str>, Group>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the groups as many of the messages as all of them have room for, in order.
    fn hand_over(&self, waiting: &mut VecDeque<Message>) {
        let mut groups = self.groups();
        while let Some(message) = waiting.front() {
            let wants =
                |group: &&mut Group| group.topics.iter().any(|topic| **topic == *message.topic);
            let mut takers: Vec<&mut Group> = groups.values_mut().filter(wants).collect();
            if takers.iter().any(|group| group.queue.len() >= self.capacity) {
                return;
            }
            for group in &mut takers {
                group.queue.push_back(message.clone());
                group.arrival.notify_waiters();
            }
            waiting.pop_front();
        }
    }
}

impl Group {
    fn new(topics: Vec<String>) -> Self {
        Self {
            topics,
            queue: VecDeque::new(),
            first: 0,
            next: 0,
            members: VecDeque::new(),
            joined: 0,
            arrival: Arc::new(Notify::new()),
        }
    }

    /// How many messages the group ever got.
    fn got(&self) -> u64 {
        self.first + self.queue.len() as u64
    }

    fn join(&mut self) -> u64 {
        self.joined += 1;
        self.members.push_back(self.joined);
        self.joined
    }

    fn leave(&mut self, member: u64) {
        if self.is_reader(member) {
            self.next = self.first;
        }
        self.members.retain(|&other| other != member);
        self.arrival.notify_waiters();
    }

    fn is_reader(&self, member: u64) -> bool {
        self.members.front() == Some(&member)
    }

    /// The next message and its number, if the member may read and there is one.
    fn take(&mut self, member: u64) -> Option<(Message, u64)> {
        if !self.is_reader(member) {
            return None;
        }
        let index = usize::try_from(self.next - self.first).ok()?;
        let message = self.queue.get(index)?.clone();
        let number = self.next;
        self.next += 1;
        Some((message, number))
    }

    /// Forgets the messages up to a number; a member that no longer reads has no say.
    fn acknowledge(&mut self, member: u64, number: u64) {
        if self.is_reader(member) {
            while self.first <= number && self.queue.pop_front().is_some() {
                self.first += 1;
            }
        }
    }
}

/// One living subscription.
struct Membership {
    bus: Arc<Shared>,
    group: Arc<str>,
    member: u64,
    arrival: Arc<Notify>,
}

impl Membership {
    fn take(&self) -> Option<(Message, u64)> {
        self.bus.groups().get_mut(&*self.group)?.take(self.member)
    }
}

#[async_trait]
impl Subscription for Membership {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        loop {
            // Listening begins before looking, so that an arrival in between is not missed.
            let arrival = self.arrival.notified();
            if let Some((message, number)) = self.take() {
                let (bus, group) = (Arc::clone(&self.bus), Arc::clone(&self.group));
                let receipt = Receipt { bus, group, member: self.member, number };
                return Ok(Delivery::new(message, None, Box::new(receipt)));
            }
            arrival.await;
        }
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        if let Some(group) = self.bus.groups().get_mut(&*self.group) {
            group.leave(self.member);
        }
    }
}

/// Says which message of which group was handed to whom.
struct Receipt {
    bus: Arc<Shared>,
    group: Arc<str>,
    member: u64,
    number: u64,
}

#[async_trait]
impl Acknowledge for Receipt {
    async fn acknowledge(self: Box<Self>) -> Result<(), BusError> {
        if let Some(group) = self.bus.groups().get_mut(&*self.group) {
            group.acknowledge(self.member, self.number);
        }
        self.bus.room.notify_waiters();
        Ok(())
    }
}
