//! `gondola serve`: the whole product in one process, or some roles of it, until it is stopped by a signal.

mod addresses;
mod args;
mod plan;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use gondola_gateway::{Audit, rate_limited};
use kit_core::Position;
use kit_http::{
    AllowedHosts, HttpConfig, Readiness, ServerConfig, guarded, serve_over, standard_layers,
};
use kit_process::critical_task;
use kit_service::Module;

use crate::compose::confirmations::Confirmations;
use crate::compose::event_store::DataArgs;
use crate::compose::names::Names;
use crate::compose::{self, Asked, Gondola, Serving};
use crate::roles::Roles;
use crate::signals::Signals;
use crate::{console, descriptors};

pub(crate) use addresses::Reserved;
pub(crate) use args::{Args, ServeArgs};
pub(crate) use plan::Plan;

/// Where everything that happens can be followed.
const FEED: &str = "/api/v1/inventory/events";

/// Serves until SIGTERM or SIGINT.
pub(crate) async fn run(mut args: ServeArgs) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    let Plan { roles, listen, services } = args.plan()?;
    args.drain_noticeably();
    let door = args.serve.reserve(listen).await?;
    let credential = || args.serve.auth.credential();
    let asked = Asked {
        names: Names::of(roles, &args.gateway.store_url, credential()),
        confirmations: Confirmations::of(roles, &args.gateway.notification_url, credential()),
    };
    let serving = compose::start_roles(&args.serve.settings(), roles, services, asked).await?;
    serve_until_told(args.serve, roles, (door, began), serving).await
}

impl Args {
    /// What may fail before data is opened: the files that say who may call, and the addresses.
    async fn reserve(&self, listen: SocketAddr) -> anyhow::Result<Door> {
        self.auth.try_files()?;
        self.tls.try_files()?;
        let reserved = Reserved::take(listen)?;
        self.count().await?;
        Ok((listen, reserved))
    }

    /// Begins to count where that is asked for; before anything else starts.
    async fn count(&self) -> anyhow::Result<()> {
        if let Some(listen) = self.metrics_listen {
            let address = compose::metrics::start(listen).await?;
            tracing::info!(%address, "metrics_are_shown");
        }
        Ok(())
    }
}

/// The address that was asked for, and the hold on it.
pub(crate) type Door = (SocketAddr, Reserved);

/// All contexts, started after checking that they may be reached, and where.
pub(crate) async fn start(args: &Args) -> anyhow::Result<(Gondola, Door)> {
    let Plan { listen, .. } = args.plan(Roles::ALL)?;
    let door = args.reserve(listen).await?;
    Ok((compose::start(&args.settings()).await?, door))
}

