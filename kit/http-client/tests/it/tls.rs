//! Receivers over TLS: reached under their name at the address that was checked, and no others.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kit_http_client::{
    AnswerLimits, GuardedAnswer, GuardedClient, GuardedError, TrustedAuthorities,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

const LIMITS: AnswerLimits = AnswerLimits { time: Duration::from_secs(10), body_bytes: 8 };

/// An authority of this test alone, and its certificate in a file.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
    _folder: TempDir,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("authority.pem");
        std::fs::write(&file, issuer.pem()).unwrap();
        Self { issuer, file, _folder: folder }
    }

    fn trusted(&self) -> TrustedAuthorities {
        TrustedAuthorities::read(&self.file).unwrap()
    }

    /// A server on loopback with a certificate of this authority for a name.
    async fn server(&self, name: &str, answer: &'static str) -> Server {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, heard) = (listener.local_addr().unwrap().port(), Heard::default());
        let told = Arc::clone(&heard);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                told.lock().unwrap().connections += 1;
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = vec![0; 4_096];
                let count = stream.read(&mut request).await.unwrap();
                let request = String::from_utf8_lossy(&request[..count]).into_owned();
                let name = stream.get_ref().1.server_name().map(str::to_owned);
                told.lock().unwrap().requests.push((name, request));
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        Server { port, heard }
    }
}

#[derive(Default)]
struct Counted {
    connections: usize,
    /// The name that the client has asked for, and its request.
    requests: Vec<(Option<String>, String)>,
}

type Heard = Arc<Mutex<Counted>>;

struct Server {
    port: u16,
    heard: Heard,
}

impl Server {
    /// Connections, and requests.
    fn counts(&self) -> (usize, usize) {
        let heard = self.heard.lock().unwrap();
        (heard.connections, heard.requests.len())
    }
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfine";

async fn post(
    trusted: &TrustedAuthorities,
    allowed: &str,
    url: &str,
) -> Result<GuardedAnswer, GuardedError> {
    let allowed = [allowed.parse().unwrap()].into_iter().collect();
    let client = GuardedClient::trusting(allowed, trusted).unwrap();
    client.post(url, Vec::new(), "{}".into(), LIMITS).await
}

#[tokio::test]
async fn a_receiver_is_reached_under_its_name_at_the_address_that_was_checked() {
    let authority = Authority::new();
    let server = authority.server("localhost", OK).await;
    let url = format!("https://localhost:{}/hook", server.port);
    let answer = post(&authority.trusted(), "localhost", &url).await;
    let answer = answer.unwrap();
    assert_eq!((answer.status, &*answer.beginning), (200, &b"fine"[..]));
    let heard = server.heard.lock().unwrap();
    let (name, request) = heard.requests.last().unwrap();
    assert_eq!(name.as_deref(), Some("localhost"));
    assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
}

#[tokio::test]
async fn a_place_inside_is_not_reached_by_tls_either() {
    let authority = Authority::new();
    let server = authority.server("localhost", OK).await;
    for host in ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "[::1]"] {
        let url = format!("https://{host}:{}/", server.port);
        let refused = post(&authority.trusted(), "192.0.2.0/24", &url).await.unwrap_err();
        assert!(matches!(refused, GuardedError::Refused(_)), "{host}: {refused:?}");
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.counts(), (0, 0));
}

#[tokio::test]
async fn a_certificate_of_another_name_or_authority_gets_no_request() {
    let authority = Authority::new();
    let other = authority.server("other.example", OK).await;
    let url = format!("https://localhost:{}/", other.port);
    let told = post(&authority.trusted(), "localhost", &url).await.unwrap_err();
    let told = told.to_string();
    assert!(told.contains("is of another name") && told.contains("other.example"), "{told}");
    assert_eq!(other.counts(), (1, 0));

    let server = authority.server("localhost", OK).await;
    let url = format!("https://localhost:{}/", server.port);
    for trusted in [TrustedAuthorities::default(), Authority::new().trusted()] {
        let told = post(&trusted, "localhost", &url).await.unwrap_err().to_string();
        assert!(told.contains("of an authority that is not trusted"), "{told}");
    }
    assert_eq!(server.counts(), (2, 0));
}

#[tokio::test]
async fn a_redirection_of_a_receiver_is_an_answer_and_nobody_follows_it() {
    let authority = Authority::new();
    let trap = authority.server("localhost", OK).await;
    let answer = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: https://localhost:{}/\r\ncontent-length: 0\r\n\r\n",
        trap.port
    );
    let server = authority.server("localhost", answer.leak()).await;
    let url = format!("https://localhost:{}/", server.port);
    let answer = post(&authority.trusted(), "localhost", &url).await.unwrap();
    assert_eq!(answer.status, 307);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!((server.counts(), trap.counts()), ((1, 1), (0, 0)));
}

#[test]
fn a_file_without_an_authority_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    let told = || TrustedAuthorities::read(&file).unwrap_err().to_string();
    assert!(told().contains("cannot read") && told().contains("authority.pem"), "{}", told());
    std::fs::write(&file, KeyPair::generate().unwrap().serialize_pem()).unwrap();
    assert!(told().contains("has no certificate"), "{}", told());
    std::fs::write(&file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        .unwrap();
    assert!(told().contains("is none of an authority"), "{}", told());
}
