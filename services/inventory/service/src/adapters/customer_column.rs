//! The customer of a reservation as a column of the views has them: one text for a key and for a name.

use gondola_inventory_domain::{Customer, CustomerKey, CustomerRef};

/// What the text of a key begins with. No reference has a control character, so no customer's name looks like a key.
const KEY: char = '\u{1}';

/// The text of a customer.
pub(super) fn column_of(customer: &Customer) -> String {
    match customer {
        Customer::Key(key) => format!("{KEY}{key}"),
        Customer::InClear(name) => name.as_str().to_owned(),
    }
}

/// The customer of a text; it was one when it was written.
pub(super) fn customer_in(text: &str) -> Option<Customer> {
    match text.strip_prefix(KEY) {
        Some(key) => Some(Customer::Key(CustomerKey::from_uuid(key.parse().ok()?))),
        None => CustomerRef::new(text).ok().map(Customer::InClear),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_customer_is_read_as_written_and_no_name_looks_like_a_key() {
        let key = CustomerKey::from_uuid(Uuid::from_u128(7));
        let name = |text: &str| Customer::InClear(CustomerRef::new(text).unwrap());
        for customer in [Customer::Key(key), name("maria"), name(&key.to_string())] {
            assert_eq!(customer_in(&column_of(&customer)), Some(customer));
        }
        assert!(CustomerRef::new(&column_of(&Customer::Key(key))).is_err());
    }
}
