//! What Prometheus reads, and that `docs/metrics.md` has a line for each of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::TcpListener;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use kit_cache::Guarded;
use kit_cache::memory::MemoryCache;
use kit_database::PoolMetrics;
use kit_http_client::ServiceClient;
use kit_rate_limit::{Key, Limiter, Quota, SharedLimits, SharedLimitsError, Sharing, Standing};
use kit_telemetry::Metrics;

use crate::access::key;
use crate::roles::{Server, get, send, send_with};
use crate::webhooks::PATIENCE;

/// What a metric is, as the text format tells it.
#[derive(Default)]
struct Metric {
    kind: String,
    help: String,
    labels: BTreeSet<String>,
}

/// An address where nobody listens at present. It is none of those that other tests listen at and come from, so that nobody takes
/// it before who is told of it.
fn free() -> String {
    let listener = TcpListener::bind("127.0.0.2:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Adds the metrics of a page to those that are known.
fn read(page: &str, known: &mut BTreeMap<String, Metric>) {
    for line in page.lines() {
        if let Some((name, help)) = line.strip_prefix("# HELP ").and_then(|it| it.split_once(' ')) {
            help.clone_into(&mut known.entry(name.to_owned()).or_default().help);
        } else if let Some((name, kind)) =
            line.strip_prefix("# TYPE ").and_then(|it| it.split_once(' '))
        {
            kind.clone_into(&mut known.entry(name.to_owned()).or_default().kind);
        } else if let Some((name, rest)) = line.split_once('{') {
            let name = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|end| name.strip_suffix(end).filter(|name| known.contains_key(*name)))
                .unwrap_or(name);
            let labels = rest.split('}').next().unwrap().split("\",");
            let labels = labels.filter_map(|label| label.split('=').next()).map(str::to_owned);
            known.get_mut(name).unwrap().labels.extend(labels.filter(|label| label != "le"));
        }
    }
}

fn table(known: &BTreeMap<String, Metric>) -> String {
    let head = "| metric | kind | labels | what |\n| --- | --- | --- | --- |\n".to_owned();
    known.iter().fold(head, |mut table, (name, Metric { kind, help, labels })| {
        let labels: Vec<_> = labels.iter().map(|label| format!("`{label}`")).collect();
        writeln!(table, "| `{name}` | {kind} | {} | {help} |", labels.join(", ")).unwrap();
        table
    })
}

/// Shared rate limits that are away.
struct NoLimits;

#[async_trait]
impl SharedLimits for NoLimits {
    async fn take(
        &self,
        _: &str,
        _: &Key,
        _: Quota,
        _: NonZeroU32,
    ) -> Result<Standing, SharedLimitsError> {
        Err(SharedLimitsError("nobody is there".to_owned()))
    }
}

/// What is counted of servers and of another service, which a process has only with them.
fn of_servers() -> String {
    let metrics = Metrics::start().unwrap();
    drop(Guarded::new(MemoryCache::default()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let nobody = format!("http://{}", free()).parse().unwrap();
        let service = ServiceClient::new("store", vec![nobody]);
        service.ask::<()>("/", &(), Duration::from_secs(1)).await.unwrap_err();
        let pool = PoolMetrics::of("inventory");
        assert!(pool.taken(async { Ok::<_, ()>(()) }).await.is_ok());
        let sharing = Some(Arc::new(Sharing::new(Arc::new(NoLimits))));
        let limiter = Limiter::new("reads", Quota::new(1, 1).unwrap(), sharing);
        assert!(limiter.take(&Key::new("a"), NonZeroU32::MIN).await.is_allowed);
    });
    metrics.keep_up();
    metrics.text()
}

/// What is counted where callers must say who they are.
fn of_guarded() -> String {
    let (folder, shown) = (tempfile::tempdir().unwrap(), free());
    let till = key(&folder, "till-7", "viewer");
    let issuer = ["--oidc-issuer", "http://127.0.0.1:9", "--oidc-audience", "gondola"];
    let more = [&["--api-keys", "keys.json", "--metrics-listen", &shown], &issuer[..]].concat();
    let more = [&more[..], &["--rate-limits", "on", "--rate-limit-reads", "1:1"]].concat();
    let server = Server::start_with(&folder, "store", &more);
    assert!(server.get("/api/v1/stores").starts_with("HTTP/1.1 401 "));
    let asked = || send_with(&server.address, "GET", "/api/v1/stores", &[("x-api-key", &till)], "");
    let begun = Instant::now();
    while !asked().starts_with("HTTP/1.1 429 ") {
        assert!(begun.elapsed() < PATIENCE, "it is never limited");
    }
    let page = get(&shown, "/metrics");
    let line = r#"http_rate_limited_requests_total{limit="reads"} 1"#;
    assert!(page.lines().any(|shown| shown == line), "{page}");
    let line = r#"http_refused_callers_total{reason="missing"} 1"#;
    assert!(page.lines().any(|shown| shown == line), "{page}");
    page
}

/// Labels have few values, whatever callers ask for: paths are none.
#[test]
fn every_metric_stands_in_the_docs_and_no_path_becomes_a_label() {
    let folder = tempfile::tempdir().unwrap();
    let (of_all, of_gateway) = (free(), free());
    let edge = format!("varnish://{}", free());
    let edge = ["--cdn-s-maxage", "30", "--cdn-purge-url", &edge, "--metrics-listen", &of_all];
    let more = [&edge[..], &["--backup-to", "backup"]].concat();
    let all = Server::start_with(&folder, "all", &more);
    let url = format!("http://{}", all.address);
    let nobody = format!("http://{}", free());
    let more = ["--inventory-url", &url, "--store-url", &url, "--metrics-listen", &of_gateway];
    let more = [&more[..], &["--otlp-endpoint", &nobody]].concat();
    let gateway = Server::start_with(&folder, "gateway", &more);
    let body = r#"{"storeId":"11111111-1111-1111-1111-111111111111","productId":"22222222-2222-2222-2222-222222222222","quantity":5}"#;
    let answer = send(&gateway.address, "POST", "/api/v1/inventory/stock", body);
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    for number in 0..20 {
        gateway.get(&format!("/api/v1/inventory/stores/S-{number}/products"));
        all.get(&format!("/nowhere/{number}"));
    }
    let page = get(&of_all, "/metrics");
    assert!(page.contains("content-type: text/plain; version=0.0.4"), "{page}");
    for line in [
        r#"http_server_requests_total{route="/api/v1/inventory/stock",method="POST",status="201"} 1"#,
        r#"http_server_requests_total{route="unmatched",method="GET",status="404"} 20"#,
        "executor_commands_decided_total 1",
        "executor_append_conflicts_total 0",
        r#"http_server_request_duration_seconds_bucket{route="/api/v1/inventory/stock",method="POST",le="+Inf"} 1"#,
    ] {
        assert!(page.lines().any(|shown| shown == line), "{line}\n{page}");
    }
    assert!(!page.contains("nowhere") && !page.contains("S-1"), "{page}");
    assert!(
        !all.get("/metrics").starts_with("HTTP/1.1 200"),
        "only the internal listener shows them"
    );
    let mut known = BTreeMap::new();
    read(&of_guarded(), &mut known);
    read(&page, &mut known);
    read(&of_servers(), &mut known);
    read(&get(&of_gateway, "/metrics"), &mut known);
    let table = table(&known);
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let docs = std::fs::read_to_string(docs).unwrap_or_default();
    assert!(docs.contains(&table), "docs/metrics.md is out of date: its table must be\n\n{table}");
}
