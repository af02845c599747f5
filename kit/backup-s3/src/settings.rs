//! How an object store is reached, as the variables say that all tools of S3 know.

use std::path::PathBuf;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::{BackoffConfig, RetryConfig};

use crate::connections::Connector;
use crate::credentials::{self, CredentialsError};
use crate::url::BucketUrl;

/// What the variables begin with; others are passed over.
const OURS: &str = "AWS_";

/// Variables that give credentials without a key in a variable or a file.
const ROLES: [&str; 3] = [
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// How long a request is tried again while the object store does not answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// The same for the first one: wrong keys and addresses are told at once.
const FIRST_PATIENCE: Duration = Duration::from_secs(3);

/// Repetitions within that time; there are pauses between them.
const REPETITIONS_MAX: usize = 12;

/// Endpoint, region, credentials and manners of an object store.
#[derive(Clone)]
pub struct S3Settings {
    builder: AmazonS3Builder,
    pub(crate) endpoint: Option<String>,
    /// Whether it is said who asks; else the machine itself may have a role.
    pub(crate) has_credentials: bool,
    patience: Duration,
}

/// Why variables cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file of credentials.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// A way on which everybody could read and change backups.
    #[error(
        "the object store at {0} would be reached without TLS: use https://, or say AWS_ALLOW_HTTP=true where nobody else is on the \
         way to it"
    )]
    NoTls(String),
}

impl S3Settings {
    /// Reads the variables among these that begin with `AWS_`: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`,
    /// `AWS_REGION`, `AWS_ENDPOINT_URL` and the others that the tools of AWS know; `AWS_SHARED_CREDENTIALS_FILE` with
    /// `AWS_PROFILE` names a file that has them, which is read now. A key in a variable wins over the file.
    pub fn from_variables(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let ours = |(name, value): &(String, String)| name.starts_with(OURS) && !value.is_empty();
        let variables: Vec<_> = variables.into_iter().filter(ours).collect();
        let value = |wanted: &str| {
            variables.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone())
        };
        let mut pairs = Vec::new();
        let has_key = value("AWS_ACCESS_KEY_ID").is_some();
        if let Some(file) = value("AWS_SHARED_CREDENTIALS_FILE").filter(|_| !has_key) {
            let profile = value("AWS_PROFILE").unwrap_or_else(|| "default".to_owned());
            pairs = credentials::profile(PathBuf::from(file), &profile)?;
        }
        let has_credentials =
            has_key || !pairs.is_empty() || ROLES.iter().any(|role| value(role).is_some());
        pairs.extend(variables.iter().map(|(name, value)| (name.to_lowercase(), value.clone())));
        let mut settings = Self {
            builder: AmazonS3Builder::new(),
            endpoint: None,
            has_credentials,
            patience: PATIENCE,
        };
        let mut is_plain_allowed = false;
        let mut endpoint_of_s3 = None;
        for (name, value) in pairs {
            // what else there is, is of other tools
            let Ok(key) = name.parse::<AmazonS3ConfigKey>() else { continue };
            match key {
                // the address says which
                AmazonS3ConfigKey::Bucket => continue,
                AmazonS3ConfigKey::Endpoint => settings.endpoint = Some(value.clone()),
                AmazonS3ConfigKey::S3Endpoint => endpoint_of_s3 = Some(value.clone()),
                AmazonS3ConfigKey::Client(_) if name == "aws_allow_http" => {
                    is_plain_allowed = value.eq_ignore_ascii_case("true");
                }
                _ => {}
            }
            settings.builder = settings.builder.with_config(key, value);
        }
        settings.endpoint = endpoint_of_s3.or(settings.endpoint);
        match &settings.endpoint {
            Some(endpoint) if !endpoint.starts_with("https://") && !is_plain_allowed => {
                Err(SettingsError::NoTls(endpoint.clone()))
            }
            _ => Ok(settings),
        }
    }

    /// The same, but a request is tried again for another time than a minute.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// A client of a bucket.
    pub(crate) fn client(&self, url: &BucketUrl) -> object_store::Result<AmazonS3> {
        self.patient(url, self.patience)
    }

    /// One that soon gives up.
    pub(crate) fn hasty_client(&self, url: &BucketUrl) -> object_store::Result<AmazonS3> {
        self.patient(url, self.patience.min(FIRST_PATIENCE))
    }

    fn patient(&self, url: &BucketUrl, patience: Duration) -> object_store::Result<AmazonS3> {
        let retry = RetryConfig {
            backoff: BackoffConfig {
                max_backoff: Duration::from_secs(10),
                ..BackoffConfig::default()
            },
            max_retries: REPETITIONS_MAX,
            retry_timeout: patience,
        };
        let builder = self.builder.clone().with_bucket_name(&url.bucket).with_retry(retry);
        builder.with_http_connector(Connector).build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Result<S3Settings, SettingsError> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        S3Settings::from_variables(variables.iter().map(owned))
    }

    fn value(settings: &S3Settings, name: &str) -> Option<String> {
        settings.builder.get_config_value(&name.parse().unwrap())
    }

    #[test]
    fn variables_win_over_a_file_and_both_may_say_where() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials");
        let file =
            "[default]\naws_access_key_id=one\naws_secret_access_key=two\nregion=sa-east-1\n";
        std::fs::write(&path, file).unwrap();
        let path = path.to_str().unwrap();
        let of_file = settings(&[("AWS_SHARED_CREDENTIALS_FILE", path)]).unwrap();
        assert_eq!(value(&of_file, "access_key_id").as_deref(), Some("one"));
        assert_eq!(value(&of_file, "region").as_deref(), Some("sa-east-1"));
        assert!(of_file.has_credentials);
        let both = [
            ("AWS_SHARED_CREDENTIALS_FILE", path),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", "https://a"),
            ("AWS_ENDPOINT_URL_S3", "https://b"),
        ];
        let both = settings(&both).unwrap();
        assert_eq!(value(&both, "region").as_deref(), Some("eu-west-1"));
        assert_eq!(both.endpoint.as_deref(), Some("https://b"));
        let key = [("AWS_SHARED_CREDENTIALS_FILE", "missing"), ("AWS_ACCESS_KEY_ID", "three")];
        assert_eq!(value(&settings(&key).unwrap(), "access_key_id").as_deref(), Some("three"));
        assert!(!settings(&[("AWS_REGION", "eu-west-1"), ("HOME", "/")]).unwrap().has_credentials);
    }

    #[test]
    fn a_way_without_tls_must_be_wanted() {
        let plain = ("AWS_ENDPOINT_URL", "http://10.0.0.1:9000");
        let told = settings(&[plain]).err().map(|error| error.to_string()).unwrap();
        assert!(told.contains("AWS_ALLOW_HTTP=true"), "{told}");
        settings(&[plain, ("AWS_ALLOW_HTTP", "true")]).unwrap();
        assert!(settings(&[plain, ("AWS_ALLOW_HTTP", "false")]).is_err());
    }
}
