//! Values of examples, by the name of their field: those that `gondola demo` has, so that a reader meets the same store everywhere.

use yaml_serde::Value;

/// Texts by name; of a name that is not here the schema itself has to have an example.
const TEXTS: &[(&str, &str)] = &[
    ("acknowledgedBy", "user:ana"),
    ("actor", "user:ana"),
    ("address", "Avenida Paulista 1000"),
    ("alertId", "44444444-4444-4444-4444-444444444444"),
    ("answer", "200 OK"),
    ("brand", "Sonora"),
    ("category", "Audio"),
    ("checkoutId", "55555555-5555-5555-5555-555555555555"),
    ("city", "São Paulo"),
    ("code", "insufficient-stock"),
    ("copy", "view"),
    ("currency", "BRL"),
    ("customerId", "CUST12345"),
    ("destinationStoreCode", "SP-PAULISTA"),
    ("destinationStoreId", "11111111-1111-1111-1111-111111111111"),
    ("detail", "5 available, which is at or below the threshold of 20"),
    ("eventType", "StockReservedEvent"),
    ("lastError", "the store did not answer in time"),
    ("lineId", "1"),
    ("name", "onHand"),
    ("orderId", "ORDER-1001"),
    ("participant", "inventory"),
    ("payload", "{\"specversion\":\"1.0\"}"),
    ("productGtin", "4006381333931"),
    ("productId", "22222222-2222-2222-2222-222222220001"),
    ("productName", "Wireless headphones"),
    ("productSku", "PROD123456"),
    ("reason", "Online order checkout"),
    ("reference", "delivery note 4711"),
    ("reservationId", "33333333-3333-3333-3333-333333333333"),
    ("resolvedBy", "system:alerts"),
    ("sourceStoreCode", "SP-CD-CAJAMAR"),
    ("sourceStoreId", "11111111-1111-1111-1111-11111111111a"),
    ("splitReservationId", "66666666-6666-6666-6666-666666666666"),
    ("status", "active"),
    ("storeCode", "SP-PAULISTA"),
    ("storeId", "11111111-1111-1111-1111-111111111111"),
    ("storeName", "Avenida Paulista"),
    ("stream", "stock-11111111-1111-1111-1111-111111111111-22222222-2222-2222-2222-222222220001"),
    ("subject", "11111111-1111-1111-1111-111111111111"),
    ("supplierCode", "ACME"),
    ("supplierName", "Acme Importadora Ltda"),
    ("supplierSku", "HP-4711"),
    ("tillId", "1"),
    ("transactionId", "SALE-20261128-0001"),
    ("transferId", "77777777-7777-7777-7777-777777777777"),
    ("type", "reserve"),
    ("updatedBy", "user:ana"),
    ("url", "https://shop.example/hooks/stock"),
];

/// Numbers by name.
const NUMBERS: &[(&str, u64)] = &[
    ("asOfPosition", 1042),
    ("available", 95),
    ("batches", 17),
    ("damaged", 0),
    ("delayedBatches", 0),
    ("headPosition", 1042),
    ("inTransit", 0),
    ("inventoryPosition", 95),
    ("lastSequence", 18),
    ("leftOut", 0),
    ("line", 1),
    ("lineCount", 2),
    ("lines", 40),
    ("minimumOrderQuantity", 24),
    ("missingCount", 1),
    ("nextPosition", 1042),
    ("offered", 95),
    ("onHand", 100),
    ("onHandAfter", 100),
    ("onHandDelta", 0),
    ("onOrder", 0),
    ("orderMultiple", 12),
    ("over", 0),
    ("position", 1042),
    ("quantity", 5),
    ("received", 0),
    ("refusedLines", 0),
    ("reorderPoint", 20),
    ("requested", 5),
    ("reserved", 5),
    ("reservedAfter", 5),
    ("reservedDelta", 5),
    ("returned", 0),
    ("safetyStock", 0),
    ("sequence", 18),
    ("short", 0),
    ("shortage", 11),
    ("shortfall", 0),
    ("shortfallUnits", 0),
    ("spare", 640),
    ("status", 201),
    ("threshold", 20),
    ("totalOffered", 95),
    ("unmergedBatches", 0),
    ("version", 3),
];

/// Fields that an answer need not have, but usually has.
const USUAL: [&str; 17] = [
    "available",
    "destinationStoreCode",
    "expiresAt",
    "level",
    "lineId",
    "orderId",
    "position",
    "productId",
    "productName",
    "productSku",
    "quantity",
    "reservationId",
    "sourceStoreCode",
    "storeCode",
    "storeId",
    "storeName",
    "version",
];

/// A moment, in UTC.
const MOMENT: &str = "2026-11-28T12:00:00Z";

/// When what was held at that moment ends.
const DEADLINE: &str = "2026-11-28T12:05:00Z";

const ID: &str = "0199c0de-7a10-7000-8000-000000000001";

/// Whether an answer usually has a field that it need not have.
pub(super) fn is_usual(name: &str) -> bool {
    USUAL.contains(&name)
}

/// A text of some format for a field.
pub(super) fn text(name: &str, format: Option<&str>) -> Value {
    let known = TEXTS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    match format {
        Some("date-time") if name.starts_with("expires") => DEADLINE.into(),
        Some("date-time") => MOMENT.into(),
        Some("uuid") => known.filter(|it| it.len() == ID.len()).unwrap_or(ID).into(),
        _ => known.unwrap_or("text").into(),
    }
}

/// A number for a field, within its bounds.
pub(super) fn number(name: &str, least: u64, most: u64) -> Value {
    let known = NUMBERS.iter().find(|(known, _)| *known == name);
    known.map_or(1, |(_, number)| *number).clamp(least, most.max(least)).into()
}
