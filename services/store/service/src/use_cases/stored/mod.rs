//! How the entries of the catalogue are stored: as JSON that events, snapshots, kept answers and the view share, and the claims
//! on their codes.
//!
//! A change of these shapes raises `event_codec::SCHEMA_VERSION`: snapshots and views are then rebuilt, and the events
//! need an upcaster. A field that this program does not know makes the whole unreadable: an update would write it without.

mod category;
mod contact;
mod price;
mod product;
mod store;
mod supplier;
mod supplier_offer;

use std::borrow::Cow;

use gondola_store_domain::{Aggregate, GtinNumber, OfferCode};
use kit_event_store::{Claim, ClaimKey};
use serde::Serialize;

use super::listing::LookUp;

/// The error of stored JSON that does not have the expected shape.
pub type Unreadable = Box<dyn std::error::Error + Send + Sync>;

/// An aggregate that can be stored.
pub trait Stored: Aggregate {
    /// Namespace of the claims that keep codes unique, as they are written.
    const CODES: &'static str;
    /// Namespace of the claims that keep them unique in whatever case.
    const FOLDED_CODES: &'static str;

    /// Writes it as JSON in the present shape.
    fn write(&self) -> Box<str>;

    /// Reads it from JSON in the present shape.
    fn read(json: &str) -> Result<Self, Unreadable>;

    /// How an entry is looked up by a code.
    fn look_up(code: &Self::Code) -> LookUp;

    /// The number of the barcode that a code may be as well: where no entry has the code, it means the entry with that barcode.
    fn barcode(_: &Self::Code) -> Option<GtinNumber> {
        None
    }

    /// The claim on what only one entry of its kind has at a time, if it has that. It holds until the entry gives it up.
    fn exclusive_claim(&self) -> Option<Claim> {
        None
    }

    /// The key of the claim on a code.
    fn code_key(code: &Self::Code) -> ClaimKey {
        ClaimKey::new(Self::CODES, code.to_string())
    }

    /// The key of the claim on all spellings of a code.
    fn folded_key(code: &Self::Code) -> ClaimKey {
        ClaimKey::new(Self::FOLDED_CODES, code.to_string().to_ascii_lowercase())
    }

    /// The claims on its own code, which hold for ever: as it is written, as in every log, and in whatever case.
    fn code_claims(&self) -> [Claim; 2] {
        let id = self.id().to_string();
        let folded = format!("{id} {}", self.code());
        [(Self::code_key(self.code()), id), (Self::folded_key(self.code()), folded)]
            .map(|(key, value)| Claim { key, value: value.into(), expires_at: None })
    }
}

/// Namespace of the claims that keep barcodes unique, by their 14 digits.
const GTINS: &str = "gtin";

/// The claim on the number of a barcode.
///
/// It says only that the number is taken: by whom the entries tell, which may give it to another.
pub(super) fn gtin_claim(number: &GtinNumber) -> Claim {
    let key = ClaimKey::new(GTINS, number.as_str());
    Claim { key, value: "taken".into(), expires_at: None }
}

/// Namespace of the claims of preferred offers, by their products.
const PREFERRED: &str = "preferred-supplier";

/// The claim of the preferred offer of a product; its value is the code of the supplier.
fn preferred_claim(offer: &OfferCode) -> Claim {
    let key = ClaimKey::new(PREFERRED, offer.product_id.to_string());
    Claim { key, value: offer.supplier.as_str().into(), expires_at: None }
}

/// Whether a key is one of a preferred offer.
pub(super) fn is_preferred(key: &ClaimKey) -> bool {
    key.namespace == PREFERRED
}

/// Whether a key is one of a barcode.
pub(super) fn is_gtin(key: &ClaimKey) -> bool {
    key.namespace == GTINS
}

type Text<'a> = Cow<'a, str>;

/// A text as it is stored.
fn text(text: &str) -> Text<'_> {
    text.into()
}

fn json(value: &impl Serialize) -> Box<str> {
    // plain structs of numbers and texts always serialise
    serde_json::to_string(value).unwrap_or_default().into()
}
