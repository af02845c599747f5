//! E-mail, as a real mail server gets it (scripts/services/smtp.sh).

use std::path::PathBuf;
use std::time::Duration;

use gondola_notification::{ChannelsConfig, EmailConfig};
use kit_core::{Clock as _, IdSource as _, RandomIds, SystemClock};
use serde_json::{Value, json};

use crate::app::{App, World};
use crate::channels::by_sms;

/// Where the server is, or its mailboxes.
#[expect(clippy::disallowed_methods, reason = "where servers are is told by the environment")]
fn server(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: make services-up"))
}

async fn start() -> App {
    start_through(&server("GONDOLA_TEST_SMTP"), None, None).await
}

/// Through a mail server, with a password and a file of authorities.
async fn start_through(address: &str, password: Option<&str>, authorities: Option<PathBuf>) -> App {
    let email = EmailConfig {
        server: address.parse().unwrap(),
        password: password.map(|password| password.parse().unwrap()),
        from: "Gondola <stock@shop.example>".parse().unwrap(),
    };
    let channels = ChannelsConfig { email: Some(email), authorities, ..ChannelsConfig::default() };
    App::start_with(World::at(SystemClock.now()), "127.0.0.0/8", channels).await.api()
}

/// The file of the authority that has certified the server.
fn authority() -> PathBuf {
    server("GONDOLA_TEST_SMTP_AUTHORITY").into()
}

/// What the list tells of an e-mail that the server does not take from us. It is tried again: the recipient is not to blame.
async fn failure(address: &str, password: Option<&str>, authorities: Option<PathBuf>) -> String {
    let app = start_through(address, password, authorities).await;
    let recipient = subscribe(&app, "ana", json!({})).await;
    app.happen("level-7-3", 1).await;
    let failed = newest(&app, |one| one["attempts"] == 1).await;
    assert!(failed["state"] == "pending" && failed["dueAt"].is_string(), "{failed}");
    assert_eq!(mails(&recipient), Vec::<Value>::new());
    app.shut_down().await;
    let reason = failed["reason"].as_str().unwrap();
    assert!(!reason.contains("not-gondola"), "no password is told: {reason}");
    reason.to_owned()
}

/// Subscribes a mailbox of this test alone; its first letters say what the server does.
async fn subscribe(app: &App, begins: &str, more: Value) -> String {
    let address = format!("{begins}-{}@shop.example", RandomIds.next_id(SystemClock.now()));
    let mut body = by_sms(json!({"channel": "email", "address": address}));
    let Value::Object(more) = more else { panic!("an object") };
    body.as_object_mut().unwrap().extend(more);
    app.post("/subscriptions", body).await.expect(201);
    address
}

/// Waits until a notification is as it is wanted.
async fn newest(app: &App, wanted: impl Fn(&Value) -> bool) -> Value {
    let mut last = Value::Null;
    for _ in 0..1_500 {
        let page = app.get("/notifications").await.expect(200).body;
        last = page["items"][0].clone();
        if wanted(&last) {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the newest notification stays {last}");
}

/// The e-mails in a mailbox.
fn mails(address: &str) -> Vec<Value> {
    let folder = PathBuf::from(server("GONDOLA_TEST_SMTP_MAILS"));
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let names = entries.filter(|entry| {
        let name = entry.file_name().into_string().unwrap();
        name.starts_with(address) && entry.path().extension().is_some_and(|one| one == "json")
    });
    names
        .map(|file| serde_json::from_slice(&std::fs::read(file.path()).unwrap()).unwrap())
        .collect()
}

fn header<'m>(mail: &'m Value, name: &str) -> &'m str {
    let headers = mail["headers"].as_array().unwrap();
    let found = headers.iter().find(|one| one[0].as_str().unwrap().eq_ignore_ascii_case(name));
    found.unwrap()[1].as_str().unwrap()
}

#[tokio::test]
#[ignore = "needs a mail server: make test-services"]
async fn each_language_arrives_as_it_is_read() {
    for (language, subject, words) in [
        ("pt", "Café 3 em Loja 7: 7 disponíveis", "Você recebe esta mensagem"),
        ("en", "Café 3 in Loja 7: 7 available", "You get this message"),
        ("es", "Café 3 en Loja 7: 7 disponibles", "Recibe este mensaje"),
    ] {
        let app = start().await;
        let address = subscribe(&app, "ana", json!({"language": language})).await;
        app.happen("level-7-3", 1).await;
        let sent = newest(&app, |one| one["state"] == "sent").await;
        let mails = mails(&address);
        assert_eq!(mails.len(), 1, "{mails:?}");
        let mail = &mails[0];
        assert_eq!((header(mail, "Subject"), &mail["to"]), (subject, &json!([address])));
        let id = format!("<{}@shop.example>", sent["notificationId"].as_str().unwrap());
        assert_eq!(
            (header(mail, "Message-ID"), header(mail, "From")),
            (&*id, "Gondola <stock@shop.example>")
        );
        let text = mail["body"]["text/plain"].as_str().unwrap();
        assert!(text.contains(subject) && text.contains(words), "{text}");
        let html = mail["body"]["text/html"].as_str().unwrap();
        assert!(html.contains(&format!("lang=\"{language}\"")) && html.contains(words), "{html}");
        app.shut_down().await;
    }
}

