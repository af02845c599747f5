//! One trace leads through all processes, and a collector in trouble costs nothing but spans.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Client, send_batch};
use crate::collector::{Collector, Manner, Span};
use crate::folder::Folder;
use crate::measure::percentile;
use crate::oversell::{PRODUCT, STORE};
use crate::server::{Data, wait_until};
use crate::settings::whole_machine;

/// A trace of a caller's, sampled, and the caller's span in it.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// What a request is done by that changes the catalogue through a gateway, each with what it is a part of.
const STEPS: [(&str, &str, &str); 9] = [
    ("gondola-gateway", "POST /api/v1/products", ""),
    ("gondola-gateway", "POST", "POST /api/v1/products"),
    ("gondola", "POST /api/v1/products", "POST"),
    ("gondola", "execute command", "POST /api/v1/products"),
    ("gondola", "mailbox", "execute command"),
    ("gondola", "append", "execute command"),
    ("gondola", "append sqlite", "append"),
    ("gondola", "send gondola.store.product-registered.v1", "execute command"),
    (
        "gondola",
        "process gondola.store.product-registered.v1",
        "send gondola.store.product-registered.v1",
    ),
];

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The spans of a trace that there are so far, by service and name, each with the name of what it is a part of.
pub(crate) fn steps(spans: &[Span], trace: &str) -> Vec<(String, String, String)> {
    let of_trace: Vec<&Span> = spans.iter().filter(|span| hex(&span.trace) == trace).collect();
    let names: BTreeMap<_, _> = of_trace.iter().map(|span| (&span.id, &span.name)).collect();
    let mut steps: Vec<_> = of_trace
        .iter()
        .map(|span| {
            let parent = names.get(&span.parent).map_or_else(String::new, ToString::to_string);
            (span.service.clone(), span.name.clone(), parent)
        })
        .collect();
    steps.sort();
    steps
}

/// Waits until a trace is just what a registered product makes through a gateway.
fn await_whole(collector: &Collector, trace: &str) -> Vec<Span> {
    let mut expected: Vec<_> =
        STEPS.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect();
    expected.sort();
    wait_until("the trace is whole", || {
        let spans = collector.spans();
        let found = steps(&spans, trace);
        if found == expected { Ok(spans) } else { Err(found) }
    })
}

#[test]
fn one_trace_leads_through_gateway_service_log_and_bus() {
    let (folder, collector) = (Folder::new(), Collector::start(Manner::Takes));
    let url = collector.url();
    let traced = ["--otlp-endpoint", &url, "--otlp-headers", "Authorization=Api-Token s3cr3t"];
    let data =
        Data::new(folder.path(), "sqlite").with(&[&traced[..], &["--log", "debug"]].concat());
    let server = data.serve();
    let behind = format!("http://{}", server.address());
    let more = ["--role", "gateway", "--inventory-url", &behind, "--store-url", &behind];
    let gateway = Data::on("sqlite".to_owned(), folder.path(), "gateway");
    let gateway = gateway.with(&[&traced[..], &more].concat()).serve();
    // a caller's trace
    let headers = format!("traceparent: 00-{TRACE}-{CALLER}-01\r\n");
    let product = |sku: &str| json!({"sku": sku, "name": "Thing"});
    let mut client = gateway.client();
    client.post_to("/api/v1/products", &headers, &product("SKU-1")).unwrap().expect(201);
    let spans = await_whole(&collector, TRACE);
    let first = spans.iter().find(|span| hex(&span.parent) == CALLER).unwrap();
    assert_eq!(first.service, "gondola-gateway");
    // one that begins here is called like the request
    let id = "0198c3f2-5a1e-7c3b-9d4e-8f6a7b5c4d3e";
    let headers = format!("x-request-id: {id}\r\n");
    client.post_to("/api/v1/products", &headers, &product("SKU-2")).unwrap().expect(201);
    await_whole(&collector, &id.replace('-', ""));
    // one that the caller does not want recorded, as it says
    let unwanted = TRACE.replace('4', "5");
    let headers = format!("traceparent: 00-{unwanted}-{CALLER}-00\r\n");
    client.post_to("/api/v1/products", &headers, &product("SKU-3")).unwrap().expect(201);
    drop(gateway);
    server.stop();
    let spans = collector.spans();
    assert_eq!(steps(&spans, &unwanted), [], "the caller does not want it recorded");
    let registered = spans.iter().filter(|span| span.name.starts_with("process ")).count();
    assert_eq!(registered, 2, "nor as a trace of its own");
    // what the collector is told, and what the log is
    assert!(collector.heads().iter().any(|line| line == "authorization: Api-Token s3cr3t"));
    let log = data.whole_log();
    assert!(log.contains(&format!("\"trace_id\":\"{TRACE}\"")), "{log}");
    assert!(!log.contains("s3cr3t"), "{log}");
}

