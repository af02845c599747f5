//! Whose certificates hold when others are reached by TLS, and what is said of one that does not.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject as _};
use tokio_rustls::rustls::{CertificateError, ClientConfig, Error as TlsError, RootCertStore};

/// Authorities that are trusted beside those of the machine; none, unless some are read.
#[derive(Clone, Debug, Default)]
pub struct TrustedAuthorities(Vec<CertificateDer<'static>>);

/// Why a file of authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthoritiesError {
    /// It cannot be read, or is no PEM.
    #[error("cannot read {} as PEM: {error}", path.display())]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why not.
        error: PemError,
    },
    /// There is no certificate in it.
    #[error("{} has no certificate: it must have a block that starts with -----BEGIN CERTIFICATE-----", .0.display())]
    NoCertificate(PathBuf),
    /// A certificate in it is none of an authority.
    #[error("a certificate in {} is none of an authority: {error}", path.display())]
    Unusable {
        /// Which one.
        path: PathBuf,
        /// Why not.
        error: TlsError,
    },
}

impl TrustedAuthorities {
    /// The certificates in a file of PEM, at least one.
    pub fn read(path: &Path) -> Result<Self, AuthoritiesError> {
        let unreadable = |error| AuthoritiesError::Unreadable { path: path.to_owned(), error };
        let certificates = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(unreadable)?;
        if certificates.is_empty() {
            return Err(AuthoritiesError::NoCertificate(path.to_owned()));
        }
        let mut roots = RootCertStore::empty();
        for certificate in &certificates {
            let unusable = |error| AuthoritiesError::Unusable { path: path.to_owned(), error };
            roots.add(certificate.clone()).map_err(unusable)?;
        }
        Ok(Self(certificates))
    }

    /// Their certificates (DER), for clients that speak TLS otherwise.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// TLS 1.2 and 1.3 to servers whose certificates lead to one of the machine's authorities or of these. Fails where the
    /// machine has none that can be read, and these are none either.
    pub(crate) fn client_config(&self) -> io::Result<ClientConfig> {
        let machine = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(machine.certs);
        for certificate in &self.0 {
            roots.add(certificate.clone()).map_err(io::Error::other)?;
        }
        if roots.is_empty() {
            let why: Vec<_> = machine.errors.iter().map(ToString::to_string).collect();
            let why =
                format!("the machine trusts no authority of certificates: {}", why.join("; "));
            return Err(io::Error::other(why));
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?;
        Ok(config.with_root_certificates(roots).with_no_client_auth())
    }
}

/// What is wrong with a server's certificate, as a text for people, where that is why a request has failed.
pub fn certificate_fault(error: &(dyn Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(TlsError::InvalidCertificate(why)) = error.downcast_ref() {
            return Some(told(why));
        }
        // an error of input and output has none as its source that it only wraps
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source());
    }
    None
}

fn told(why: &CertificateError) -> String {
    match why {
        // the latter of one that is called like a trusted one
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "its certificate is of an authority that is not trusted here".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("its certificate is of another name: {why}")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            format!("its certificate has expired: {why}")
        }
        _ => format!("its certificate is not valid: {why}"),
    }
}
