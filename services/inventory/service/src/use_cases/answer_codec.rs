//! Answers as they are kept under idempotency keys: JSON whose shape only ever grows.

use gondola_inventory_domain::{ProductId, ReservationId, StoreId};
use kit_core::{Position, Timestamp, Version};
use serde::{Deserialize, Serialize};

use super::answer::{LineAnswer, StoreAnswer};
use super::stock_level::StockLevel;

#[derive(Serialize, Deserialize)]
struct StoredAnswer {
    store: StoreId,
    as_of: Timestamp,
    reservation: Option<ReservationId>,
    expires_at: Option<Timestamp>,
    levels: Vec<StoredLine>,
}

#[derive(Serialize, Deserialize)]
struct StoredLine {
    product: ProductId,
    on_hand: u32,
    /// This and `counted_at` are left out where there is none, as in answers of earlier builds.
    #[serde(default, skip_serializing_if = "is_zero")]
    shortfall: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counted_at: Option<Timestamp>,
    reserved: u32,
    /// This and `offered` follow from the others; earlier builds refuse an answer without them.
    available: u32,
    offered: u32,
    safety_stock: u32,
    reorder_point: u32,
    version: Version,
    quantity: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(units: &u32) -> bool {
    *units == 0
}

impl From<&LineAnswer> for StoredLine {
    fn from(line: &LineAnswer) -> Self {
        let LineAnswer { level, quantity } = line;
        Self {
            product: level.product,
            on_hand: level.on_hand,
            shortfall: level.shortfall,
            counted_at: level.counted_at,
            reserved: level.reserved,
            available: level.available(),
            offered: level.offered(),
            safety_stock: level.safety_stock,
            reorder_point: level.reorder_point,
            version: level.version,
            quantity: *quantity,
        }
    }
}

impl StoredLine {
    fn read(self, store: StoreId, as_of: Timestamp) -> LineAnswer {
        let level = StockLevel {
            store,
            product: self.product,
            on_hand: self.on_hand,
            shortfall: self.shortfall,
            counted_at: self.counted_at,
            reserved: self.reserved,
            lapsed: 0,
            next_deadline: None,
            safety_stock: self.safety_stock,
            reorder_point: self.reorder_point,
            version: self.version,
            // the answer is kept beside its events, whose position says more than it could
            position: Position::ZERO,
            as_of,
        };
        LineAnswer { level, quantity: self.quantity }
    }
}

pub(super) fn encode(answer: &StoreAnswer) -> Box<str> {
    let stored = StoredAnswer {
        store: answer.store,
        as_of: answer.as_of,
        reservation: answer.reservation,
        expires_at: answer.expires_at,
        levels: answer.lines.iter().map(StoredLine::from).collect(),
    };
    serde_json::to_string(&stored).unwrap_or_default().into()
}

pub(super) fn decode(answer: &str) -> Option<StoreAnswer> {
    let stored: StoredAnswer = serde_json::from_str(answer).ok()?;
    let StoredAnswer { store, as_of, reservation, expires_at, levels } = stored;
    let lines = levels.into_iter().map(|line| line.read(store, as_of)).collect();
    Some(StoreAnswer { store, as_of, reservation, expires_at, lines })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the first release wrote it.
    const WRITTEN: &str = concat!(
        r#"{"store":"11111111-1111-1111-1111-111111111111","as_of":"2026-11-27T12:00:00.000Z","#,
        r#""reservation":"33333333-3333-3333-3333-333333333333","expires_at":"2026-11-27T12:15:00.000Z","#,
        r#""levels":[{"product":"22222222-2222-2222-2222-222222222222","on_hand":9,"reserved":3,"#,
        r#""available":6,"offered":4,"safety_stock":2,"reorder_point":5,"version":7,"quantity":3}]}"#
    );

    #[test]
    fn an_answer_that_was_written_before_is_still_read() {
        let answer = decode(WRITTEN).unwrap();
        let [LineAnswer { level, quantity: 3 }] = answer.lines[..] else { panic!("{answer:?}") };
        assert_eq!((level.store, level.as_of), (answer.store, answer.as_of));
        assert_eq!((level.on_hand, level.reserved, level.version.get()), (9, 3, 7));
        assert_eq!((level.safety_stock, level.reorder_point), (2, 5));
        assert_eq!((level.available(), level.offered()), (6, 4));
        assert_eq!(answer.expires_at, Some(Timestamp::from_millis(1_795_781_700_000)));
    }

    #[test]
    fn an_answer_is_written_as_ever() {
        assert_eq!(&*encode(&decode(WRITTEN).unwrap()), WRITTEN);
    }
}
