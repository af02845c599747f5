//! How much callers may ask in a time, and which proxies in front are believed.

use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::ValueEnum;
use gondola_gateway::{Quotas, RateLimits, TrustedProxies, TrustedProxy};
use kit_rate_limit::{Quota, Sharing};

use super::cache::CacheUrl;
use crate::roles::Roles;

/// A limit, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit(Option<Quota>);

impl FromStr for Limit {
    type Err = kit_rate_limit::InvalidQuota;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" { Ok(Self(None)) } else { text.parse().map(Some).map(Self) }
    }
}

/// Whether there are limits at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// There are.
    On,
    /// There are none.
    Off,
}

/// Arguments of the commands that serve.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct LimitArgs {
    /// Whether callers are limited in how much they ask. Each has a quota for each class of routes, which the 429 of each
    /// operation in the OpenAPI document names: by the credential that it shows, else by its address (in IPv6 by its network of
    /// 64 bits). Who asks from this machine without a credential is not limited. [default: on; off in a process with role
    /// inventory or store alone, which is behind a gateway that limits]
    #[arg(long, value_enum, env = "GONDOLA_RATE_LIMITS")]
    rate_limits: Option<Switch>,

    /// Reads: how many in a second, and at once after a rest; `off` for no limit.
    #[arg(
        long,
        default_value = "2000:20000",
        env = "GONDOLA_RATE_LIMIT_READS",
        value_name = "RATE:BURST"
    )]
    rate_limit_reads: Limit,

    /// Changes, one a request.
    #[arg(
        long,
        default_value = "1000:10000",
        env = "GONDOLA_RATE_LIMIT_COMMANDS",
        value_name = "RATE:BURST"
    )]
    rate_limit_commands: Limit,

    /// Lines of bulk writes. A body that has begun is never refused: beyond the limit it is read more slowly.
    #[arg(
        long,
        default_value = "50000:500000",
        env = "GONDOLA_RATE_LIMIT_BULK",
        value_name = "RATE:BURST"
    )]
    rate_limit_bulk: Limit,

    /// Requests for the event feed: pages, long polls and streams.
    #[arg(
        long,
        default_value = "50:500",
        env = "GONDOLA_RATE_LIMIT_STREAMS",
        value_name = "RATE:BURST"
    )]
    rate_limit_streams: Limit,

    /// Requests that are refused for who sent them: those of one address without a credential that holds, and those of one
    /// caller without the role. Beyond, nothing more is verified for the address until some are back.
    #[arg(
        long,
        default_value = "10:200",
        env = "GONDOLA_RATE_LIMIT_REFUSALS",
        value_name = "RATE:BURST"
    )]
    rate_limit_refusals: Limit,

    /// Where processes share quotas: `none:`, `redis://:PASSWORD@HOST:PORT` or
    /// `redis-cluster://:PASSWORD@HOST:PORT?node=HOST:PORT`. While that is away each process goes by its own.
    #[arg(
        long,
        default_value = "none:",
        env = "GONDOLA_RATE_LIMIT_SHARED",
        hide_env_values = true,
        value_name = "URL"
    )]
    rate_limit_shared: CacheUrl,

    /// A proxy in front that is believed when it says in `X-Forwarded-For` who asks: an address, or a block as in `10.0.0.0/8`;
    /// may be repeated.
    #[arg(long, env = "GONDOLA_TRUSTED_PROXY", value_name = "ADDRESS", value_delimiter = ',')]
    trusted_proxy: Vec<TrustedProxy>,
}

impl LimitArgs {
    /// The proxies in front.
    pub(crate) fn proxies(&self) -> TrustedProxies {
        self.trusted_proxy.iter().copied().collect()
    }

    /// The limits of a process; none where nobody would be limited.
    pub(crate) fn open(
        &self,
        roles: Roles,
        listen: SocketAddr,
        is_guarded: bool,
    ) -> Result<Option<Arc<RateLimits>>> {
        if !self.are_on(roles) {
            return Ok(None);
        }
        // from this machine only, and nobody says who asks
        if listen.ip().is_loopback() && !is_guarded && self.trusted_proxy.is_empty() {
            return Ok(None);
        }
        let shared = self.rate_limit_shared.limits().context("cannot share rate limits")?;
        let sharing = shared.map(|shared| Arc::new(Sharing::new(shared)));
        Ok(Some(Arc::new(RateLimits::new(self.quotas(), sharing.as_ref(), self.proxies()))))
    }

    fn are_on(&self, roles: Roles) -> bool {
        self.rate_limits.map_or_else(|| roles.meet_callers(), |switch| switch == Switch::On)
    }

    fn quotas(&self) -> Quotas {
        Quotas {
            reads: self.rate_limit_reads.0,
            commands: self.rate_limit_commands.0,
            bulk: self.rate_limit_bulk.0,
            streams: self.rate_limit_streams.0,
            refusals: self.rate_limit_refusals.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::roles::Role;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        limits: LimitArgs,
    }

    fn limits(words: &[&str]) -> LimitArgs {
        Line::parse_from([&["gondola"], words].concat()).limits
    }

    fn is_limited(words: &[&str], roles: &[Role], listen: &str, is_guarded: bool) -> bool {
        let opened = limits(words).open(Roles::named(roles), listen.parse().unwrap(), is_guarded);
        opened.unwrap().is_some()
    }

    #[test]
    fn who_meets_callers_from_elsewhere_limits_them_unless_told() {
        let (here, elsewhere) = ("127.0.0.1:0", "0.0.0.0:0");
        assert!(is_limited(&[], &[], elsewhere, false));
        assert!(is_limited(&[], &[Role::Gateway], elsewhere, true));
        assert!(is_limited(&[], &[], here, true), "callers have credentials");
        assert!(is_limited(&["--trusted-proxy", "127.0.0.1"], &[], here, false));
        assert!(!is_limited(&[], &[], here, false), "nobody but this machine asks");
        assert!(
            !is_limited(&[], &[Role::Inventory], elsewhere, true),
            "a gateway has limited them"
        );
        assert!(is_limited(&["--rate-limits", "on"], &[Role::Inventory], elsewhere, true));
        assert!(!is_limited(&["--rate-limits", "off"], &[], elsewhere, true));
    }

    #[test]
    fn each_class_has_a_limit_of_its_own_or_none() {
        let quotas =
            limits(&["--rate-limit-reads", "off", "--rate-limit-commands", "7:70"]).quotas();
        assert!(quotas.reads.is_none());
        assert_eq!(quotas.commands.unwrap().to_string(), "7:70");
        assert!(quotas.refusals.is_some());
    }
}
