//! TLS at the door: a certificate and its key from two files, kept up with them, and what is agreed with a client.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use metrics::{Counter, counter, describe_counter};
use parking_lot::RwLock;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert, ServerConfig};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error as RustlsError, InconsistentKeys};

/// Between two readings of the files. They are read as a whole: a volume that is replaced may keep their time.
const READ_EVERY: Duration = Duration::from_secs(2);

/// The protocols of a usual connection, the better one first, as ALPN names them.
pub(crate) const H2: &[u8] = b"h2";
const HTTP_1_1: &[u8] = b"http/1.1";

const FILE_ERRORS: &str = "http_tls_file_errors_total";

/// Where a server's certificate and its key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// PEM: the server's certificate first, then those that lead to one that clients trust.
    pub certificate: PathBuf,
    /// PEM: the private key of the first certificate (PKCS #8, PKCS #1 or SEC 1), without a passphrase.
    pub key: PathBuf,
}

/// Why a certificate and a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or is no PEM.
    #[error("cannot read {} as PEM: {error}", path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why not.
        error: PemError,
    },
    /// There is no certificate where one should be.
    #[error("{} has no certificate: it must have a block that starts with -----BEGIN CERTIFICATE-----", .0.display())]
    NoCertificate(PathBuf),
    /// There is no private key where one should be.
    #[error("{} has no private key: it must have a block that starts with -----BEGIN PRIVATE KEY-----", .0.display())]
    NoKey(PathBuf),
    /// The key belongs to another certificate.
    #[error(
        "the key in {} does not fit the first certificate in {}: give the key that the certificate was made for, and put the \
         server's own certificate first",
        .0.key.display(), .0.certificate.display()
    )]
    KeyDoesNotFit(TlsFiles),
    /// The library takes it for something that it cannot use, such as a key of an unknown kind.
    #[error("{} and {} cannot be used: {error}", files.certificate.display(), files.key.display())]
    Unusable {
        /// Which ones.
        files: TlsFiles,
        /// Why not.
        error: RustlsError,
    },
}

impl TlsFiles {
    /// Reads both, and sees whether they fit.
    fn read(&self, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |error| TlsError::Unreadable { path, error }
        };
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(unreadable(&self.certificate))?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate(self.certificate.clone()));
        }
        let key = match PrivateKeyDer::from_pem_file(&self.key) {
            Err(PemError::NoItemsFound) => return Err(TlsError::NoKey(self.key.clone())),
            key => key.map_err(unreadable(&self.key))?,
        };
        CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            RustlsError::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                TlsError::KeyDoesNotFit(self.clone())
            }
            error => TlsError::Unusable { files: self.clone(), error },
        })
    }
}

/// The certificate that new connections get.
#[derive(Debug)]
struct Live(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Live {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read()))
    }
}

/// TLS 1.2 and 1.3 with a certificate that follows its files. Clones are the same.
#[derive(Clone)]
pub struct Tls {
    files: TlsFiles,
    live: Arc<Live>,
    usual: Arc<ServerConfig>,
    extra: Arc<ServerConfig>,
    file_errors: Counter,
}

impl Tls {
    /// The certificate and the key in these files. What cannot be used is refused here; later what was there before holds.
    pub fn open(files: TlsFiles) -> Result<Self, TlsError> {
        describe_counter!(
            FILE_ERRORS,
            "Readings of the server's certificate and key that failed; those of before are used"
        );
        let provider = Arc::new(ring::default_provider());
        let live = Arc::new(Live(RwLock::new(Arc::new(files.read(&provider)?))));
        let config = |protocols: &[&[u8]]| {
            let versions = ServerConfig::builder_with_provider(Arc::clone(&provider))
                .with_safe_default_protocol_versions();
            let unusable = |error| TlsError::Unusable { files: files.clone(), error };
            let resolver: Arc<dyn ResolvesServerCert> = Arc::<Live>::clone(&live);
            let versions = versions.map_err(unusable)?;
            let mut config = versions.with_no_client_auth().with_cert_resolver(resolver);
            config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
            Ok(Arc::new(config))
        };
        let (usual, extra) = (config(&[H2, HTTP_1_1])?, config(&[HTTP_1_1])?);
        Ok(Self { live, usual, extra, files, file_errors: counter!(FILE_ERRORS) })
    }

    /// Keeps the certificate up with its files, for ever; connections that are open keep theirs.
    pub async fn follow_files(self) {
        let mut last_error = String::new();
        loop {
            tokio::time::sleep(READ_EVERY).await;
            last_error = self.read_anew(last_error).await;
        }
    }

    /// Reads the files once more; gives what was wrong with them, which is logged when it is news.
    async fn read_anew(&self, last_error: String) -> String {
        let files = self.files.clone();
        let read = move || files.read(&ring::default_provider());
        match tokio::task::spawn_blocking(read).await {
            Ok(Ok(read)) => {
                if read.cert != self.live.0.read().cert {
                    *self.live.0.write() = Arc::new(read);
                    tracing::info!("tls_certificate_is_new");
                }
                String::new()
            }
            Ok(Err(error)) => {
                self.file_errors.increment(1);
                let error = error.to_string();
                if error != last_error {
                    tracing::warn!(error, "tls_certificate_stays_as_it_was");
                }
                error
            }
            // the process is about to end
            Err(_not_run) => last_error,
        }
    }

    /// For connections in usual places.
    pub(crate) fn usual(&self) -> TlsAcceptor {
        Arc::clone(&self.usual).into()
    }

    /// For connections that get one answer: HTTP/2 has no such thing.
    pub(crate) fn extra(&self) -> TlsAcceptor {
        Arc::clone(&self.extra).into()
    }
}