/// Serves running contexts until SIGTERM or SIGINT, then drains.
pub(crate) async fn serve_until_told(
    args: Args,
    roles: Roles,
    ((listen, reserved), began): (Door, Instant),
    mut serving: Serving,
) -> anyhow::Result<ExitCode> {
    let traces = args.traces.start(&serving.roles())?;
    let modules = std::mem::take(&mut serving.modules);
    let event_store =
        if modules.is_empty() { "in other processes" } else { args.data.event_store.name() };
    let has_data = !modules.is_empty();
    let (routes, mut checks) = Module::merge(modules);
    if has_data {
        checks.extend(compose::disk::checks(&args.data));
    }
    let (mut routes, document) = routes.split_for_parts();
    let mut documents = vec![document];
    for (document, proxied) in std::mem::take(&mut serving.proxied) {
        documents.push(document);
        routes = routes.merge(proxied.routes);
        checks.extend(proxied.checks);
    }
    let readiness = Readiness::new(checks);
    let started_at = compose::now();
    let info = gondola_gateway::GatewayInfo { event_store: event_store.to_owned(), started_at };
    let document = gondola_gateway::document(documents);
    let feed = document.has_path(FEED);
    let routes = routes.merge(readiness.routes()).merge(gondola_gateway::routes(&document, &info));
    let audit = Arc::new(Audit::new(args.limits.proxies()));
    let limits = args.limits.open(roles, listen, args.auth.is_configured())?;
    let guard = args.auth.guard(&serving, Arc::clone(&audit), limits.clone())?;
    let is_guarded = guard.is_some();
    let routes = match limits {
        Some(limits) => rate_limited(routes, limits, audit),
        None => routes,
    };
    let routes = match guard {
        Some(guard) => guarded(routes, guard),
        None => routes,
    };
    let hosts = allowed_hosts(listen, args.allow_host);
    let tls = args.tls.open(&serving)?;
    let (cors_origins, https) = (args.cors_origin, tls.is_some());
    let config = HttpConfig {
        cors_origins,
        hosts,
        https,
        contract: Some(Arc::new(document.contract())),
        problem_page: Some(gondola_gateway::problem_page),
        ..HttpConfig::default()
    };
    let app = standard_layers(routes, config);

    let listener = reserved.listen()?;
    let address = listener.local_addr()?;
    // a supervisor that reads the address may send a signal at once
    let signals = Signals::catch().context("cannot wait for signals")?;
    #[cfg(debug_assertions)]
    if let Some(name) = args.panic_in {
        crate::signals::panic_on_signal(name).context("cannot wait for signals")?;
    }
    serving.back_up(&args.backup, &args.data)?;
    announce(address, https, feed, is_guarded);
    tell_start(has_data.then_some(&args.data), serving.logs(), began);
    let door = serving.drain();
    let delay = Duration::from_secs(args.drain_delay.unwrap_or(0));
    tokio::spawn(critical_task("signals", signals.drain(readiness, delay, door.clone())));
    let connections_max = descriptors::connections_max();
    let config = ServerConfig { connections_max, ..ServerConfig::default() };
    serve_over(tls.as_ref(), listener, app, config, door).await?;
    serving.stop().await;
    traces.flush().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Any name where callers come from elsewhere and none is told.
fn allowed_hosts(listen: SocketAddr, names: Vec<String>) -> Option<AllowedHosts> {
    let is_checked = listen.ip().is_loopback() || !names.is_empty();
    is_checked.then(|| AllowedHosts::loopback_and(names))
}

/// Says which program serves which data, where its logs ended, and how long the start took.
fn tell_start(data: Option<&DataArgs>, logs: &[(&'static str, Position)], began: Instant) {
    let (version, took) = (env!("CARGO_PKG_VERSION"), began.elapsed());
    let folder = data.map(|data| data.data_dir.display().to_string());
    let event_store = data.map(|data| data.event_store.name());
    let mut text = format!("version {version}");
    if let (Some(folder), Some(event_store)) = (&folder, event_store) {
        text = format!("{text}, {event_store}, data in {folder}");
    }
    for (log, end) in logs {
        text = format!("{text}, {log} up to position {end}");
    }
    console::line(format_args!("  {text}; started in {:.1} s", took.as_secs_f64()));
    let of = |wanted: &str| logs.iter().find(|(log, _)| *log == wanted).map(|(_, end)| end.get());
    tracing::info!(
        version,
        event_store,
        folder,
        inventory_position = of("inventory"),
        store_position = of("store"),
        took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "started"
    );
}

fn announce(address: SocketAddr, https: bool, feed: bool, is_guarded: bool) {
    let who = if is_guarded {
        "callers must say who they are"
    } else if address.ip().is_loopback() {
        "loopback only: no authentication is configured"
    } else {
        "anybody who reaches it may change stock: no authentication is configured"
    };
    let scheme = if https { "https" } else { "http" };
    console::line(format_args!("Gondola listens on {scheme}://{address} ({who})"));
    let pages = [
        ("/", "start page"),
        ("/swagger", "Swagger UI"),
        ("/redoc", "ReDoc"),
        ("/openapi.json", "OpenAPI document"),
        ("/health", "health"),
    ];
    let feed = feed.then_some((FEED, "event feed"));
    for (path, what) in pages.into_iter().chain(feed) {
        console::line(format_args!("  {what:<17} {scheme}://{address}{path}"));
    }
}
