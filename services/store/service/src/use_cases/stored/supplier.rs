//! How a supplier is stored.

use gondola_store_domain::{Currency, LeadTime, Name, Note, Supplier, SupplierCode};
use serde::{Deserialize, Serialize};

use super::contact::StoredContact;
use super::{Stored, Text, Unreadable, json, text};
use crate::use_cases::listing::LookUp;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredSupplier<'a> {
    #[serde(borrow)]
    code: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    contacts: Vec<StoredContact<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lead_time_days: Option<u64>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    currency: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    note: Option<Text<'a>>,
    #[serde(borrow)]
    status: Text<'a>,
}

impl Stored for Supplier {
    const CODES: &'static str = "supplier-code";
    const FOLDED_CODES: &'static str = "supplier-code-folded";

    fn look_up(code: &SupplierCode) -> LookUp {
        LookUp::SupplierCode(code.folded())
    }

    fn write(&self) -> Box<str> {
        json(&StoredSupplier {
            code: text(self.code.as_str()),
            name: text(self.name.as_str()),
            contacts: self.contacts.iter().map(StoredContact::of).collect(),
            lead_time_days: self.lead_time.map(|lead_time| lead_time.as_days().into()),
            currency: self.currency.as_ref().map(|currency| text(currency.as_str())),
            note: self.note.as_ref().map(|note| text(note.as_str())),
            status: text(self.status.as_str()),
        })
    }

    fn read(json: &str) -> Result<Self, Unreadable> {
        let stored: StoredSupplier<'_> = serde_json::from_str(json)?;
        Ok(Self {
            code: SupplierCode::new(&stored.code)?,
            name: Name::new(&stored.name)?,
            contacts: StoredContact::read_all(&stored.contacts)?,
            lead_time: stored.lead_time_days.map(LeadTime::from_days).transpose()?,
            currency: stored.currency.map(|text| Currency::new(&text)).transpose()?,
            note: stored.note.map(|text| Note::new(&text)).transpose()?,
            status: stored.status.parse()?,
        })
    }
}
