//! The arguments of `serve`, which are the keys of the configuration.

use std::net::SocketAddr;

use clap::builder::RangedU64ValueParser;
use http::HeaderValue;
use kit_executor::ExecutorConfig;

use super::addresses::{listen_address, origin};
use crate::compose::Settings;
use crate::compose::auth::AuthArgs;
use crate::compose::backup::BackupArgs;
use crate::compose::cache::CacheArgs;
use crate::compose::cdn::CdnArgs;
use crate::compose::channels::ChannelArgs;
use crate::compose::event_bus::BusArgs;
use crate::compose::event_store::DataArgs;
use crate::compose::flags::FlagArgs;
use crate::compose::gateway::GatewayArgs;
use crate::compose::hold_limits::HoldLimitArgs;
use crate::compose::limits::LimitArgs;
use crate::compose::tls::TlsArgs;
use crate::compose::traces::TraceArgs;
use crate::compose::webhooks::WebhookArgs;
use crate::roles::Role;

/// Seconds within which a gateway knows that a process is not ready: it looks every half second, and waits one for the answer.
const NOTICED_WITHIN: u64 = 2;

/// How to serve.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) data: DataArgs,

    #[command(flatten)]
    pub(super) backup: BackupArgs,

    #[command(flatten)]
    pub(super) bus: BusArgs,

    #[command(flatten)]
    pub(super) auth: AuthArgs,

    #[command(flatten)]
    pub(super) limits: LimitArgs,

    #[command(flatten)]
    holds: HoldLimitArgs,

    /// Address to listen on, or a port of loopback; another address than loopback needs `--api-keys`, `--oidc-issuer` or `--insecure-no-auth` [default: 127.0.0.1:8000; with one role alone port
    /// 8080 for inventory, 8081 for store, 8082 for notification]
    #[arg(long, env = "GONDOLA_LISTEN", value_name = "ADDRESS", value_parser = listen_address)]
    pub(super) listen: Option<SocketAddr>,

    #[command(flatten)]
    pub(super) tls: TlsArgs,

    /// Listen on a public address though nobody is asked who they are, as in a container behind a gateway that asks.
    #[arg(long, env = "GONDOLA_INSECURE_NO_AUTH")]
    pub(super) insecure_no_auth: bool,

    /// Address where Prometheus reads `/metrics`, apart from the API; nothing is counted without it. Nobody is asked who they
    /// are there; another than loopback needs what `--listen` needs for it.
    #[arg(long, env = "GONDOLA_METRICS_LISTEN", value_name = "ADDRESS", value_parser = listen_address)]
    pub(super) metrics_listen: Option<SocketAddr>,

    #[command(flatten)]
    pub(super) traces: TraceArgs,

    /// Web origin that may call the API from a browser; may be repeated. `*` allows all.
    #[arg(long, env = "GONDOLA_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',',
        value_parser = origin)]
    pub(super) cors_origin: Vec<HeaderValue>,

    /// Another name of this server, as a proxy before it may put it into `Host`; may be repeated. Requests to names other
    /// than these, localhost and loopback addresses are refused, so that no web page reaches the server under a name of its
    /// own. A server on a public address that is given no name here answers to all.
    #[arg(long, env = "GONDOLA_ALLOW_HOST", value_name = "NAME", value_delimiter = ',')]
    pub(super) allow_host: Vec<String>,

    /// Shards of the command executor; a store always maps to one [default: one for each core but one]
    #[arg(long, env = "GONDOLA_SHARDS", value_name = "1..256", value_parser = clap::value_parser!(u16).range(1..=256))]
    shards: Option<u16>,

    /// Stock levels kept alive in memory for decisions.
    #[arg(long, default_value_t = 400_000, env = "GONDOLA_LIVE_LEVELS", value_name = "1..100000000",
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=100_000_000))]
    live_levels: usize,

    /// Stock levels in the read cache.
    #[arg(long, default_value_t = 100_000, env = "GONDOLA_CACHE_LEVELS", value_name = "0..100000000",
        value_parser = clap::value_parser!(u64).range(0..=100_000_000))]
    cache_levels: u64,

    #[command(flatten)]
    pub(super) shared: CacheArgs,

    #[command(flatten)]
    pub(crate) flags: FlagArgs,

    #[command(flatten)]
    pub(super) cdn: CdnArgs,

    #[command(flatten)]
    pub(crate) webhooks: WebhookArgs,

    #[command(flatten)]
    pub(super) channels: ChannelArgs,

    /// Seconds between failing readiness and closing the door, for gateways and load balancers to notice [default: 2 where roles
    /// are named, else 0]
    #[arg(long, env = "GONDOLA_DRAIN_DELAY", value_name = "0..3600",
        value_parser = clap::value_parser!(u64).range(0..=3_600))]
    pub(super) drain_delay: Option<u64>,

    /// The critical task or thread that SIGUSR1 lets panic.
    #[cfg(debug_assertions)]
    #[arg(long, hide = true, env = "GONDOLA_PANIC_IN", value_name = "NAME")]
    pub(super) panic_in: Option<String>,
}

/// How to serve, and what.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(super) serve: Args,

    /// What this process serves; may be repeated [default: all]
    #[arg(long, value_enum, env = "GONDOLA_ROLE", value_delimiter = ',')]
    pub(super) role: Vec<Role>,

    #[command(flatten)]
    pub(super) gateway: GatewayArgs,
}

impl ServeArgs {
    /// What sets the feature flags.
    pub(crate) fn flags(&self) -> &FlagArgs {
        &self.serve.flags
    }

    /// A process with roles of its own is behind a gateway or is one: it goes on serving for a while when it is told to end.
    pub(super) fn drain_noticeably(&mut self) {
        if !self.role.is_empty() {
            self.serve.drain_delay.get_or_insert(NOTICED_WITHIN);
        }
    }
}

impl Args {
    pub(super) fn settings(&self) -> Settings {
        let usual = ExecutorConfig::default();
        Settings {
            data: self.data.clone(),
            event_bus: self.bus.event_bus.clone(),
            executor: ExecutorConfig {
                shards: self.shards.map_or(usual.shards, usize::from),
                live_max: self.live_levels,
                ..usual
            },
            hold_limits: self.holds.limits(),
            cache_entries_max: self.cache_levels,
            shared_cache: self.shared.cache.clone(),
            flags: self.flags.clone(),
            edge: self.cdn.edge(),
            webhooks: Some(self.webhooks.allowed()),
            // half a channel was refused with the plan
            channels: self.channels.channels().unwrap_or_default(),
        }
    }
}
