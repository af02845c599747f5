//! TLS at the door: what is agreed, how long that may take, which files it is made of, and how they change.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use kit_http::{ServerConfig, Tls, TlsFiles};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::server::{HELLO, HELLO_AND_CLOSE, PATIENCE, Running, answer, rest, start_over};

/// A certificate for this name, with its key.
pub(crate) fn new_certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

/// A server's files, and what its clients trust.
pub(crate) struct Files {
    folder: TempDir,
}

impl Files {
    pub(crate) fn of(pair: &CertifiedKey<KeyPair>) -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap() };
        files.replace(pair);
        files
    }

    pub(crate) fn paths(&self) -> TlsFiles {
        let (certificate, key) = ("tls.crt", "tls.key");
        TlsFiles {
            certificate: self.folder.path().join(certificate),
            key: self.folder.path().join(key),
        }
    }

    /// Writes them anew, each as a whole.
    pub(crate) fn replace(&self, pair: &CertifiedKey<KeyPair>) {
        let TlsFiles { certificate, key } = self.paths();
        let put = |path: &Path, text: String| {
            let beside = path.with_extension("new");
            fs::write(&beside, text).unwrap();
            fs::rename(beside, path).unwrap();
        };
        put(&certificate, pair.cert.pem());
        put(&key, pair.signing_key.serialize_pem());
    }
}

