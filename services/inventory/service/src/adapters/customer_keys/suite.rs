//! What every store of customers' keys does, whatever it is kept in.

use std::collections::HashSet;

use futures_util::future::join_all;
use gondola_inventory_domain::{CustomerKey, CustomerRef};

use crate::use_cases::CustomerKeys;

pub(super) fn customer(name: &str) -> CustomerRef {
    CustomerRef::new(name).unwrap()
}

pub(super) async fn key_of(keys: &dyn CustomerKeys, name: &str) -> CustomerKey {
    keys.obtain(vec![customer(name)]).await.unwrap()[0].key
}

/// All of it, on a store that has no keys yet.
pub(super) async fn all(keys: &dyn CustomerKeys) {
    a_customer_keeps_their_key_and_nobody_else_has_it(keys).await;
    many_who_come_at_once_get_a_key_each(keys).await;
    a_destroyed_key_is_found_by_nobody(keys).await;
}

async fn a_customer_keeps_their_key_and_nobody_else_has_it(keys: &dyn CustomerKeys) {
    let maria = key_of(keys, "maria").await;
    let both = keys.obtain(vec![customer("jo"), customer("maria"), customer("jo")]).await.unwrap();
    assert_eq!((both[1].key, both[0].key), (maria, both[2].key));
    assert_ne!(both[0].key, maria);
    assert_eq!(keys.recent(&customer("maria")).unwrap().key, maria);
    assert_eq!(keys.find(&customer("maria")).await.unwrap().unwrap().key, maria);
    assert_eq!(keys.find(&customer("nobody")).await.unwrap(), None, "asking makes no key");
}

async fn many_who_come_at_once_get_a_key_each(keys: &dyn CustomerKeys) {
    let names: Vec<_> = (0..500).map(|number| format!("customer {}", number % 250)).collect();
    let found = join_all(names.iter().map(|name| key_of(keys, name))).await;
    let different: HashSet<_> = found.iter().collect();
    assert_eq!(different.len(), 250);
    assert_eq!(found[..250], found[250..], "a name has one key");
}

async fn a_destroyed_key_is_found_by_nobody(keys: &dyn CustomerKeys) {
    for name in ["before", "gone", "after"] {
        key_of(keys, name).await;
    }
    let key = key_of(keys, "gone").await;
    let forgotten = keys.forget(&customer("gone")).await.unwrap().unwrap();
    assert_eq!(forgotten.key, key);
    assert!(keys.recent(&customer("gone")).is_none());
    assert_eq!(keys.find(&customer("gone")).await.unwrap(), None);
    assert_eq!(keys.forget(&customer("gone")).await.unwrap(), None);
    assert_ne!(key_of(keys, "gone").await, key, "who comes again is another one");
    assert!(keys.find(&customer("after")).await.unwrap().is_some());
}
