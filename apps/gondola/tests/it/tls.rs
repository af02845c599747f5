//! HTTPS of the whole product: its files by configuration, and what is refused.

use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use tempfile::TempDir;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

const PATIENCE: Duration = Duration::from_mins(1);

fn certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

fn write(folder: &TempDir, pair: &CertifiedKey<KeyPair>) {
    fs::write(folder.path().join("tls.key"), pair.signing_key.serialize_pem()).unwrap();
    fs::write(folder.path().join("tls.crt"), pair.cert.pem()).unwrap();
}

fn command(folder: &TempDir, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
    command.current_dir(folder.path()).args(["--log", "warn", "serve"]).args(more);
    command
}

/// A serving process, killed at the end.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &TempDir) -> Self {
        let tls = ["--tls-certificate", "tls.crt", "--tls-key", "tls.key"];
        let listen = ["--listen", "127.0.0.1:0", "--allow-host", "shop.example"];
        let mut child = command(folder, &[&tls[..], &listen].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.split("https://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.unwrap_or_else(|| panic!("no address in {first:?}")).to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// The answer to a GET over TLS, head and body.
    fn get(&self, trusted: &CertificateDer<'static>, path: &str) -> std::io::Result<String> {
        let mut roots = RootCertStore::empty();
        roots.add(trusted.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let client = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(client, TcpStream::connect(&self.address)?);
        let head =
            format!("GET {path} HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_api_is_served_by_https_and_a_new_certificate_without_a_restart() {
    let (folder, old, new) = (tempfile::tempdir().unwrap(), certificate(), certificate());
    write(&folder, &old);
    let server = Server::start(&folder);
    let answer = server.get(old.cert.der(), "/api/v1/stores").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000\r\n"), "{answer}");
    let mut plain = TcpStream::connect(&server.address).unwrap();
    plain.write_all(b"GET /api/v1/stores HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut told = Vec::new();
    let _ = plain.read_to_end(&mut told);
    assert!(!told.starts_with(b"HTTP/"), "without TLS there is no answer: {told:?}");

    write(&folder, &new);
    let begun = Instant::now();
    while server.get(new.cert.der(), "/health/live").is_err() {
        assert!(begun.elapsed() < PATIENCE, "the new certificate is not used");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(server.get(old.cert.der(), "/health/live").is_err(), "the old one is no more");
}

#[test]
fn files_that_do_not_go_together_and_open_doors_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, &certificate());
    fs::write(folder.path().join("other.key"), certificate().signing_key.serialize_pem()).unwrap();
    let local = ["--listen", "127.0.0.1:0", "--tls-certificate", "tls.crt"];
    let public = ["--listen", "0.0.0.0:0", "--tls-certificate", "tls.crt"];
    for (arguments, told) in [
        (&local[..], "--tls-key <FILE>"),
        (&[&local[..], &["--tls-key", "other.key"]].concat(), "does not fit the first certificate"),
        (&[&local[..], &["--tls-key", "none.key"]].concat(), "cannot read none.key"),
        // TLS does not ask who somebody is
        (&[&public[..], &["--tls-key", "tls.key"]].concat(), "--insecure-no-auth"),
    ] {
        let output = command(&folder, arguments).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && error.contains(told), "{arguments:?}: {error}");
    }
}
