//! Which bucket, and what the names of its objects begin with.

use std::fmt;
use std::str::FromStr;

use object_store::path::Path;

/// Bytes that the name of a bucket may have, as S3 has it.
const NAME_BYTES: std::ops::RangeInclusive<usize> = 3..=63;

/// A place in an object store, as in `s3://BUCKET/PREFIX`; without a prefix it is the whole bucket. Nothing secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketUrl {
    pub(crate) bucket: String,
    prefix: Path,
}

/// Why a text is no such place.
#[derive(Debug, thiserror::Error)]
pub enum InvalidBucketUrl {
    /// Something else than a place in a bucket.
    #[error("{0:?} is no place in an object store: write s3://BUCKET/PREFIX")]
    Other(String),
    /// Keys are where everybody on the machine can read them. They are not repeated here.
    #[error(
        "an address with a key in it would be read by everybody who sees the processes of this machine: write s3://BUCKET/PREFIX, \
         and the key into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or into a file that AWS_SHARED_CREDENTIALS_FILE names"
    )]
    HasKey,
    /// The bucket cannot be called so.
    #[error("{0:?} is no name of a bucket: 3 to 63 lower-case letters, digits, hyphens and dots")]
    Bucket(String),
    /// No object can be called so.
    #[error("{0:?} cannot be what names of objects begin with: {1}")]
    Prefix(String, object_store::path::Error),
}

impl FromStr for BucketUrl {
    type Err = InvalidBucketUrl;

    fn from_str(text: &str) -> Result<Self, InvalidBucketUrl> {
        if text.contains('@') {
            return Err(InvalidBucketUrl::HasKey);
        }
        let other = || InvalidBucketUrl::Other(text.to_owned());
        let place = text.strip_prefix("s3://").filter(|place| !place.contains(['?', '#']));
        let (bucket, prefix) =
            place.map(|it| it.split_once('/').unwrap_or((it, ""))).ok_or_else(other)?;
        let fits =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
        if !NAME_BYTES.contains(&bucket.len()) || !bucket.bytes().all(fits) {
            return Err(InvalidBucketUrl::Bucket(bucket.to_owned()));
        }
        let invalid = |error| InvalidBucketUrl::Prefix(prefix.to_owned(), error);
        Ok(Self { bucket: bucket.to_owned(), prefix: Path::parse(prefix).map_err(invalid)? })
    }
}

impl fmt::Display for BucketUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bucket, prefix } = self;
        if prefix.is_root() {
            write!(f, "s3://{bucket}")
        } else {
            write!(f, "s3://{bucket}/{prefix}")
        }
    }
}

impl BucketUrl {
    /// What names of its objects begin with; `None` where that is nothing.
    pub(crate) fn prefix(&self) -> Option<&Path> {
        Some(&self.prefix).filter(|prefix| !prefix.is_root())
    }

    /// The object of a file.
    pub(crate) fn object(&self, name: &str) -> Result<Path, object_store::path::Error> {
        match self.prefix() {
            Some(prefix) => Path::parse(format!("{prefix}/{name}")),
            None => Path::parse(name),
        }
    }

    /// The file of an object.
    pub(crate) fn name<'a>(&self, object: &'a Path) -> Option<&'a str> {
        match self.prefix() {
            Some(prefix) => object.as_ref().strip_prefix(prefix.as_ref())?.strip_prefix('/'),
            None => Some(object.as_ref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_bucket_and_a_prefix() {
        for (text, object) in [
            ("s3://backups", "manifest.json"),
            ("s3://backups/", "manifest.json"),
            ("s3://backups/shop", "shop/manifest.json"),
            ("s3://back.ups-2/shop/north/", "shop/north/manifest.json"),
        ] {
            let url: BucketUrl = text.parse().unwrap();
            let found = url.object("manifest.json").unwrap();
            assert_eq!(found.as_ref(), object, "{text}");
            assert_eq!(url.name(&found), Some("manifest.json"), "{text}");
            assert_eq!(url.to_string(), text.trim_end_matches('/'), "{text}");
        }
        let shop: BucketUrl = "s3://backups/shop".parse().unwrap();
        assert_eq!(shop.name(&Path::from("shopping/manifest.json")), None, "of another place");
    }

    #[test]
    fn what_is_no_place_is_told_without_what_may_be_a_secret() {
        let told = |text: &str| text.parse::<BucketUrl>().unwrap_err().to_string();
        assert!(told("https://backups").contains("write s3://BUCKET/PREFIX"));
        assert!(told("s3://backups?region=x").contains("write s3://BUCKET/PREFIX"));
        assert!(told("s3://Backups/x").contains("\"Backups\" is no name of a bucket"));
        assert!(told("s3://").contains("is no name of a bucket"));
        assert!(told("s3://backups/a//b").contains("cannot be what names"));
        let told = told("s3://AKIA:hidden@backups/shop");
        assert!(told.contains("AWS_SHARED_CREDENTIALS_FILE") && !told.contains("hidden"), "{told}");
    }
}
