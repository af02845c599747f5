//! Which store a request is about, told from its header, its path or the beginning of its body.

use std::borrow::Cow;

use axum::extract::MatchedPath;
use http::HeaderName;
use http::header::LOCATION;
use http::request::Parts;
use http::response;
use percent_encoding::percent_decode_str;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use uuid::Uuid;

use super::memory::Memory;
use super::rendezvous::key_of;

/// With it a caller names the store of a request that the gateway does not look into, such as a batch.
const STORE: HeaderName = HeaderName::from_static("x-store");

/// In which an answer tells the store that a command was about.
const STORE_ID: HeaderName = HeaderName::from_static("x-store-id");

/// Names in a request, as they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// A store, by id or code.
    pub(super) store: Option<String>,
    /// A reservation, by id.
    pub(super) reservation: Option<String>,
    /// The order that a reservation is for.
    pub(super) order: Option<String>,
}

impl Named {
    /// What the header and the path name; the header wins.
    pub(super) fn in_head(head: &Parts) -> Self {
        let template = head.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let parameter = |name: &str| {
            let index = template.split('/').position(|segment| segment == name)?;
            let segment = head.uri.path().split('/').nth(index)?;
            Some(percent_decode_str(segment).decode_utf8_lossy().into_owned())
        };
        let header = head.headers.get(STORE).and_then(|value| value.to_str().ok());
        Self {
            store: header.map(str::to_owned).or_else(|| parameter("{store}")),
            reservation: parameter("{reservationId}"),
            order: None,
        }
    }

    /// What the beginning of a JSON body names, where the head named nothing. The body need not be whole.
    pub(super) fn or_in_body(mut self, beginning: &[u8]) -> Self {
        let mut in_body = Self::default();
        // where it breaks off, what came before has been seen
        drop(serde_json::Deserializer::from_slice(beginning).deserialize_map(Fields(&mut in_body)));
        self.store = self.store.or(in_body.store);
        self.reservation = self.reservation.or(in_body.reservation);
        self.order = self.order.or(in_body.order);
        self
    }

    /// What decides where the request goes: the store, by its id as far as that is known.
    pub(super) fn key(&self, memory: &Memory) -> Option<u64> {
        if let Some(store) = &self.store {
            let name = name_key(store);
            return Some(memory.store_of(name).unwrap_or(name));
        }
        let of_reservation = self.reservation.as_deref().map(name_key);
        let key = of_reservation.or_else(|| self.order.as_deref().map(order_key));
        memory.store_of(key?)
    }

    /// Remembers what the answer tells of the names.
    pub(super) fn learn(&self, answer: &response::Parts, memory: &Memory) {
        let header = |name| answer.headers.get(name).and_then(|value| value.to_str().ok());
        let Some(store) = header(STORE_ID).map(name_key) else { return };
        if let Some(code) = self.store.as_deref().map(name_key).filter(|name| *name != store) {
            memory.remember(code, store);
        }
        let made = header(LOCATION).and_then(|place| place.rsplit('/').next());
        if let Some(reservation) = made.or(self.reservation.as_deref()) {
            memory.remember(name_key(reservation), store);
        }
        if let Some(order) = &self.order {
            memory.remember(order_key(order), store);
        }
    }
}

/// The hash of an id, or of a code in any case.
fn name_key(name: &str) -> u64 {
    match Uuid::parse_str(name) {
        Ok(id) => key_of(id.as_u128()),
        Err(_) => key_of(name.to_uppercase()),
    }
}

/// The hash of an order, which is not that of a store or reservation of the same name.
fn order_key(order: &str) -> u64 {
    key_of(("order", order))
}

/// Takes the names among the fields of an object, as they come by.
struct Fields<'a>(&'a mut Named);

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(name) = fields.next_key::<Cow<'de, str>>()? {
            match &*name {
                "storeId" | "storeCode" => self.0.store = fields.next_value()?,
                "reservationId" => self.0.reservation = fields.next_value()?,
                "orderId" => self.0.order = fields.next_value()?,
                _ => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;

    const ID: &str = "11111111-1111-1111-1111-111111111111";

    fn of_body(body: &str) -> Named {
        Named::default().or_in_body(body.as_bytes())
    }

    #[test]
    fn a_body_is_read_as_far_as_it_goes() {
        let whole = of_body(r#"{"lines":[{"storeId":"no"}],"storeCode":"A","reservationId":"r"}"#);
        assert_eq!((whole.store.as_deref(), whole.reservation.as_deref()), (Some("A"), Some("r")));
        let part = of_body(r#"{"storeId":"A","lines":[{"productSku":"#);
        assert_eq!(part.store.as_deref(), Some("A"));
        for body in ["", "[1]", "{\"storeId\":7}", "no json"] {
            assert_eq!(of_body(body), Named::default(), "{body}");
        }
    }

    #[test]
    fn a_code_means_its_store_once_an_answer_has_told() {
        let memory = Memory::default();
        let (by_id, by_code) =
            (of_body(&format!(r#"{{"storeId":"{ID}"}}"#)), of_body(r#"{"storeCode":"Sp-1"}"#));
        assert_ne!(by_code.key(&memory), by_id.key(&memory));
        let place = "/api/v1/inventory/reservations/7e2c";
        let answer =
            Response::builder().header(STORE_ID, ID).header(LOCATION, place).body(()).unwrap();
        by_code.learn(&answer.into_parts().0, &memory);
        let in_capitals = of_body(r#"{"storeCode":"SP-1"}"#);
        assert_eq!(in_capitals.key(&memory), by_id.key(&memory));
        let commit = of_body(r#"{"reservationId":"7e2c"}"#);
        assert_eq!(commit.key(&memory), by_id.key(&memory), "a reservation is where it was made");
        assert_eq!(of_body(r#"{"reservationId":"other"}"#).key(&memory), None);
        let made = of_body(r#"{"storeCode":"SP-1","orderId":"W-1","lines":[]}"#);
        let answer = Response::builder().header(STORE_ID, ID).body(()).unwrap();
        made.learn(&answer.into_parts().0, &memory);
        let commit = of_body(r#"{"orderId":"W-1","transactionId":"T-1"}"#);
        assert_eq!(commit.key(&memory), by_id.key(&memory), "an order is where it was reserved");
        assert_eq!(of_body(r#"{"orderId":"SP-1"}"#).key(&memory), None, "no store's name");
    }
}
