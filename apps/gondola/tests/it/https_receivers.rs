//! Webhooks to receivers over HTTPS: one that is trusted by configuration has its messages, of the others the list of
//! deliveries says what is wrong with them.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value, json};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::roles::{Server, get, send};
use crate::webhooks::{PATIENCE, body};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A receiver on loopback whose certificate is of an authority and for a name; it tells each request and answers it.
fn receiver(authority: &Authority, name: &str, answer: &'static str) -> (String, Receiver<String>) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}/hook", listener.local_addr().unwrap().port());
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let (mut request, mut piece) = (String::new(), [0; 4_096]);
            // a client that trusts nobody sends nothing
            while !request.contains("webhook-signature") || !request.trim_end().ends_with('}') {
                match stream.read(&mut piece) {
                    Ok(count) if count > 0 => {
                        request.push_str(&String::from_utf8_lossy(&piece[..count]));
                    }
                    _ => break,
                }
            }
            if !request.is_empty() {
                let _ = stream.write_all(answer.as_bytes());
                stream.conn.send_close_notify();
                let _ = stream.flush();
                let _ = tell.send(request);
            }
        }
    });
    (url, told)
}

fn register(server: &Server, url: &str) -> String {
    let wanted = json!({"url": url, "eventTypes": ["gondola.store.store-registered.v1"]});
    let answer = send(&server.address, "POST", "/api/v1/webhooks", &wanted.to_string());
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    body(&answer)["webhookId"].as_str().unwrap().to_owned()
}

/// The first attempt of the only delivery of a webhook.
fn first_attempt(server: &Server, webhook: &str) -> Value {
    let begun = Instant::now();
    loop {
        let path = format!("/api/v1/webhooks/{webhook}/deliveries");
        let listed = body(&get(&server.address, &path));
        if let Some(delivery) = listed["items"][0]["deliveryId"].as_str() {
            let shown = body(&get(&server.address, &format!("{path}/{delivery}")));
            if shown["attempts"][0].is_object() {
                return shown["attempts"][0].clone();
            }
        }
        assert!(begun.elapsed() < PATIENCE, "no attempt: {listed}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";
const MOVED: &str = "HTTP/1.1 308 Permanent Redirect\r\nlocation: https://localhost:9/\r\n\r\n";

#[test]
fn https_receivers_are_reached_where_their_certificate_holds_and_told_of_where_not() {
    let (known, unknown) = (authority(), authority());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("authority.pem"), known.pem()).unwrap();
    let more = ["--webhook-allow", "localhost", "--notification-ca", "authority.pem"];
    let server = Server::start_with(&folder, "all", &more);
    let (good, came) = receiver(&known, "localhost", NO_CONTENT);
    let (misnamed, to_misnamed) = receiver(&known, "shop.example", NO_CONTENT);
    let (untrusted, to_untrusted) = receiver(&unknown, "localhost", NO_CONTENT);
    let (moved, to_moved) = receiver(&known, "localhost", MOVED);
    let [good, misnamed, untrusted, moved] =
        [good, misnamed, untrusted, moved].map(|url| register(&server, &url));
    send(&server.address, "POST", "/api/v1/stores", r#"{"code":"S-1","name":"One","region":"SP"}"#);

    let request = came.recv_timeout(PATIENCE).unwrap();
    assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
    assert_eq!(first_attempt(&server, &good)["status"], 204);
    let attempt = first_attempt(&server, &misnamed);
    let why = attempt["error"].as_str().unwrap_or_else(|| panic!("{attempt}"));
    assert!(why.contains("of another name") && why.contains("shop.example"), "{why}");
    let attempt = first_attempt(&server, &untrusted);
    let why = attempt["error"].as_str().unwrap_or_else(|| panic!("{attempt}"));
    assert!(why.contains("of an authority that is not trusted"), "{why}");
    // an answer like any other, which is no success
    assert_eq!(first_attempt(&server, &moved)["status"], 308);
    to_moved.recv_timeout(PATIENCE).unwrap();
    for unheard in [to_misnamed, to_untrusted] {
        assert!(unheard.try_recv().is_err(), "nothing is sent before the certificate holds");
    }
}

#[test]
fn a_file_without_an_authority_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("authority.pem"), "no certificate").unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gondola"))
        .current_dir(folder.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--notification-ca", "authority.pem"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{told}");
    assert!(told.contains("--notification-ca") && told.contains("authority.pem has no"), "{told}");
}
