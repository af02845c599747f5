//! Pages, cursors and entity tags.

use http::{HeaderMap, HeaderValue};
use kit_http::{Cursor, ETag, Limit, Page, Place};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Key {
    sku: String,
    position: u64,
}

#[test]
fn a_cursor_comes_back_as_it_went() {
    let key = Key { sku: "café/ü".to_owned(), position: u64::MAX };
    let cursor = Cursor::in_order("things", key.clone());
    let page = Page::new(vec![1, 2], Some(cursor));
    let text = page.next_cursor.clone().unwrap();
    assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()), "needs no escaping: {text}");
    let back: Cursor<Place<Key>> = text.parse().unwrap();
    assert_eq!(back.key_in("things").unwrap(), key);
    let json = serde_json::to_value(&page).unwrap();
    assert_eq!(json, json!({"items": [1, 2], "nextCursor": text}));
    let last = Page::new(vec![3], None::<Cursor<Place<Key>>>);
    assert_eq!(serde_json::to_value(&last).unwrap(), json!({"items": [3]}));
}

#[test]
fn a_made_up_cursor_is_refused() {
    let of_another_list = Cursor::in_order("things", 7).to_string();
    let broken_off = &of_another_list[1..];
    let long = "31".repeat(1_000);
    for bad in ["", "7", "zz", "+1", "ééé", &of_another_list, broken_off, &long] {
        assert!(bad.parse::<Cursor<Place<Key>>>().is_err(), "{bad:?}");
    }
    assert!(serde_json::from_value::<Cursor<Place<Key>>>(json!("7b7d")).is_err());
}

#[test]
fn a_cursor_is_taken_by_its_own_order_only() {
    let orders = ["stores by code", "products by sku", "stock by product", "stock by available"];
    for given in orders {
        let text = Cursor::in_order(given, "key".to_owned()).to_string();
        for order in orders {
            let key = text.parse::<Cursor<Place<String>>>().unwrap().key_in(order);
            if order == given {
                assert_eq!(key.unwrap(), "key");
                continue;
            }
            let problem = key.unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.code()), (422, "invalid"));
            let problem = serde_json::to_value(&problem).unwrap();
            assert_eq!(problem["field"], "cursor");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains(given) && detail.contains(order), "{detail}");
        }
    }
    // the JSON text "key"
    let without_order = "226b657922";
    assert!(without_order.parse::<Cursor<Place<String>>>().is_err());
}

#[test]
fn limits_are_bounded() {
    assert_eq!(Limit::default().get(), 50);
    assert_eq!(Limit::new(200).unwrap().get(), 200);
    assert_eq!(Limit::new(0).unwrap_err().to_string(), "a page limit must be 1 to 200, got 0");
    assert!(Limit::new(201).is_err());
}

fn headers(name: &'static str, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(
        http::HeaderName::from_static(name),
        HeaderValue::from_str(value).unwrap(),
    )])
}

#[test]
fn a_known_version_is_not_modified() {
    assert_eq!(ETag::strong(7).header_value(), "\"7\"");
    assert_eq!(ETag::weak(7).header_value(), "W/\"7\"");
    for known in ["\"7\"", "W/\"7\"", "\"1\", W/\"7\"", "*"] {
        assert!(ETag::weak(7).matches(&headers("if-none-match", known)), "{known}");
        assert!(ETag::strong(7).matches(&headers("if-none-match", known)), "{known}");
    }
    for other in ["\"8\"", "7", "\"+7\"", "\"\"", "\"", "W/"] {
        assert!(!ETag::strong(7).matches(&headers("if-none-match", other)), "{other}");
    }
    assert!(!ETag::strong(7).matches(&HeaderMap::new()));
}

#[test]
fn a_change_names_the_version_it_means() {
    let if_match = |value: &str| ETag::if_match(&headers("if-match", value));
    assert_eq!(ETag::if_match(&HeaderMap::new()).unwrap(), None);
    assert_eq!(if_match("*").unwrap(), None);
    assert_eq!(if_match("\"7\"").unwrap(), Some(7));
    // the version is compared, so that what an answer said can be sent back as it is
    assert_eq!(if_match(&ETag::weak(7).to_string()).unwrap(), Some(7));
    for bad in ["7", "\"x\"", "\"1\", \"2\"", "\"99999999999999999999\""] {
        assert_eq!(if_match(bad).unwrap_err().code(), "bad-request", "{bad}");
    }
    let mut two = headers("if-match", "\"7\"");
    two.append("if-match", "\"8\"".parse().unwrap());
    assert_eq!(ETag::if_match(&two).unwrap_err().code(), "bad-request");
}
