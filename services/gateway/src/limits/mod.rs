//! Rate limits: how much a caller may ask in a time, by class of route, and how often it may be wrong about who it is.

mod class;
mod fields;
mod layer;
mod paced;
mod who;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use kit_core::Actor;
use kit_http::Problem;
use kit_rate_limit::{Key, Limiter, LocalLimit, Quota, Sharing, Standing};
use metrics::{counter, describe_counter};

use crate::clients::TrustedProxies;

pub use class::RateClass;
pub use layer::rate_limited;
pub(crate) use who::peer;

const LIMITED: &str = "http_rate_limited_requests_total";

/// The name of the limit of refusals, beside those of the classes.
const REFUSALS: &str = "refusals";

/// How much is allowed; what has no quota is not limited.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quotas {
    /// Of [`RateClass::Reads`], for each caller.
    pub reads: Option<Quota>,
    /// Of [`RateClass::Commands`].
    pub commands: Option<Quota>,
    /// Of [`RateClass::Bulk`].
    pub bulk: Option<Quota>,
    /// Of [`RateClass::Streams`].
    pub streams: Option<Quota>,
    /// Requests that are refused for who sent them: of an address without a credential that holds, of a caller without the role.
    pub refusals: Option<Quota>,
}

/// The rate limits of a process.
pub struct RateLimits {
    classes: [Option<ClassLimit>; RateClass::ALL.len()],
    /// Of this process alone: it is asked before anything is verified.
    refusals: Option<LocalLimit>,
    proxies: TrustedProxies,
}

/// The limit of a class.
struct ClassLimit {
    limiter: Arc<Limiter>,
    policy: HeaderValue,
}

impl RateLimits {
    /// Limits of which nothing is used; shared with other processes where that is given.
    #[must_use]
    pub fn new(quotas: Quotas, sharing: Option<&Arc<Sharing>>, proxies: TrustedProxies) -> Self {
        describe_counter!(LIMITED, "Requests that were refused for coming too often, by limit");
        let Quotas { reads, commands, bulk, streams, refusals } = quotas;
        let classes = RateClass::ALL.map(|class| {
            let quota = match class {
                RateClass::Reads => reads,
                RateClass::Commands => commands,
                RateClass::Bulk => bulk,
                RateClass::Streams => streams,
            };
            quota.map(|quota| ClassLimit::new(class, quota, sharing.cloned()))
        });
        Self { classes, refusals: refusals.map(LocalLimit::new), proxies }
    }

    /// Takes one of the quota of the caller that sends a request to a class; `None` where it has no quota.
    ///
    /// It is the caller's who has proven who it is, else that of its address; this machine itself is not limited.
    async fn take(
        &self,
        class: RateClass,
        caller: Option<&Actor>,
        request: &Parts,
    ) -> Option<Taken<'_>> {
        let limit = self.classes[class as usize].as_ref()?;
        let key = caller.map(who::caller).or_else(|| self.peer(request))?;
        let standing = limit.limiter.take(&key, NonZeroU32::MIN).await;
        Some(Taken { limit, key, standing })
    }

    /// Refuses a request whose sender was refused too often for who it is; nothing is verified for it.
    pub(crate) fn check_refusals(
        &self,
        caller: Option<&Actor>,
        request: &Parts,
    ) -> Result<(), Problem> {
        let Some((refusals, key)) = self.refusals_of(caller, request) else { return Ok(()) };
        let Some(wait) = refusals.blocked_for(&key) else { return Ok(()) };
        let detail = format!(
            "too many requests were refused for who sent them: try again after {} with a credential that holds, for what it may do",
            seconds(wait)
        );
        Err(too_many(REFUSALS, refusals.quota(), wait).detail(detail))
    }

    /// Notes that a request was refused for who sent it.
    pub(crate) fn note_refusal(&self, caller: Option<&Actor>, request: &Parts) {
        if let Some((refusals, key)) = self.refusals_of(caller, request) {
            refusals.take(&key, NonZeroU32::MIN);
        }
    }

    fn refusals_of(&self, caller: Option<&Actor>, request: &Parts) -> Option<(&LocalLimit, Key)> {
        let refusals = self.refusals.as_ref()?;
        Some((refusals, caller.map(who::caller).or_else(|| self.peer(request))?))
    }

    fn peer(&self, request: &Parts) -> Option<Key> {
        let address = self.proxies.client(request)?;
        (!address.is_loopback()).then(|| who::peer(address))
    }
}

impl ClassLimit {
    fn new(class: RateClass, quota: Quota, sharing: Option<Arc<Sharing>>) -> Self {
        let limiter = Arc::new(Limiter::new(class.as_str(), quota, sharing));
        Self { limiter, policy: fields::policy(class.as_str(), quota) }
    }
}

/// What was taken of a quota, or was not to be had.
struct Taken<'l> {
    limit: &'l ClassLimit,
    key: Key,
    standing: Standing,
}

impl Taken<'_> {
    fn check(&self) -> Result<(), Problem> {
        let (name, quota) = (self.limit.limiter.name(), self.limit.limiter.quota());
        if self.standing.is_allowed {
            return Ok(());
        }
        let wait = self.standing.retry_after;
        let detail = format!(
            "{name} are limited to {} a second and {} at once for each caller: try again after {}",
            quota.per_second(),
            quota.burst(),
            seconds(wait)
        );
        Err(too_many(name, quota, wait).detail(detail))
    }

    /// The body, read as fast as the quota of its lines allows where lines are what is limited.
    fn body(&self, body: Body) -> Body {
        paced::paced(body, Arc::clone(&self.limit.limiter), self.key.clone())
    }

    fn write(&self, headers: &mut HeaderMap) {
        let (name, quota) = (self.limit.limiter.name(), self.limit.limiter.quota());
        fields::write(headers, (name, quota), &self.limit.policy, &self.standing);
    }
}

fn too_many(limit: &'static str, quota: Quota, wait: Duration) -> Problem {
    counter!(LIMITED, "limit" => limit).increment(1);
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate-limited", "Too many requests")
        .with("limit", limit)
        .with("perSecond", quota.per_second())
        .with("burst", quota.burst())
        .retry_after(wait)
}

/// A wait as `Retry-After` tells it.
fn seconds(wait: Duration) -> String {
    format!("{} s", (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1))
}