/// A client that trusts one certificate and offers these protocols.
pub(crate) async fn connect(
    running: &Running,
    trusted: &CertificateDer<'static>,
    protocols: &[&[u8]],
) -> io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let stream = TcpStream::connect(running.address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// A server over TLS, and the certificate that it has.
pub(crate) async fn start(
    config: ServerConfig,
    more: Router,
) -> (Running, CertificateDer<'static>) {
    let pair = new_certificate();
    let tls = Tls::open(Files::of(&pair).paths()).unwrap();
    (start_over(Some(tls), config, more).await, pair.cert.der().clone())
}

#[tokio::test]
async fn http_1_1_is_spoken_with_who_offers_it_or_nothing() {
    let (running, trusted) = start(ServerConfig::default(), Router::new()).await;
    for protocols in [&[b"http/1.1".as_slice()][..], &[]] {
        let mut stream = connect(&running, &trusted, protocols).await.unwrap();
        stream.write_all(HELLO.as_bytes()).await.unwrap();
        assert!(answer(&mut stream, "hello").await.starts_with("HTTP/1.1 200 OK"));
        stream.write_all(HELLO_AND_CLOSE.as_bytes()).await.unwrap();
        assert!(rest(&mut stream).await.starts_with("HTTP/1.1 200 OK"), "the same connection");
    }
    let other = connect(&running, &trusted, &[b"spdy/3"]).await;
    assert!(other.is_err(), "a protocol that is not spoken");
    let told = running.exchange(HELLO).await;
    assert!(!told.contains("200"), "without TLS there is no answer: {told}");
}

#[tokio::test]
async fn browsers_are_told_to_stay_with_https_but_not_for_names_of_this_machine() {
    let (running, trusted) = start(ServerConfig::default(), Router::new()).await;
    for (host, is_told) in
        [("shop.example", true), ("localhost", false), ("127.0.0.1:8443", false), ("[::1]", false)]
    {
        let mut stream = connect(&running, &trusted, &[]).await.unwrap();
        let request = format!("GET /hello HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let told = rest(&mut stream).await;
        let has = told.contains("strict-transport-security: max-age=31536000\r\n");
        assert_eq!(has, is_told, "{host}: {told}");
    }
    let plain = crate::server::start(ServerConfig::default()).await;
    let told =
        plain.exchange("GET /hello HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\n\r\n");
    assert!(!told.await.contains("strict-transport-security"), "not without TLS");
}

#[tokio::test]
async fn who_does_not_finish_the_handshake_is_cut() {
    let handshake_timeout = Duration::from_millis(300);
    let config = ServerConfig { handshake_timeout, ..ServerConfig::default() };
    let (running, trusted) = start(config, Router::new()).await;
    // nothing, and the beginning of a hello whose rest never comes
    for sent in [b"".as_slice(), b"\x16\x03\x01\x02\x00\x01\x00\x01"] {
        let begun = Instant::now();
        let mut stream = running.send(sent).await;
        rest(&mut stream).await;
        let cut_after = begun.elapsed();
        assert!(cut_after >= handshake_timeout / 2, "{sent:?} was cut after {cut_after:?}");
        assert!(cut_after < config.header_read_timeout / 2, "{sent:?} was cut after {cut_after:?}");
    }
    let mut stream = connect(&running, &trusted, &[]).await.unwrap();
    stream.write_all(HELLO_AND_CLOSE.as_bytes()).await.unwrap();
    assert!(rest(&mut stream).await.ends_with("hello"));
}

#[tokio::test]
async fn slow_heads_are_cut_and_silent_bodies_are_refused_as_without_tls() {
    let short = Duration::from_millis(300);
    let config = ServerConfig {
        header_read_timeout: short,
        progress_timeout: short,
        ..ServerConfig::default()
    };
    let (running, trusted) = start(config, Router::new()).await;
    let post = "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\ntr";
    for (sent, status) in
        [("", None), ("GET /hello HTTP/1.1\r\nhost:", None), (post, Some(" 408 "))]
    {
        let mut stream = connect(&running, &trusted, &[]).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let told = rest(&mut stream).await;
        assert!(!told.contains(" 200 "), "{sent:?}: {told}");
        assert!(status.is_none_or(|status| told.contains(status)), "{sent:?}: {told}");
    }
}

#[tokio::test]
async fn who_finds_no_place_is_told_so_in_http_1_1_and_health_answers_all_the_same() {
    let config = ServerConfig { connections_max: 1, ..ServerConfig::default() };
    let (running, trusted) = start(config, Router::new()).await;
    let both = [b"h2".as_slice(), b"http/1.1"];
    let mut stuck = connect(&running, &trusted, &[b"http/1.1"]).await.unwrap();
    stuck.write_all(b"GET /wait HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    running.begun.notified().await;
    for (path, status) in [("/hello", 503), ("/health/live", 200)] {
        let mut stream = connect(&running, &trusted, &both).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"http/1.1".as_slice()));
        let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let told = rest(&mut stream).await;
        assert!(told.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {told}");
    }
}

#[tokio::test]
async fn a_drain_waits_for_no_handshake() {
    let (running, _) = start(ServerConfig::default(), Router::new()).await;
    let mut half = running.send(b"\x16\x03\x01").await;
    // accepted, as the next one is
    assert!(connect(&running, new_certificate().cert.der(), &[]).await.is_err());
    let begun = Instant::now();
    running.shutdown.cancel();
    rest(&mut half).await;
    timeout(PATIENCE, running.server).await.expect("returns").unwrap().unwrap();
    let took = begun.elapsed();
    assert!(took < ServerConfig::default().handshake_timeout / 2, "{took:?}");
}

#[tokio::test]
async fn new_files_are_used_for_new_connections_and_broken_ones_are_not() {
    let (old, new) = (new_certificate(), new_certificate());
    let files = Files::of(&old);
    let tls = Tls::open(files.paths()).unwrap();
    let following = tokio::spawn(tls.clone().follow_files());
    let running = start_over(Some(tls), ServerConfig::default(), Router::new()).await;
    let mut stays = connect(&running, old.cert.der(), &[]).await.unwrap();
    stays.write_all(HELLO.as_bytes()).await.unwrap();
    answer(&mut stays, "hello").await;

    // a key that does not fit: what was there before holds, for longer than the files go unread
    fs::write(files.paths().key, new.signing_key.serialize_pem()).unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(connect(&running, old.cert.der(), &[]).await.is_ok(), "the old certificate");

    files.replace(&new);
    let follows = async {
        while connect(&running, new.cert.der(), &[]).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, follows).await.expect("the new certificate is used");
    assert!(connect(&running, old.cert.der(), &[]).await.is_err(), "and the old one no more");
    stays.write_all(HELLO.as_bytes()).await.unwrap();
    assert!(answer(&mut stays, "hello").await.contains("200 OK"), "open connections go on");
    following.abort();
}

#[test]
fn files_that_cannot_be_used_are_told_for_people() {
    let (one, other) = (new_certificate(), new_certificate());
    let files = Files::of(&one);
    let TlsFiles { certificate, key } = files.paths();
    let told = || Tls::open(files.paths()).err().expect("refused").to_string();
    let expect = |told: String, parts: &[&str]| {
        for part in parts {
            assert!(told.contains(part), "{part:?} is not in {told:?}");
        }
    };
    let (certificate_name, key_name) = (certificate.to_str().unwrap(), key.to_str().unwrap());

    fs::write(&key, other.signing_key.serialize_pem()).unwrap();
    expect(told(), &["does not fit", key_name, certificate_name]);
    fs::write(&key, one.cert.pem()).unwrap();
    expect(told(), &[key_name, "no private key", "BEGIN PRIVATE KEY"]);
    fs::write(&key, "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n").unwrap();
    expect(told(), &["cannot read", key_name]);
    fs::write(&key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").unwrap();
    expect(told(), &[key_name, "cannot be used"]);
    fs::remove_file(&key).unwrap();
    expect(told(), &["cannot read", key_name]);
    fs::write(&certificate, one.signing_key.serialize_pem()).unwrap();
    expect(told(), &[certificate_name, "no certificate", "BEGIN CERTIFICATE"]);
    fs::remove_file(&certificate).unwrap();
    expect(told(), &["cannot read", certificate_name]);

    // a chain in the wrong order
    fs::write(&certificate, other.cert.pem() + &one.cert.pem()).unwrap();
    fs::write(&key, one.signing_key.serialize_pem()).unwrap();
    expect(told(), &["does not fit", "own certificate first"]);
    fs::write(&certificate, one.cert.pem() + &other.cert.pem()).unwrap();
    assert!(Tls::open(files.paths()).is_ok());
}
