//! What an object store refuses, in words for people.

use kit_http_client::innermost;
use object_store::Error;

use crate::settings::S3Settings;
use crate::url::BucketUrl;

/// What the answer of an object store has when there is no such bucket; a missing object has another.
const NO_BUCKET: &str = "NoSuchBucket";

/// Whether an error says that there is no such object, in a bucket that is there.
pub(crate) fn is_missing(error: &Error) -> bool {
    matches!(error, Error::NotFound { source, .. } if !source.to_string().contains(NO_BUCKET))
}

/// Why something failed, and what to do.
pub(crate) fn reason(error: &Error, url: &BucketUrl, settings: &S3Settings) -> String {
    let bucket = &url.bucket;
    let at =
        settings.endpoint.as_ref().map_or_else(String::new, |endpoint| format!(" at {endpoint}"));
    let told = error.to_string();
    match error {
        Error::NotFound { .. } => format!(
            "there is no bucket {bucket}{at}: make it, or check AWS_ENDPOINT_URL and AWS_REGION"
        ),
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => format!(
            "the object store{at} refuses the key ({}): check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the file in \
             AWS_SHARED_CREDENTIALS_FILE, and that it may list, read, write and delete in {bucket}",
            within(&told, "Code").unwrap_or("no reason given")
        ),
        _ if !settings.has_credentials => format!(
            "nothing says who asks: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE; this machine \
             has no role of its own ({})",
            innermost(error)
        ),
        _ => match (within(&told, "Code"), within(&told, "Message")) {
            (Some(code), message) => {
                format!("the object store{at} answers {code}: {}", message.unwrap_or_default())
            }
            _ => format!("the object store{at} does not answer: {}", innermost(error)),
        },
    }
}

/// What an answer has in an element.
fn within<'a>(answer: &'a str, element: &str) -> Option<&'a str> {
    let (_, rest) = answer.split_once(&format!("<{element}>"))?;
    rest.split_once(&format!("</{element}>")).map(|(text, _)| text)
}
