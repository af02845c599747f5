//! E-mail, SMS and push of the real binary: who has subscribed is told of what happens to stock, in their language.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::roles::{Server, get, send};
use crate::webhooks::{PATIENCE, body, receiver};

const OPENED: &str = "gondola.notification.alert-opened.v1";

/// An e-mail: what its envelope says, and its text as it came.
#[derive(Default)]
struct Mail {
    from: String,
    to: Vec<String>,
    text: String,
}

impl Mail {
    /// A header, unfolded.
    #[track_caller]
    fn header(&self, name: &str) -> String {
        let head = self.text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("no {name}: {head}")).to_owned()
    }

    /// Whether its text has these words, which may be broken softly (RFC 2045).
    fn says(&self, words: &str) -> bool {
        self.text.replace("=\r\n", "").contains(words)
    }
}

/// A mail server on loopback that takes all mail, and tells it.
fn mail_server() -> (String, Receiver<Mail>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            talk(stream.unwrap(), &tell);
        }
    });
    (url, told)
}

/// One connection, with the answers of RFC 5321; commands in another order than its are refused.
fn talk(mut stream: TcpStream, tell: &Sender<Mail>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut answer = |text: &str| write!(stream, "{text}\r\n").unwrap();
    let mut mail = Mail::default();
    answer("220 mail.shop.example ESMTP");
    while let Some(Ok(line)) = lines.next() {
        let path = || line.split(['<', '>']).nth(1).unwrap().to_owned();
        match line.split([' ', ':']).next().unwrap() {
            "EHLO" => answer("250-mail.shop.example\r\n250 8BITMIME"),
            "MAIL" if mail.from.is_empty() => {
                mail.from = path();
                answer("250 OK");
            }
            "RCPT" if !mail.from.is_empty() => {
                mail.to.push(path());
                answer("250 OK");
            }
            "DATA" if !mail.to.is_empty() => {
                answer("354 End data with <CR><LF>.<CR><LF>");
                for line in lines.by_ref().map(Result::unwrap).take_while(|line| line != ".") {
                    mail.text += line.strip_prefix('.').unwrap_or(&line);
                    mail.text += "\r\n";
                }
                // before the answer: what was acknowledged has been told
                tell.send(std::mem::take(&mut mail)).unwrap();
                answer("250 OK: taken");
            }
            "QUIT" => return answer("221 Bye"),
            _ => answer("503 Bad sequence of commands"),
        }
    }
}

/// A server with a store that sells coffee, of which ten are there and six are too few.
fn shop(folder: &TempDir, more: &[&str]) -> Server {
    let server = Server::start_with(folder, "all", more);
    for (path, wanted) in [
        ("stores", json!({"code": "S-1", "name": "Centro", "region": "SP"})),
        ("products", json!({"sku": "P-1", "name": "Cafe"})),
        ("inventory/stock", json!({"storeCode": "S-1", "productSku": "P-1", "quantity": 10})),
        ("inventory/policy", json!({"storeCode": "S-1", "productSku": "P-1", "reorderPoint": 6})),
    ] {
        post(&server, path, &wanted);
    }
    server
}

#[track_caller]
fn post(server: &Server, path: &str, wanted: &Value) -> Value {
    let answer = send(&server.address, "POST", &format!("/api/v1/{path}"), &wanted.to_string());
    assert!(answer.starts_with("HTTP/1.1 20"), "{path} {wanted}: {answer}");
    body(&answer)
}

/// Subscribes somebody to alerts.
#[track_caller]
fn subscribe(server: &Server, [channel, address, language, severity]: [&str; 4]) -> String {
    let wanted = json!({
        "channel": channel, "address": address, "language": language, "minimumSeverity": severity,
        "eventTypes": [OPENED],
    });
    let made = post(server, "subscriptions", &wanted);
    made["subscriptionId"].as_str().unwrap().to_owned()
}

/// Somebody takes so many that coffee is low.
fn sell_down(server: &Server) {
    let wanted = json!({"storeCode": "S-1", "productSku": "P-1", "quantity": 4});
    post(server, "inventory/reserve", &wanted);
}

