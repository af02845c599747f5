//! The lists that `append_group` takes, in the order of its arguments.

use std::collections::HashMap;
use std::hash::Hash;

use kit_core::{EncodedEvent, StreamId, Timestamp, Version};
use kit_event_store::shared_log::stream_key;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::group::{Expectation, KeyCheck, Prepared};
use crate::rows::number;

/// Calls the function that appends.
pub(crate) const APPEND_GROUP: &str = "SELECT * FROM append_group($1, $2, $3, $4, $5, $6, $7, $8, $9, \
    $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)";

/// The arguments of one call, by columns.
#[derive(Default)]
pub(crate) struct GroupRows<'a> {
    streams: Streams<'a>,
    keys: Keys<'a>,
    transactions: Transactions<'a>,
    key_checks: KeyChecks<'a>,
    expectations: Expectations,
    events: Events<'a>,
}

#[derive(Default)]
struct Streams<'a> {
    known: Places<&'a StreamId>,
    ids: Vec<Uuid>,
    names: Vec<Option<&'a str>>,
}

#[derive(Default)]
struct Keys<'a> {
    known: Places<(&'a str, &'a str)>,
    namespaces: Vec<&'a str>,
    names: Vec<&'a str>,
}

#[derive(Default)]
struct Transactions<'a> {
    calls: Vec<i32>,
    recorded_at: Vec<i64>,
    actors: Vec<&'a str>,
    correlation_ids: Vec<Uuid>,
    causation_ids: Vec<Uuid>,
    keys: Vec<i32>,
    expectations: Vec<i32>,
    events: Vec<i32>,
}

#[derive(Default)]
struct KeyChecks<'a> {
    keys: Vec<i32>,
    wanted: Vec<i16>,
    values: Vec<&'a str>,
    expires_at: Vec<Option<i64>>,
}

#[derive(Default)]
struct Expectations {
    streams: Vec<i32>,
    expected: Vec<i64>,
    becomes: Vec<Option<i64>>,
}

#[derive(Default)]
struct Events<'a> {
    transactions: Vec<i32>,
    streams: Vec<i32>,
    versions: Vec<i64>,
    ids: Vec<Uuid>,
    types: Vec<&'a str>,
    schema_versions: Vec<i32>,
    occurred_at: Vec<i64>,
    data: Vec<&'a str>,
    personal: Vec<Option<&'a str>>,
}

impl<'a> GroupRows<'a> {
    /// The rows of some transactions.
    pub(crate) fn of(group: &'a [Prepared]) -> Self {
        let mut rows = Self::default();
        for transaction in group {
            rows.add(transaction);
        }
        rows
    }

    fn add(&mut self, transaction: &'a Prepared) {
        self.transactions.add(transaction);
        for check in &transaction.keys {
            let key = self.keys.place(check);
            self.key_checks.add(key, check);
        }
        for expectation in &transaction.expectations {
            let stream = self.streams.place(expectation);
            self.expectations.add(stream, expectation);
        }
        let own = count(self.transactions.calls.len());
        for recorded in &transaction.events {
            let stream = self.streams.known.of(&&recorded.stream);
            self.events.add((own, stream), recorded.version, &recorded.event);
        }
    }

    /// The arguments of [`APPEND_GROUP`].
    pub(crate) fn arguments(&self) -> [&(dyn ToSql + Sync); 28] {
        let Self { streams, keys, transactions, key_checks, expectations, events } = self;
        [
            &streams.ids,
            &streams.names,
            &keys.namespaces,
            &keys.names,
            &transactions.calls,
            &transactions.recorded_at,
            &transactions.actors,
            &transactions.correlation_ids,
            &transactions.causation_ids,
            &transactions.keys,
            &transactions.expectations,
            &transactions.events,
            &key_checks.keys,
            &key_checks.wanted,
            &key_checks.values,
            &key_checks.expires_at,
            &expectations.streams,
            &expectations.expected,
            &expectations.becomes,
            &events.transactions,
            &events.streams,
            &events.versions,
            &events.ids,
            &events.types,
            &events.schema_versions,
            &events.occurred_at,
            &events.data,
            &events.personal,
        ]
    }
}

impl<'a> Streams<'a> {
    /// The place of a stream in the list. Its name is only needed where it may begin.
    fn place(&mut self, expectation: &'a Expectation) -> i32 {
        let stream = &expectation.stream;
        let (place, is_new) = self.known.place(stream);
        if is_new {
            self.ids.push(stream_key(stream));
            self.names.push((expectation.expected == Version::ZERO).then(|| stream.as_str()));
        } else if expectation.expected == Version::ZERO {
            self.names[index(place)] = Some(stream.as_str());
        }
        place
    }
}

impl<'a> Keys<'a> {
    fn place(&mut self, check: &'a KeyCheck) -> i32 {
        let (namespace, name) = (&*check.key.namespace, &*check.key.key);
        let (place, is_new) = self.known.place((namespace, name));
        if is_new {
            self.namespaces.push(namespace);
            self.names.push(name);
        }
        place
    }
}

impl<'a> Transactions<'a> {
    fn add(&mut self, transaction: &'a Prepared) {
        let metadata = &transaction.metadata;
        self.calls.push(transaction.call);
        self.recorded_at.push(metadata.recorded_at.as_millis());
        self.actors.push(metadata.actor.as_str());
        self.correlation_ids.push(metadata.correlation_id);
        self.causation_ids.push(metadata.causation_id);
        self.keys.push(count(transaction.keys.len()));
        self.expectations.push(count(transaction.expectations.len()));
        self.events.push(count(transaction.events.len()));
    }
}

impl<'a> KeyChecks<'a> {
    fn add(&mut self, key: i32, check: &'a KeyCheck) {
        self.keys.push(key);
        self.wanted.push(check.wanted as i16);
        self.values.push(&check.value);
        self.expires_at.push(check.expires_at.map(Timestamp::as_millis));
    }
}

impl Expectations {
    fn add(&mut self, stream: i32, expectation: &Expectation) {
        self.streams.push(stream);
        self.expected.push(number(expectation.expected.get()));
        self.becomes.push(expectation.becomes.map(|version| number(version.get())));
    }
}

impl<'a> Events<'a> {
    fn add(
        &mut self,
        (transaction, stream): (i32, i32),
        version: Version,
        event: &'a EncodedEvent,
    ) {
        self.transactions.push(transaction);
        self.streams.push(stream);
        self.versions.push(number(version.get()));
        self.ids.push(event.event_id);
        self.types.push(&event.event_type);
        self.schema_versions.push(i32::from(event.schema_version));
        self.occurred_at.push(event.occurred_at.as_millis());
        self.data.push(&event.data);
        self.personal.push(event.personal.as_deref());
    }
}

/// The places of different things in a list, from 1.
struct Places<T>(HashMap<T, i32>);

impl<T> Default for Places<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Hash + Eq> Places<T> {
    /// The place of a thing, and whether it is named for the first time.
    fn place(&mut self, thing: T) -> (i32, bool) {
        let next = count(self.0.len() + 1);
        let place = *self.0.entry(thing).or_insert(next);
        (place, place == next)
    }

    /// The place of a thing that was named before.
    fn of(&self, thing: &T) -> i32 {
        self.0.get(thing).copied().unwrap_or_default()
    }
}

/// A length; those of groups are limited far below this.
fn count(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

/// Where a place is in its list.
pub(crate) fn index(place: i32) -> usize {
    usize::try_from(place - 1).unwrap_or_default()
}
