//! The personal compartment of an event: the key of a customer, or in older events the customer as named.

use std::borrow::Cow;
use std::error::Error;

use gondola_inventory_domain::{Customer, CustomerKey, CustomerRef};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Kept apart from `data`; one of the two is there.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Personal<'a> {
    /// The customer in clear: as events had it before there were keys, and still have it where there are none.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    customer_id: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    customer_key: Option<Uuid>,
}

/// Writes the compartment.
pub(crate) fn encode(customer: &Customer) -> Box<str> {
    let personal = match customer {
        Customer::Key(key) => Personal { customer_id: None, customer_key: Some(key.as_uuid()) },
        Customer::InClear(name) => {
            Personal { customer_id: Some(Cow::Borrowed(name.as_str())), customer_key: None }
        }
    };
    // a plain struct of texts always serialises
    serde_json::to_string(&personal).unwrap_or_default().into()
}

/// Reads the compartment of an event of any version.
pub(crate) fn decode(personal: &str) -> Result<Customer, Box<dyn Error + Send + Sync>> {
    match serde_json::from_str(personal)? {
        Personal { customer_id: None, customer_key: Some(key) } => {
            Ok(Customer::Key(CustomerKey::from_uuid(key)))
        }
        Personal { customer_id: Some(name), customer_key: None } => {
            Ok(Customer::InClear(CustomerRef::new(&name)?))
        }
        _ => {
            Err("the personal compartment has neither or both of customerId and customerKey".into())
        }
    }
}
