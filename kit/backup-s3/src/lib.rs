//! Backups in object stores that speak S3.
//!
//! An object is there whole or not at all, so an upload that was cut off leaves nothing. There is no rename and no lock: which
//! objects belong to a backup is told by its manifest, which is the last to be written, and is replaced only as it was read.
//! Two backups to one place at a time therefore come to one; the other is told so.

mod bucket;
mod connections;
mod credentials;
mod failure;
mod settings;
mod url;

pub use bucket::Bucket;
pub use credentials::CredentialsError;
pub use settings::{S3Settings, SettingsError};
pub use url::{BucketUrl, InvalidBucketUrl};