/// The notifications there are, each as its subscription and state.
fn notifications(server: &Server) -> Vec<[Value; 2]> {
    let listed = body(&get(&server.address, "/api/v1/notifications?limit=200"));
    let items = listed["items"].as_array().unwrap();
    items.iter().map(|one| [one["subscriptionId"].clone(), one["state"].clone()]).collect()
}

/// Waits until all of some subscriptions have been sent one notification, and nobody any other.
#[track_caller]
fn await_sent(server: &Server, subscriptions: [&String; 2]) {
    let mut expected = subscriptions.map(|id| [json!(id), json!("sent")]);
    expected.sort_by_key(|[id, _]| id.to_string());
    let end = Instant::now() + PATIENCE;
    loop {
        let mut found = notifications(server);
        found.sort_by_key(|[id, _]| id.to_string());
        if found == expected {
            return;
        }
        assert!(Instant::now() < end, "{found:?} instead of {expected:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn low_stock_is_told_by_e_mail_to_each_in_their_language() {
    let folder = tempfile::tempdir().unwrap();
    let (url, came) = mail_server();
    let more = ["--smtp-url", &url, "--smtp-from", "Gondola <stock@shop.example>"];
    let server = shop(&folder, &more);
    let ana = subscribe(&server, ["email", "ana@shop.example", "pt", "warning"]);
    let eve = subscribe(&server, ["email", "eve@shop.example", "en", "info"]);
    // low stock is not as bad as what this one wants to know
    subscribe(&server, ["email", "bob@shop.example", "es", "critical"]);
    sell_down(&server);
    let mut mails = [(); 2].map(|()| came.recv_timeout(PATIENCE).unwrap());
    mails.sort_by(|one, other| one.to.cmp(&other.to));
    for (mail, to, subject, words) in [
        (
            &mails[0],
            "ana@shop.example",
            "Estoque baixo: Cafe (P-1) em Centro (S-1)",
            "Gravidade: aviso",
        ),
        (
            &mails[1],
            "eve@shop.example",
            "Low stock: Cafe (P-1) in Centro (S-1)",
            "Severity: warning",
        ),
    ] {
        assert_eq!((&*mail.from, &*mail.to), ("stock@shop.example", &[to.to_owned()][..]));
        assert_eq!((&*mail.header("Subject"), &*mail.header("To")), (subject, to));
        assert_eq!(mail.header("From"), "Gondola <stock@shop.example>");
        assert!(mail.says(words), "{words}: {}", mail.text);
    }
    await_sent(&server, [&ana, &eve]);
    assert!(came.try_recv().is_err(), "nobody is told twice, and nobody else");
}

#[test]
fn low_stock_is_told_by_the_providers_of_sms_and_push() {
    let folder = tempfile::tempdir().unwrap();
    // each takes one message: a second one would find nobody
    let (sms_url, sms) = receiver(&["200 OK"]);
    let (push_url, push) = receiver(&["200 OK"]);
    let more = [
        ["--sms-url", &sms_url, "--sms-token", "of-sms"],
        ["--push-url", &push_url, "--push-token", "of-push"],
    ];
    let allow = ["--webhook-allow", "127.0.0.1"];
    let server = shop(&folder, &[&allow[..], &more.concat()].concat());
    let ana = subscribe(&server, ["sms", "+5511987654321", "es", "info"]);
    let eve = subscribe(&server, ["push", "token-of-an-app", "pt", "info"]);
    sell_down(&server);
    for (came, channel, to, language, subject) in [
        (sms, "sms", "+5511987654321", "es", "Existencias bajas: Cafe (P-1) en Centro (S-1)"),
        (push, "push", "token-of-an-app", "pt", "Estoque baixo: Cafe (P-1) em Centro (S-1)"),
    ] {
        let (head, told) = came.recv_timeout(PATIENCE).unwrap();
        let expected = json!({
            "id": told["id"], "channel": channel, "to": to, "language": language, "severity": "warning",
            "subject": subject, "text": subject,
        });
        assert_eq!(told, expected);
        assert!(head.contains(&format!("authorization: bearer of-{channel}")), "{head}");
        let key = format!("idempotency-key: {}", told["id"].as_str().unwrap());
        assert!(head.contains(&key), "{head}");
    }
    await_sent(&server, [&ana, &eve]);
}
