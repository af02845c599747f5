//! Messages in every language, of every event there is.

use std::time::Duration;

use gondola_contracts::IntegrationEvent;
use gondola_notification_domain::alerts::RuleKind;
use gondola_notification_domain::{EventTypes, Recipient, Severity};
use kit_core::TimeZone;

use super::*;
use crate::use_cases::subscriptions::TEST_EVENT;

const STORE: Uuid = Uuid::from_u128(7);
const PRODUCT: Uuid = Uuid::from_u128(3);

const ALERTS: [&str; 3] = [
    "gondola.notification.alert-opened.v1",
    "gondola.notification.alert-acknowledged.v1",
    "gondola.notification.alert-resolved.v1",
];

fn settings(channel: Channel, language: Language) -> SubscriptionSettings {
    let address = match channel {
        Channel::Email => "ana@shop.example",
        Channel::Sms => "+5511987654321",
        Channel::Push => "a-token-of-an-app",
    };
    let types = IntegrationEvent::TYPES;
    SubscriptionSettings {
        recipient: Recipient::new(channel, address).unwrap(),
        language,
        event_types: EventTypes::among(types, types.iter().copied()).unwrap(),
        stores: None,
        minimum_severity: Severity::Info,
        time_zone: TimeZone::new("America/Sao_Paulo").unwrap(),
        quiet_hours: None,
        grouping: Duration::ZERO,
    }
}

fn notice(event_type: &str, data: &str) -> Notice {
    Notice {
        event_id: Uuid::from_u128(1),
        event_type: event_type.into(),
        severity: Severity::Warning,
        payload: format!(r#"{{"time":"2026-11-28T02:15:00Z","data":{data}}}"#).into(),
    }
}

fn level(available: u64) -> Notice {
    let data = format!(
        r#"{{"storeId":"{STORE}","productId":"{PRODUCT}","onHand":9,"reserved":2,"available":{available}}}"#
    );
    notice("gondola.inventory.inventory-updated.v1", &data)
}

fn alert(event_type: &str, rule: &str) -> Notice {
    let data = format!(
        r#"{{"alertId":"1","rule":"{rule}","severity":"warning","storeId":"{STORE}","productId":"{PRODUCT}","quantity":3,"threshold":10,"openedAt":"2026-11-28T02:15:00Z","detail":"told by the rule"}}"#
    );
    notice(event_type, &data)
}

fn message(channel: Channel, language: Language, notices: &[Notice]) -> Message {
    let names = HashMap::from([
        (STORE, "Paulista".to_owned()),
        (PRODUCT, "Café <b>forte</b>\r\nBcc: all@shop.example".to_owned()),
    ]);
    let settings = settings(channel, language);
    let subscription = (SubscriptionId::from_uuid(Uuid::from_u128(5)), &settings);
    Messages::new().unwrap().message(subscription, notices, &names).unwrap()
}

fn email(language: Language, notices: &[Notice]) -> Message {
    message(Channel::Email, language, notices)
}

#[test]
fn each_language_tells_of_a_stock_level_in_its_own_words() {
    for (language, subject, words) in [
        (Language::Portuguese, "7 disponíveis", "Em estoque: 9"),
        (Language::English, "7 available", "On hand: 9"),
        (Language::Spanish, "7 disponibles", "En existencia: 9"),
    ] {
        let Message { subject: said, text, html } = email(language, &[level(7)]);
        assert!(said.contains(subject) && said.contains("Paulista"), "{said}");
        assert!(text.contains(words) && text.contains("2026-11-27 23:15"), "{text}");
        let html = html.unwrap();
        assert!(html.contains(words), "{html}");
        assert!(html.contains(&format!("lang=\"{}\"", language.as_str())), "{html}");
    }
}

#[test]
fn a_name_breaks_neither_lines_of_a_subject_nor_html() {
    let Message { subject, text, html } = email(Language::English, &[level(7)]);
    assert!(!subject.contains(['\r', '\n']) && subject.contains("<b>forte</b> Bcc:"), "{subject}");
    assert!(text.contains("<b>forte</b>"), "{text}");
    let html = html.unwrap();
    assert!(html.contains("&lt;b&gt;forte") && !html.contains("<b>"), "{html}");
}

#[test]
fn there_are_words_for_every_event_and_every_rule_in_every_language() {
    for language in Language::ALL {
        let mut said = Vec::new();
        for event_type in IntegrationEvent::TYPES.iter().chain(&[TEST_EVENT]) {
            let data =
                r#"{"name":"One","code":"S-1","sku":"P-1","status":"active","rule":"view-drift"}"#;
            let subject = email(language, &[notice(event_type, data)]).subject;
            assert!(!subject.contains("gondola."), "no words for {event_type}: {subject}");
            said.push(subject);
        }
        let rules = RuleKind::ALL.map(RuleKind::as_str);
        for (rule, event_type) in rules.iter().flat_map(|rule| ALERTS.map(|one| (rule, one))) {
            let Message { subject, text, .. } = email(language, &[alert(event_type, rule)]);
            assert!(!subject.contains(rule) || language == Language::English, "{subject}");
            assert!(subject.contains("Paulista"), "{subject}");
            assert!(text.contains("told by the rule") && text.contains("10"), "{text}");
            said.push(subject);
        }
        let count = said.len();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), count, "two events have the same words: {said:#?}");
    }
}

#[test]
fn what_there_are_no_words_for_is_told_by_its_type() {
    let later = email(Language::Spanish, &[notice("gondola.later.something.v1", "{}")]);
    assert!(later.subject.contains("gondola.later.something.v1"), "{later:?}");
}

#[test]
fn many_events_are_one_digest_that_says_how_many_it_leaves_out() {
    let notices: Vec<_> = (0..60).map(level).collect();
    for (language, left_out) in [
        (Language::Portuguese, "mais 10"),
        (Language::English, "10 more"),
        (Language::Spanish, "10 más"),
    ] {
        let digest = email(language, &notices);
        assert!(digest.subject.contains("60"), "{}", digest.subject);
        assert!(digest.text.contains(left_out), "{}", digest.text);
        assert_eq!(digest.text.matches("2026-11-27 23:15").count(), 50);
    }
}

#[test]
fn a_short_message_is_short() {
    let one = message(Channel::Sms, Language::Portuguese, &[level(7)]);
    assert!(one.text.contains("7 disponíveis") && one.html.is_none(), "{one:?}");
    let notices: Vec<_> = (0..60).map(level).collect();
    let many = message(Channel::Push, Language::Portuguese, &notices);
    assert!(many.text.chars().count() <= SHORT_MAX && many.text.ends_with('…'), "{}", many.text);
    assert!(many.text.contains("60") && !many.text.contains('\n'), "{}", many.text);
}
