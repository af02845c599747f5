//! Whether the server speaks TLS, and with which certificate.

use std::path::PathBuf;

use anyhow::Result;
use kit_http::{Tls, TlsFiles};
use kit_process::critical_task;

use super::Serving;

/// Arguments of the commands that serve.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TlsArgs {
    /// File with the server's certificate (PEM) and those that lead to one that clients trust; with it the server speaks HTTPS
    /// only, HTTP/2 with clients that can. Needs `--tls-key`. Both files are read anew every 2 seconds; while they cannot be
    /// used, or do not fit each other, those of before hold.
    #[arg(long, env = "GONDOLA_TLS_CERTIFICATE", value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,

    /// File with the private key of `--tls-certificate` (PEM), without a passphrase.
    #[arg(long, env = "GONDOLA_TLS_KEY", value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
}

impl TlsArgs {
    /// Reads certificate and key once, so that a start fails of them before it opens data.
    pub(crate) fn try_files(&self) -> Result<()> {
        if let (Some(certificate), Some(key)) = (&self.tls_certificate, &self.tls_key) {
            Tls::open(TlsFiles { certificate: certificate.clone(), key: key.clone() })?;
        }
        Ok(())
    }

    /// The certificate, followed from now on; `None` where the server speaks HTTP.
    pub(crate) fn open(self, serving: &Serving) -> Result<Option<Tls>> {
        let (Some(certificate), Some(key)) = (self.tls_certificate, self.tls_key) else {
            return Ok(None);
        };
        let tls = Tls::open(TlsFiles { certificate, key })?;
        let stop = serving.process.stop.clone();
        let following = stop.run_until_cancelled_owned(tls.clone().follow_files());
        serving.process.tasks.spawn(critical_task("tls-certificate", following));
        Ok(Some(tls))
    }
}
