//! Bodies about suppliers: what callers send and see.

use gondola_store_domain::{
    Aggregate, Currency, LeadTime, Name, Note, Supplier, SupplierChanges, SupplierCode,
    SupplierStatus,
};
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Resource;
use super::patch::{Patch, field};
use super::store_parts::ContactBody;
use super::word::word_list;
use crate::use_cases::Entry;

word_list! {
    /// Whether the chain orders from a supplier.
    SupplierStatusWord as SupplierStatus of SupplierStatus {
        /// It does.
        Active,
        /// It does not for now; what it offers stays known.
        Inactive,
        /// It was removed and offers nothing; its code stays taken, and it may come back.
        Removed,
    }
}

/// A supplier to add.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RegisterSupplier {
    /// What the chain calls it: unique, and never changes. Not a UUID.
    #[schema(min_length = 1, max_length = 64, example = "ACME")]
    code: String,
    /// Its name for people.
    #[schema(min_length = 1, max_length = 200, example = "Acme Importadora Ltda")]
    name: String,
    /// Whom to call or write to, at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 20)]
    contacts: Vec<ContactBody>,
    /// Days from an order to its delivery, where its offer of a product says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 730, example = 14)]
    lead_time_days: Option<u64>,
    /// In what it is paid: three letters of ISO 4217.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 3, max_length = 3, example = "BRL")]
    currency: Option<String>,
    /// What the chain's people should know of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000, example = "Orders by noon are delivered the day after")]
    note: Option<String>,
    /// Whether the chain orders from it; it does when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<SupplierStatusWord>,
}

impl RegisterSupplier {
    /// The supplier.
    pub(super) fn parse(&self) -> Result<Supplier, Problem> {
        let lead_time = self.lead_time_days.map(LeadTime::from_days).transpose();
        let currency = self.currency.as_deref().map(Currency::new).transpose();
        let note = self.note.as_deref().map(Note::new).transpose();
        Ok(Supplier {
            code: field("code", SupplierCode::new(&self.code))?,
            name: field("name", Name::new(&self.name))?,
            contacts: field("contacts", ContactBody::all(&self.contacts))?,
            lead_time: field("leadTimeDays", lead_time)?,
            currency: field("currency", currency)?,
            note: field("note", note)?,
            status: self.status.map(SupplierStatusWord::domain).unwrap_or_default(),
        })
    }
}

/// What to change of a supplier (JSON merge patch): what is absent stays, null removes. The code never changes.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct UpdateSupplier {
    /// Its name for people.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = String, required = false, max_length = 200, example = "Acme S.A.")]
    name: Patch<String>,
    /// Whom to call or write to, all of them.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Vec<ContactBody>, required = false, max_items = 20)]
    contacts: Patch<Vec<ContactBody>>,
    /// Days from an order to its delivery, where its offer of a product says nothing.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<u64>, minimum = 0, maximum = 730)]
    lead_time_days: Patch<u64>,
    /// In what it is paid: three letters of ISO 4217.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, max_length = 3)]
    currency: Patch<String>,
    /// What the chain's people should know of it.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    note: Patch<String>,
    /// Whether the chain orders from it. One with offers that hold cannot be removed; it can be inactive.
    #[serde(skip_serializing_if = "Patch::is_absent")]
    #[schema(value_type = SupplierStatusWord, required = false)]
    status: Patch<SupplierStatusWord>,
}

impl UpdateSupplier {
    pub(super) fn parse(&self) -> Result<SupplierChanges, Problem> {
        Ok(SupplierChanges {
            name: self.name.replace("name", |text| Name::new(text))?,
            contacts: self.contacts.replace("contacts", |bodies| ContactBody::all(bodies))?,
            lead_time: self
                .lead_time_days
                .change("leadTimeDays", |days| LeadTime::from_days(*days))?,
            currency: self.currency.change("currency", |text| Currency::new(text))?,
            note: self.note.change("note", |text| Note::new(text))?,
            status: self.status.replace("status", |word| Ok::<_, Problem>(word.domain()))?,
        })
    }
}

/// A supplier.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Supplier)]
pub(super) struct SupplierBody {
    /// Which supplier; made from its code, so the same everywhere.
    supplier_id: Uuid,
    /// What the chain calls it; unique, and never changes.
    #[schema(example = "ACME")]
    code: String,
    /// Its name for people.
    #[schema(example = "Acme Importadora Ltda")]
    name: String,
    /// Whom to call or write to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    contacts: Vec<ContactBody>,
    /// Days from an order to its delivery, where its offer of a product says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 14)]
    lead_time_days: Option<u16>,
    /// In what it is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "BRL")]
    currency: Option<String>,
    /// What the chain's people should know of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Orders by noon are delivered the day after")]
    note: Option<String>,
    /// Whether the chain orders from it.
    status: SupplierStatusWord,
    /// How many changes it has had; also its `ETag`.
    #[schema(example = 1)]
    version: u64,
    /// After a change: its position in the catalogue's log, for `minPosition` of lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 42)]
    position: Option<u64>,
}

impl Resource for Supplier {
    type Body = SupplierBody;

    const PATH: &'static str = "/api/v1/suppliers";
    const ORDER: &'static str = "suppliers by code";
    const ID_MEMBER: &'static str = "supplierId";
    const CODE_MEMBER: &'static str = "supplierCode";
    const ALREADY_REGISTERED: &'static str = "Supplier already registered";

    fn body(Entry { state, version }: &Entry<Self>, position: Option<u64>) -> SupplierBody {
        SupplierBody {
            supplier_id: state.id().as_uuid(),
            code: state.code.to_string(),
            name: state.name.to_string(),
            contacts: ContactBody::of_all(&state.contacts),
            lead_time_days: state.lead_time.map(LeadTime::as_days),
            currency: state.currency.as_ref().map(ToString::to_string),
            note: state.note.as_ref().map(ToString::to_string),
            status: SupplierStatusWord::of(state.status),
            version: version.get(),
            position,
        }
    }
}