#[test]
fn an_append_has_links_to_all_its_commands() {
    let (folder, collector) = (Folder::new(), Collector::start(Manner::Takes));
    let data = Data::new(folder.path(), "sqlite").with(&["--otlp-endpoint", &collector.url()]);
    let server = data.serve();
    let line = json!({"op": "stock", "storeId": STORE, "productId": PRODUCT, "quantity": 1});
    send_batch(server.address(), &vec![line; 20]);
    server.stop();
    let spans = collector.spans();
    let named = |name: &str| spans.iter().filter(|span| span.name == name).collect::<Vec<_>>();
    let (commands, appends) = (named("execute command"), named("append"));
    let [append] = &appends[..] else { panic!("{appends:?}") };
    assert_eq!((commands.len(), append.links.len()), (20, 19), "one is what it is a part of");
    for command in commands {
        let (is_parent, is_linked) =
            (append.parent == command.id, append.links.contains(&command.id));
        assert!(is_parent != is_linked, "{command:?} of {append:?}");
        assert_eq!(command.links.contains(&append.id), is_linked, "and back");
        assert_eq!(command.trace, append.trace, "lines of one request");
    }
}

/// Where the fault strikes: in the collector, which takes connections and answers nothing.
///
/// What is right: requests are as fast as ever, spans are dropped and counted, and the process ends in time.
#[test]
fn a_collector_that_hangs_delays_no_request_and_no_drain() {
    let _machine = whole_machine();
    let (folder, collector) = (Folder::new(), Collector::start(Manner::Hangs));
    let metrics = crate::gateway::free();
    let listen = metrics.to_string();
    let url = collector.url();
    let traced = ["--otlp-endpoint", &url, "--metrics-listen", &listen];
    let data = Data::new(folder.path(), "sqlite").with(&traced);
    let server = data.serve();
    let lost = || {
        let page = Client::new(metrics).text("/metrics").unwrap();
        let name = "trace_spans_dropped_total{reason=\"queue_full\"} ";
        page.lines().find_map(|line| line.strip_prefix(name)?.parse::<u64>().ok()).unwrap_or(0)
    };
    let line = json!({"op": "stock", "storeId": STORE, "productId": PRODUCT, "quantity": 1});
    for _ in 0..3 {
        send_batch(server.address(), &vec![line.clone(); 5_000]);
    }
    assert!(lost() > 0, "the queue has a bound");
    let mut client = server.client();
    let reserve = |_| {
        let began = Instant::now();
        let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1});
        client.post("/reserve", &body).unwrap().expect(201);
        began.elapsed()
    };
    let mut took: Vec<_> = (0..100).map(reserve).collect();
    // a busy machine may be late with one, and no request waits for the collector
    let [slow, slowest] = [95, 100].map(|of_hundred| percentile(of_hundred, &mut took));
    assert!(slow < Duration::from_secs(1) && slowest < Duration::from_secs(8), "{took:?}");
    let began = Instant::now();
    server.stop();
    let drained = began.elapsed();
    // three seconds for the last spans, and what a drain takes on a busy machine
    assert!(drained < Duration::from_secs(8), "{drained:?}");
    assert!(data.whole_log().contains("last_spans_not_sent"), "{}", data.last_words());
}
