//! Identifiers of stores, products, reservations and processes, and the names of their streams.

use kit_core::StreamId;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

kit_core::uuid_ids! {
    /// A place that holds stock: a shop, a distribution centre, a dark store.
    StoreId;
    /// What is sold.
    ProductId;
    /// A reservation of stock with a deadline; a basket has one id in every stock level that it touches.
    ReservationId;
    /// Units on their way from one store to another, as one document.
    TransferId;
    /// A basket that is held in several stores as one.
    SplitReservationId;
    /// A basket that store, inventory and notification service accept, and commit or roll back together.
    CheckoutId;
    /// Sales that a till sent under one number.
    PosBatchId;
    /// Shelves of a store that are counted, compared with the books, and reviewed.
    StocktakeId;
}

const PREFIX: &str = "inventory-";
const PRODUCT_START: usize = PREFIX.len();
const PRODUCT_END: usize = PRODUCT_START + Hyphenated::LENGTH;
const STORE_START: usize = PRODUCT_END + 1;
const NAME_LENGTH: usize = STORE_START + Hyphenated::LENGTH;

/// The stream of one stock level: `inventory-{product_id}-{store_id}`.
///
/// On the path of every command, so the name is written into a buffer on the stack and allocated once.
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "such a name is always ASCII and always allowed")]
pub fn stream_id(product: ProductId, store: StoreId) -> StreamId {
    let mut name = [b'-'; NAME_LENGTH];
    name[..PRODUCT_START].copy_from_slice(PREFIX.as_bytes());
    product.as_uuid().hyphenated().encode_lower(&mut name[PRODUCT_START..PRODUCT_END]);
    store.as_uuid().hyphenated().encode_lower(&mut name[STORE_START..]);
    let name = str::from_utf8(&name).expect("hyphenated ids are ASCII");
    StreamId::new(name).expect("a stock level's name is a valid stream name")
}

/// The stock level that a stream belongs to; `None` for any name that [`stream_id`] does not write.
#[must_use]
pub fn parse_stream_id(stream: &StreamId) -> Option<(ProductId, StoreId)> {
    let name = stream.as_str();
    if name.len() != NAME_LENGTH || !name.starts_with(PREFIX) {
        return None;
    }
    let separated = name.as_bytes()[PRODUCT_END] == b'-';
    // Another spelling of the same ids is another stream: only one of them is the stock level.
    if !separated || name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let product = Uuid::try_parse(name.get(PRODUCT_START..PRODUCT_END)?).ok()?;
    let store = Uuid::try_parse(name.get(STORE_START..)?).ok()?;
    Some((ProductId::from_uuid(product), StoreId::from_uuid(store)))
}

const TRANSFER_PREFIX: &str = "transfer-";

/// The stream of a transfer: `transfer-{transfer_id}`.
#[must_use]
pub fn transfer_stream_id(transfer: TransferId) -> StreamId {
    name_of(TRANSFER_PREFIX, transfer.as_uuid())
}

/// The transfer that a stream belongs to; `None` for any name that [`transfer_stream_id`] does not write.
#[must_use]
pub fn parse_transfer_stream_id(stream: &StreamId) -> Option<TransferId> {
    parse_name(TRANSFER_PREFIX, stream).map(TransferId::from_uuid)
}

const SPLIT_PREFIX: &str = "split-reservation-";

/// The stream of a split reservation: `split-reservation-{split_reservation_id}`.
#[must_use]
pub fn split_stream_id(split: SplitReservationId) -> StreamId {
    name_of(SPLIT_PREFIX, split.as_uuid())
}

/// The split reservation that a stream belongs to; `None` for any name that [`split_stream_id`] does not write.
#[must_use]
pub fn parse_split_stream_id(stream: &StreamId) -> Option<SplitReservationId> {
    parse_name(SPLIT_PREFIX, stream).map(SplitReservationId::from_uuid)
}

const CHECKOUT_PREFIX: &str = "checkout-";

/// The stream of a checkout: `checkout-{checkout_id}`.
#[must_use]
pub fn checkout_stream_id(checkout: CheckoutId) -> StreamId {
    name_of(CHECKOUT_PREFIX, checkout.as_uuid())
}

/// The checkout that a stream belongs to; `None` for any name that [`checkout_stream_id`] does not write.
#[must_use]
pub fn parse_checkout_stream_id(stream: &StreamId) -> Option<CheckoutId> {
    parse_name(CHECKOUT_PREFIX, stream).map(CheckoutId::from_uuid)
}

const POS_BATCH_PREFIX: &str = "pos-batch-";

/// The stream of a batch of a till: `pos-batch-{pos_batch_id}`.
#[must_use]
pub fn pos_batch_stream_id(batch: PosBatchId) -> StreamId {
    name_of(POS_BATCH_PREFIX, batch.as_uuid())
}

/// The batch that a stream belongs to; `None` for any name that [`pos_batch_stream_id`] does not write.
#[must_use]
pub fn parse_pos_batch_stream_id(stream: &StreamId) -> Option<PosBatchId> {
    parse_name(POS_BATCH_PREFIX, stream).map(PosBatchId::from_uuid)
}

const STOCKTAKE_PREFIX: &str = "stocktake-";

