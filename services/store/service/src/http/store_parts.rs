//! The parts of bodies about stores: words, a place on the map, opening hours, contacts.

use std::collections::BTreeMap;

use gondola_store_domain::{
    Contact, ContactParts, InvalidContact, InvalidLocation, InvalidOpeningHours, Location,
    OpeningHours, StoreKind, StoreStatus,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::word::word_list;

word_list! {
    /// What sort of place a store is.
    StoreKindWord as StoreKind of StoreKind {
        /// Customers walk in.
        Shop,
        /// Supplies the shops.
        DistributionCentre,
        /// Sorts and sends on what goes between stores.
        Hub,
        /// Moves goods from one lorry to the next, and keeps none.
        CrossDocking,
        /// Customers fetch there what they have ordered.
        PickUpPoint,
        /// Picks orders, and no customer walks in.
        DarkStore,
    }
}

word_list! {
    /// Whether a store trades.
    StoreStatusWord as StoreStatus of StoreStatus {
        /// It does.
        Active,
        /// It does not; it may open again. `inactive` is taken for it too.
        #[serde(alias = "inactive")]
        Closed,
        /// It does not for a while, since it is being worked on.
        Maintenance,
    }
}

/// A place on Earth (WGS 84).
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Location)]
pub(super) struct LocationBody {
    /// Decimal degrees north of the equator, as text so that no reader rounds it; six decimals are kept.
    #[schema(example = "-23.561414")]
    latitude: String,
    /// Decimal degrees east of Greenwich, as text; six decimals are kept.
    #[schema(example = "-46.655881")]
    longitude: String,
}

impl LocationBody {
    pub(super) fn domain(&self) -> Result<Location, InvalidLocation> {
        Location::parse(&self.latitude, &self.longitude)
    }

    pub(super) fn of(location: Location) -> Self {
        Self { latitude: location.latitude(), longitude: location.longitude() }
    }
}

/// When a store is open, by its own clocks: for each weekday (`monday` to `sunday`) and each day that is an exception
/// (`2026-12-25`) the spans in which it is open, such as `08:00-12:30`, in order. A weekday that is not named and a day without
/// spans are closed. No span goes beyond 24:00.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(as = OpeningHours, example = json!({"monday": ["08:00-12:00", "14:00-18:30"], "2026-12-25": []}))]
pub(super) struct OpeningHoursBody(BTreeMap<String, Vec<String>>);

impl OpeningHoursBody {
    pub(super) fn domain(&self) -> Result<OpeningHours, InvalidOpeningHours> {
        OpeningHours::new(self.0.iter().map(|(day, spans)| (day.as_str(), spans.as_slice())))
    }

    pub(super) fn of(hours: &OpeningHours) -> Self {
        Self(hours.entries().collect())
    }
}

/// Whom to call or write to: at least a telephone number or an e-mail address. No text has `;` or `|`.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Contact)]
pub(super) struct ContactBody {
    /// Who it is: a person or a desk.
    #[schema(min_length = 1, max_length = 200, example = "Front desk")]
    name: String,
    /// What for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, example = "manager")]
    role: Option<String>,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 40, example = "+55 11 5555-0101")]
    phone: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 254, example = "paulista@shop.example")]
    email: Option<String>,
}

impl ContactBody {
    pub(super) fn all(bodies: &[Self]) -> Result<Vec<Contact>, InvalidContact> {
        Contact::all(bodies.iter().map(Self::parts))
    }

    pub(super) fn of_all(contacts: &[Contact]) -> Vec<Self> {
        contacts.iter().map(|contact| Self::of(contact.parts())).collect()
    }

    fn parts(&self) -> ContactParts<'_> {
        ContactParts {
            name: &self.name,
            role: self.role.as_deref(),
            phone: self.phone.as_deref(),
            email: self.email.as_deref(),
        }
    }

    fn of(parts: ContactParts<'_>) -> Self {
        Self {
            name: parts.name.to_owned(),
            role: parts.role.map(str::to_owned),
            phone: parts.phone.map(str::to_owned),
            email: parts.email.map(str::to_owned),
        }
    }
}
