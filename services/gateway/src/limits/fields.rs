//! `RateLimit` and `RateLimit-Policy`, as draft-ietf-httpapi-ratelimit-headers-10 has them.

use http::{HeaderMap, HeaderName, HeaderValue};
use kit_rate_limit::{Quota, Standing};

/// How much a caller has left.
pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// How much it may have.
pub(crate) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The policy of a limit: units, and the seconds in which so many come back.
pub(super) fn policy(name: &str, quota: Quota) -> HeaderValue {
    let (units, seconds) = (quota.burst(), whole_seconds(quota.window()).max(1));
    field(&format!("\"{name}\";q={units};w={seconds}"))
}

/// Writes how a caller stands: units that remain, and the seconds until all of them are back.
pub(super) fn write(
    headers: &mut HeaderMap,
    (name, quota): (&str, Quota),
    policy: &HeaderValue,
    standing: &Standing,
) {
    let (units, seconds) = (standing.remaining, whole_seconds(standing.whole_after(quota)));
    headers.insert(RATE_LIMIT_POLICY, policy.clone());
    headers.insert(RATE_LIMIT, field(&format!("\"{name}\";r={units};t={seconds}")));
}

fn field(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("a name of ours and numbers are visible ASCII")
}

fn whole_seconds(time: std::time::Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
