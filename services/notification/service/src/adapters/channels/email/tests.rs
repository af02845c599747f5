//! Letters as they go over the wire.

use std::time::Duration;

use gondola_contracts::IntegrationEvent;
use gondola_notification_domain::{
    Channel, EventTypes, Language, NotificationId, Severity, Subscription, SubscriptionId,
    SubscriptionSettings,
};
use kit_core::TimeZone;

use super::*;
use crate::use_cases::subscriptions::Message as Said;

fn outgoing(subject: &str) -> Outgoing {
    let types = IntegrationEvent::TYPES;
    let settings = SubscriptionSettings {
        recipient: Recipient::new(Channel::Email, "ana@shop.example").unwrap(),
        language: Language::Portuguese,
        event_types: EventTypes::among(types, types.iter().copied()).unwrap(),
        stores: None,
        minimum_severity: Severity::Info,
        time_zone: TimeZone::new("UTC").unwrap(),
        quiet_hours: None,
        grouping: Duration::ZERO,
    };
    let id = SubscriptionId::from_uuid(uuid::Uuid::from_u128(1));
    Outgoing {
        id: NotificationId::from_uuid(uuid::Uuid::from_u128(2)),
        subscription: Subscription { id, settings },
        severity: Severity::Info,
        message: Said {
            subject: subject.to_owned(),
            text: "Café: 7 disponíveis".to_owned(),
            html: Some("<p>Café</p>".to_owned()),
        },
        at: "2026-11-28T02:15:00Z".parse().unwrap(),
    }
}

fn letter(subject: &str) -> String {
    let config = EmailConfig {
        server: "smtp://127.0.0.1:1".parse().unwrap(),
        password: None,
        from: "Gondola <stock@shop.example>".parse().unwrap(),
    };
    let letter = EmailChannel::new(config, &TrustedAuthorities::default())
        .unwrap()
        .letter(outgoing(subject))
        .unwrap();
    String::from_utf8(letter.formatted()).unwrap()
}

fn headers(letter: &str) -> Vec<&str> {
    let head = letter.split("\r\n\r\n").next().unwrap();
    head.split("\r\n").filter(|line| !line.starts_with(' ')).collect()
}

#[test]
fn a_letter_has_its_headers_and_both_forms() {
    let letter = letter("Café: 7 disponíveis");
    assert!(letter.is_ascii(), "{letter}");
    for part in [
        "Message-ID: <00000000-0000-0000-0000-000000000002@shop.example>\r\n",
        "Date: Sat, 28 Nov 2026 02:15:00 +0000\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "To: ana@shop.example\r\n",
        "multipart/alternative",
        "text/plain; charset=utf-8",
        "text/html; charset=utf-8",
        "Subject: =?utf-8?b?",
    ] {
        assert!(letter.contains(part), "{part} is not in {letter}");
    }
}

#[test]
fn nobody_writes_headers_of_ours() {
    let letter = letter("Stock\r\nBcc: all@shop.example\r\n\r\n<script>");
    let names: Vec<_> = headers(&letter).iter().filter_map(|line| line.split(':').next()).collect();
    assert!(!names.iter().any(|name| name.eq_ignore_ascii_case("bcc")), "{letter}");
    assert!(!headers(&letter).iter().any(|line| line.starts_with("<script>")), "{letter}");
}

#[test]
fn a_long_subject_is_folded() {
    let letter = letter(&"açaí da loja ".repeat(40));
    let head = letter.split("\r\n\r\n").next().unwrap();
    assert!(head.split("\r\n").all(|line| line.len() <= 78), "{head}");
}

#[tokio::test]
async fn a_server_that_is_away_is_tried_again() {
    let config = EmailConfig {
        server: "smtp://127.0.0.1:1".parse().unwrap(),
        password: None,
        from: "stock@shop.example".parse().unwrap(),
    };
    let sent = EmailChannel::new(config, &TrustedAuthorities::default())
        .unwrap()
        .send(outgoing("Stock"))
        .await;
    assert!(matches!(&sent, Sent::Failed { reason, .. } if reason.contains("refused")), "{sent:?}");
}
