//! What is written of requests that were refused for who sent them or for coming too often, and that a flood of them writes little.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

use http::request::Parts;
use kit_http::RequestContext;
use kit_rate_limit::{Key, LocalLimit, Quota};
use metrics::{counter, describe_counter};

use crate::clients::TrustedProxies;
use crate::limits::peer;

const REFUSED: &str = "http_refused_callers_total";

/// Lines about one caller, or one address, for one reason.
const LINES_OF_ONE: Quota = Quota::new(1, 10).expect("within bounds");

/// Lines in all.
const LINES: Quota = Quota::new(20, 200).expect("within bounds");

/// Counts refused requests and writes a line of each, as long as there are few.
pub struct Audit {
    proxies: TrustedProxies,
    of_one: LocalLimit,
    all: LocalLimit,
    /// Lines that were not written since the last one that was.
    left_out: AtomicU64,
}

/// Who a caller is, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Caller<'a> {
    /// Who it has proven to be.
    pub(crate) subject: Option<&'a str>,
    /// The id of the API key that it has shown.
    pub(crate) key: Option<&'a str>,
}

impl Audit {
    /// Tells where requests come from as far as proxies are trusted to say it.
    #[must_use]
    pub fn new(proxies: TrustedProxies) -> Self {
        describe_counter!(
            REFUSED,
            "Requests that were refused for who sent them or for coming too often, by reason"
        );
        let (of_one, all) = (LocalLimit::new(LINES_OF_ONE), LocalLimit::new(LINES));
        Self { proxies, of_one, all, left_out: AtomicU64::new(0) }
    }

    /// Counts a refused request, and writes who sent it for those who look into it later.
    pub(crate) fn refused(
        &self,
        reason: &'static str,
        route: &str,
        request: &Parts,
        caller: Caller<'_>,
    ) {
        counter!(REFUSED, "reason" => reason).increment(1);
        let Caller { subject, key } = caller;
        let client = self.proxies.client(request);
        let who =
            subject.map(str::to_owned).or_else(|| client.map(|it| peer(it).as_str().to_owned()));
        if !self.may_write(&format!("{reason} {}", who.unwrap_or_default())) {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let left_out = Some(self.left_out.swap(0, Ordering::Relaxed)).filter(|lines| *lines > 0);
        let context = request.extensions.get::<RequestContext>();
        let request_id = context.map(|context| context.request_id.as_str());
        let (method, peer) = (request.method.as_str(), client.map(|client| client.to_string()));
        tracing::warn!(
            reason,
            method,
            route,
            subject,
            key,
            peer,
            request_id,
            left_out,
            "caller_refused"
        );
    }

    /// Each by itself first: who floods the log uses up nobody else's lines.
    fn may_write(&self, about: &str) -> bool {
        let takes =
            |limit: &LocalLimit, key: &str| limit.take(&Key::new(key), NonZeroU32::MIN).is_allowed;
        takes(&self.of_one, about) && takes(&self.all, "")
    }
}
