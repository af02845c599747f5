//! The claim that finds a reservation's stock levels by its id.

use std::time::Duration;

use gondola_inventory_domain::{ProductId, ReservationId, StoreId};
use kit_core::Timestamp;
use kit_event_store::{Claim, ClaimKey};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::command::StoreCommand;

/// Namespace of reservation ids.
const NAMESPACE: &str = "reservation";

/// How long a reservation is found by its id after its deadline.
const KEPT: Duration = Duration::from_hours(24 * 30);

/// The key of a reservation's claim.
pub(super) fn key(id: ReservationId) -> ClaimKey {
    ClaimKey::new(NAMESPACE, &*id.as_uuid().hyphenated().encode_lower(&mut Uuid::encode_buffer()))
}

/// The stock levels of a reservation: its store and its products.
pub(super) type Levels = (StoreId, Vec<ProductId>);

/// The claim of a reservation that lasts until `deadline`: `store product product ...`.
///
/// A command to all of its lines gives the same value as the one that made it, so that an extension renews the claim.
pub(super) fn claim(id: ReservationId, command: &StoreCommand, deadline: Timestamp) -> Claim {
    let mut value = String::with_capacity((command.lines.len() + 1) * (Hyphenated::LENGTH + 1));
    value.push_str(command.store.as_uuid().hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    for line in &command.lines {
        value.push(' ');
        let product = line.product.as_uuid().hyphenated();
        value.push_str(product.encode_lower(&mut Uuid::encode_buffer()));
    }
    Claim { key: key(id), value: value.into(), expires_at: Some(deadline.after(KEPT)) }
}

/// The stock levels of a claim's value.
pub(super) fn parse(value: &str) -> Option<Levels> {
    let mut words = value.split(' ');
    let store = words.next()?.parse().ok()?;
    let products = words.map(|word| word.parse().ok()).collect::<Option<Vec<_>>>()?;
    Some((store, products))
}
