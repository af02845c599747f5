//! `gondola serve`: the whole product in one process, or some roles of it, until it is stopped by a signal.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use http::HeaderValue;
use kit_executor::ExecutorConfig;
use kit_http::{AllowedHosts, HttpConfig, Readiness, ServerConfig, serve, standard_layers};
use kit_process::critical_task;
use kit_service::Module;
use tokio::net::TcpListener;

use crate::compose::cache::CacheUrl;
use crate::compose::event_store::{DataArgs, EventStoreUrl};
use crate::compose::{self, Gondola, Serving, Settings};
use crate::roles::{Role, Roles};
use crate::signals::Signals;
use crate::{console, descriptors};

/// How to serve.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) data: DataArgs,

    /// Address to listen on. Only loopback: there is no authentication yet.
    #[arg(long, default_value = "127.0.0.1:8000", env = "GONDOLA_LISTEN", value_name = "ADDRESS")]
    listen: SocketAddr,

    /// Web origin that may call the API from a browser; may be repeated. `*` allows all.
    #[arg(long, env = "GONDOLA_CORS_ORIGIN", value_name = "ORIGIN")]
    cors_origin: Vec<HeaderValue>,

    /// Another name of this server, as a proxy before it may put it into `Host`; may be repeated. Requests to names other
    /// than these, localhost and loopback addresses are refused, so that no web page reaches the server under a name of its
    /// own.
    #[arg(long, env = "GONDOLA_ALLOW_HOST", value_name = "NAME", value_delimiter = ',')]
    allow_host: Vec<String>,

    /// Shards of the command executor; a store always maps to one [default: one for each core but one]
    #[arg(long, env = "GONDOLA_SHARDS", value_parser = clap::value_parser!(u16).range(1..=256))]
    shards: Option<u16>,

    /// Stock levels kept alive in memory for decisions.
    #[arg(long, default_value_t = 400_000, env = "GONDOLA_LIVE_LEVELS")]
    live_levels: usize,

    /// Stock levels in the read cache.
    #[arg(long, default_value_t = 100_000, env = "GONDOLA_CACHE_LEVELS")]
    cache_levels: u64,

    /// A cache that processes with one event store share: `none:`, `redis://:PASSWORD@HOST:PORT` or
    /// `redis-cluster://:PASSWORD@HOST:PORT?node=HOST:PORT`. Nothing depends on it but how long reads take.
    #[arg(long, default_value = "none:", env = "GONDOLA_CACHE", value_name = "URL")]
    cache: CacheUrl,

    /// Seconds between failing readiness and closing the door, for load balancers to notice.
    #[arg(long, default_value_t = 0, env = "GONDOLA_DRAIN_DELAY", value_name = "SECONDS")]
    drain_delay: u64,

    /// The critical task or thread that SIGUSR1 lets panic.
    #[cfg(debug_assertions)]
    #[arg(long, hide = true, env = "GONDOLA_PANIC_IN", value_name = "NAME")]
    panic_in: Option<String>,
}

/// How to serve, and what.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    serve: Args,

    /// What this process serves; may be repeated [default: all]
    #[arg(long, value_enum, env = "GONDOLA_ROLE", value_delimiter = ',')]
    role: Vec<Role>,
}

impl Args {
    pub(crate) fn settings(&self) -> Settings {
        let usual = ExecutorConfig::default();
        Settings {
            data: self.data.clone(),
            executor: ExecutorConfig {
                shards: self.shards.map_or(usual.shards, usize::from),
                live_max: self.live_levels,
                ..usual
            },
            cache_entries_max: self.cache_levels,
            shared_cache: self.cache.clone(),
        }
    }
}

/// Serves until SIGTERM or SIGINT.
pub(crate) async fn run(args: ServeArgs) -> anyhow::Result<ExitCode> {
    let ServeArgs { serve, role } = args;
    let roles = Roles::new(&role)?;
    check(&serve)?;
    let serving = compose::start_roles(&serve.settings(), roles).await?;
    serve_until_told(serve, serving).await
}

/// Starts all contexts, after checking that they may be reached.
pub(crate) async fn start(args: &Args) -> anyhow::Result<Gondola> {
    check(args)?;
    compose::start(&args.settings()).await
}

fn check(args: &Args) -> anyhow::Result<()> {
    if !args.listen.ip().is_loopback() {
        bail!(
            "{} is not a loopback address, and without authentication nobody else may be served; use 127.0.0.1",
            args.listen
        );
    }
    if args.data.event_store == EventStoreUrl::Memory {
        tracing::warn!("nothing_is_kept_with_event_store_memory");
    }
    Ok(())
}

/// Serves running contexts until SIGTERM or SIGINT, then drains.
pub(crate) async fn serve_until_told(args: Args, mut serving: Serving) -> anyhow::Result<ExitCode> {
    let modules = std::mem::take(&mut serving.modules);
    let feed = modules.iter().any(|module| module.name == "inventory");
    let (routes, checks) = Module::merge(modules);
    let readiness = Readiness::new(checks);
    let info = gondola_gateway::GatewayInfo {
        event_store: args.data.event_store.name().to_owned(),
        started_at: compose::now(),
    };
    let (routes, document) = routes.split_for_parts();
    let routes = routes
        .merge(readiness.routes())
        .merge(gondola_gateway::routes(&gondola_gateway::document([document]), &info));
    let hosts = Some(AllowedHosts::loopback_and(args.allow_host));
    let config = HttpConfig { cors_origins: args.cors_origin, hosts, ..HttpConfig::default() };
    let app = standard_layers(routes, config);

    let listener = TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    let address = listener.local_addr()?;
    // a supervisor that reads the address may send a signal at once
    let signals = Signals::catch().context("cannot wait for signals")?;
    #[cfg(debug_assertions)]
    if let Some(name) = args.panic_in {
        crate::signals::panic_on_signal(name).context("cannot wait for signals")?;
    }
    announce(address, feed);
    let door = serving.drain();
    let delay = Duration::from_secs(args.drain_delay);
    tokio::spawn(critical_task("signals", signals.drain(readiness, delay, door.clone())));
    let connections_max = descriptors::connections_max();
    serve(listener, app, ServerConfig { connections_max, ..ServerConfig::default() }, door).await?;
    serving.stop().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

fn announce(address: SocketAddr, feed: bool) {
    console::line(format_args!(
        "Gondola listens on http://{address} (loopback only: no authentication is configured)"
    ));
    let pages = [
        ("/", "start page"),
        ("/swagger", "Swagger UI"),
        ("/redoc", "ReDoc"),
        ("/openapi.json", "OpenAPI document"),
        ("/health", "health"),
    ];
    let feed = feed.then_some(("/api/v1/inventory/events", "event feed"));
    for (path, what) in pages.into_iter().chain(feed) {
        console::line(format_args!("  {what:<17} http://{address}{path}"));
    }
}