#[tokio::test]
#[ignore = "needs a mail server: make test-services"]
async fn a_mailbox_that_is_not_there_is_dead_and_one_that_is_busy_waits() {
    let app = start().await;
    subscribe(&app, "bounce", json!({})).await;
    app.happen("level-7-3", 1).await;
    let dead = newest(&app, |one| one["state"] == "dead").await;
    assert!(dead["reason"].as_str().unwrap().contains("no such mailbox"), "{dead}");
    app.shut_down().await;
    let app = start().await;
    subscribe(&app, "busy", json!({})).await;
    app.happen("level-7-3", 1).await;
    let busy = newest(&app, |one| one["attempts"] == 1).await;
    assert!(busy["state"] == "pending", "{busy}");
    assert!(busy["reason"].as_str().unwrap().contains("try again later"), "{busy}");
    app.shut_down().await;
}

#[tokio::test]
#[ignore = "needs a mail server: make test-services"]
async fn a_digest_is_one_e_mail() {
    let app = start().await;
    let address = subscribe(&app, "bia", json!({"groupingSeconds": 60})).await;
    for number in 1..=3 {
        app.happen(&format!("level-7-{number}"), 1).await;
    }
    app.world.clock.move_seconds(60);
    newest(&app, |one| one["state"] == "sent" && one["eventCount"] == 3).await;
    let mails = mails(&address);
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(header(&mails[0], "Subject"), "3 avisos: Café 1 em Loja 7: 7 disponíveis");
    app.shut_down().await;
}

#[tokio::test]
#[ignore = "needs a mail server: make test-services"]
async fn with_tls_and_a_login_e_mail_arrives() {
    for kind in ["GONDOLA_TEST_SMTP_STARTTLS", "GONDOLA_TEST_SMTP_TLS"] {
        let app = start_through(&server(kind), Some("gondola"), Some(authority())).await;
        let address = subscribe(&app, "ana", json!({})).await;
        app.happen("level-7-3", 1).await;
        newest(&app, |one| one["state"] == "sent").await;
        let mails = mails(&address);
        assert_eq!(mails.len(), 1, "{kind}: {mails:?}");
        app.shut_down().await;
    }
}

#[tokio::test]
#[ignore = "needs a mail server: make test-services"]
async fn a_wrong_password_and_none_are_told_and_tried_again() {
    for kind in ["GONDOLA_TEST_SMTP_STARTTLS", "GONDOLA_TEST_SMTP_TLS"] {
        let told = failure(&server(kind), Some("not-gondola"), Some(authority())).await;
        assert!(told.contains("535") && told.contains("Authentication"), "{kind}: {told}");
        let nobody = server(kind).replace("ana@shop.example@", "");
        let told = failure(&nobody, None, Some(authority())).await;
        assert!(told.contains("530") && told.contains("Authentication required"), "{kind}: {told}");
    }
}

#[tokio::test]
#[ignore = "needs a mail server: make test-services"]
async fn nothing_is_sent_in_the_open_to_a_server_without_starttls() {
    let open = server("GONDOLA_TEST_SMTP").replace("smtp://127.0.0.1", "smtp+starttls://localhost");
    let told = failure(&open, None, Some(authority())).await;
    assert!(told.contains("STARTTLS is not supported"), "{told}");
}

#[tokio::test]
#[ignore = "needs a mail server: make test-services"]
async fn a_certificate_that_is_not_trusted_or_of_another_name_gets_no_password() {
    for kind in ["GONDOLA_TEST_SMTP_STARTTLS", "GONDOLA_TEST_SMTP_TLS"] {
        let told = failure(&server(kind), Some("gondola"), None).await;
        assert!(told.contains("of an authority that is not trusted"), "{kind}: {told}");
        let other = server(kind).replace("localhost", "127.0.0.1");
        let told = failure(&other, Some("gondola"), Some(authority())).await;
        assert!(told.contains("is of another name"), "{kind}: {told}");
    }
}
