//! What the database can keep: the rest is refused before it takes the neighbours of its transaction with it.

use kit_event_store::{ClaimKey, EventStoreError, Transaction};

/// Longest name of a claim, in bytes, as its column has it.
const NAME_BYTES_MAX: usize = 2_048;

/// Longest namespace of claims, in bytes, as its column has it.
const NAMESPACE_BYTES_MAX: usize = 255;

/// Bytes of a request beside the text in it.
const OVERHEAD: usize = 16 << 10;

/// Bytes of a statement for each one of text, at most: one may need a backslash.
const ESCAPED: usize = 2;

/// The limits of a server.
pub(crate) struct Storable {
    text_bytes_max: usize,
}

impl Storable {
    /// Of one that takes statements of so many bytes.
    pub(crate) const fn within(statement_bytes_max: usize) -> Self {
        Self { text_bytes_max: statement_bytes_max.saturating_sub(OVERHEAD) / ESCAPED }
    }

    /// Refuses a transaction that does not fit.
    pub(crate) fn check(&self, transaction: &Transaction) -> Result<(), EventStoreError> {
        let Transaction { appends, claims, renewals, unclaimed, .. } = transaction;
        let events = appends.iter().flat_map(|append| &append.events);
        let bytes = |event: &kit_core::EncodedEvent| {
            event.data.len() + event.personal.as_ref().map_or(0, |personal| personal.len())
        };
        let values = claims.iter().chain(renewals).map(|claim| claim.value.len());
        if let Some(bytes) = events.map(bytes).chain(values).max()
            && bytes > self.text_bytes_max
        {
            return Err(EventStoreError::Unavailable(format!(
                "the database takes {} bytes of an event, this has {bytes}: raise its max_allowed_packet",
                self.text_bytes_max
            )));
        }
        let mut keys = claims.iter().chain(renewals).map(|claim| &claim.key).chain(unclaimed);
        keys.find(|key| is_too_long(key)).map_or(Ok(()), |key| {
            Err(EventStoreError::Unavailable(format!(
                "the database takes {NAME_BYTES_MAX} bytes of a key, this has {}",
                key.key.len()
            )))
        })
    }
}

fn is_too_long(key: &ClaimKey) -> bool {
    key.key.len() > NAME_BYTES_MAX || key.namespace.len() > NAMESPACE_BYTES_MAX
}