/// The stream of a stocktake: `stocktake-{stocktake_id}`. The counts that come of it have this name as their reference.
#[must_use]
pub fn stocktake_stream_id(stocktake: StocktakeId) -> StreamId {
    name_of(STOCKTAKE_PREFIX, stocktake.as_uuid())
}

/// The stocktake that a stream belongs to; `None` for any name that [`stocktake_stream_id`] does not write.
#[must_use]
pub fn parse_stocktake_stream_id(stream: &StreamId) -> Option<StocktakeId> {
    parse_name(STOCKTAKE_PREFIX, stream).map(StocktakeId::from_uuid)
}

/// Whether a stream is one of a process, not of a stock level.
#[must_use]
pub fn is_process_stream(stream: &StreamId) -> bool {
    parse_transfer_stream_id(stream).is_some()
        || parse_split_stream_id(stream).is_some()
        || parse_checkout_stream_id(stream).is_some()
        || parse_pos_batch_stream_id(stream).is_some()
        || parse_stocktake_stream_id(stream).is_some()
}

fn name_of(prefix: &str, id: Uuid) -> StreamId {
    StreamId::new(format!("{prefix}{}", id.hyphenated()))
        .expect("a prefix and a hyphenated id are a valid stream name")
}

/// The id of a name, in its one spelling.
fn parse_name(prefix: &str, stream: &StreamId) -> Option<Uuid> {
    let id = Uuid::try_parse(stream.as_str().strip_prefix(prefix)?).ok()?;
    (name_of(prefix, id) == *stream).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_of_a_transfer_has_one_spelling() {
        let transfer = TransferId::from_uuid(Uuid::from_u128(0xA));
        let stream = transfer_stream_id(transfer);
        assert_eq!(parse_transfer_stream_id(&stream), Some(transfer));
        for name in ["transfer-", "transfer-1", &stream.as_str().replace('a', "A"), "inventory-a"] {
            let other = StreamId::new(name).unwrap();
            assert_eq!(parse_transfer_stream_id(&other), None, "{name} must not parse");
        }
    }

    #[test]
    fn the_stream_of_a_split_reservation_is_not_that_of_a_transfer() {
        let (id, other) = (Uuid::from_u128(0xA), StreamId::new("inventory-a").unwrap());
        let split = split_stream_id(SplitReservationId::from_uuid(id));
        let transfer = transfer_stream_id(TransferId::from_uuid(id));
        assert_eq!(parse_split_stream_id(&split), Some(SplitReservationId::from_uuid(id)));
        assert_eq!(
            (parse_split_stream_id(&transfer), parse_transfer_stream_id(&split)),
            (None, None)
        );
        let checkout = checkout_stream_id(CheckoutId::from_uuid(id));
        assert_eq!(parse_checkout_stream_id(&checkout), Some(CheckoutId::from_uuid(id)));
        assert_eq!(parse_checkout_stream_id(&split), None);
        let batch = pos_batch_stream_id(PosBatchId::from_uuid(id));
        assert_eq!(parse_pos_batch_stream_id(&batch), Some(PosBatchId::from_uuid(id)));
        assert_eq!(parse_pos_batch_stream_id(&split), None);
        let stocktake = stocktake_stream_id(StocktakeId::from_uuid(id));
        assert_eq!(parse_stocktake_stream_id(&stocktake), Some(StocktakeId::from_uuid(id)));
        assert_eq!(parse_stocktake_stream_id(&batch), None);
        let all = [&split, &transfer, &checkout, &batch, &stocktake, &other];
        assert_eq!(all.map(is_process_stream), [true, true, true, true, true, false]);
    }

    const PRODUCT: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    const STORE: &str = "a1a2a3a4-b1b2-4c1c-8d1d-d5d6d7d8d9da";

    #[test]
    fn a_stream_is_named_after_product_and_store() {
        let stream = stream_id(PRODUCT.parse().unwrap(), STORE.parse().unwrap());
        assert_eq!(stream.as_str(), format!("inventory-{PRODUCT}-{STORE}"));
    }

    #[test]
    fn a_stream_name_reads_back() {
        let (product, store) = (PRODUCT.parse().unwrap(), STORE.parse().unwrap());
        assert_eq!(parse_stream_id(&stream_id(product, store)), Some((product, store)));
        let (product, store) = (ProductId::from_uuid(Uuid::nil()), StoreId::from_uuid(Uuid::max()));
        assert_eq!(parse_stream_id(&stream_id(product, store)), Some((product, store)));
    }

    #[test]
    fn other_names_are_no_stock_level() {
        let upper = STORE.to_uppercase();
        for name in [
            "inventory-".to_owned(),
            format!("store-{PRODUCT}-{STORE}"),
            format!("inventory-{PRODUCT}"),
            format!("inventory-{PRODUCT}-{STORE}-"),
            format!("inventory-{PRODUCT}_{STORE}"),
            format!("inventory-{PRODUCT}-{upper}"),
            format!("inventory-{}-{STORE}", PRODUCT.replace('6', "g")),
            format!("inventory-{}x{STORE}-", PRODUCT.replace('-', "")),
        ] {
            let stream = StreamId::new(name.as_str()).unwrap();
            assert_eq!(parse_stream_id(&stream), None, "{name:?} must not parse");
        }
    }
}
