//! The internal listener where Prometheus reads what the process counts.

use std::net::SocketAddr;

use anyhow::Context;
use kit_http::{AllowedHosts, HttpConfig, ServerConfig, metrics_routes, serve, standard_layers};
use kit_process::critical_task;
use kit_telemetry::{Metrics, UPKEEP_EVERY};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Begins to count and to show it, until the process ends. To be called before anything that counts.
pub(crate) async fn start(listen: SocketAddr) -> anyhow::Result<SocketAddr> {
    let metrics = Metrics::start()?;
    let listener = TcpListener::bind(listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {listen} for metrics"))?;
    let address = listener.local_addr()?;
    let shown = metrics.clone();
    let routes = metrics_routes(move || shown.text());
    let hosts = listen.ip().is_loopback().then(|| AllowedHosts::loopback_and([]));
    let app = standard_layers(routes, HttpConfig { hosts, ..HttpConfig::default() });
    let never = CancellationToken::new();
    tokio::spawn(critical_task("metrics", serve(listener, app, ServerConfig::default(), never)));
    tokio::spawn(critical_task("metrics-upkeep", keep_up(metrics)));
    Ok(address)
}

async fn keep_up(metrics: Metrics) {
    loop {
        tokio::time::sleep(UPKEEP_EVERY).await;
        metrics.keep_up();
    }
}
