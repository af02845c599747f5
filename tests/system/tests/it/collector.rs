//! A collector of OpenTelemetry in this process: it takes spans over HTTP and reads them with OpenTelemetry's own types.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use prost::Message as _;

/// What a collector does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Takes it.
    Takes,
    /// Reads it and never answers.
    Hangs,
}

/// A span, as far as tests look at it.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    /// `service.name` of its process.
    pub(crate) service: String,
    pub(crate) name: String,
    pub(crate) trace: Vec<u8>,
    pub(crate) id: Vec<u8>,
    /// Empty for the first of a trace.
    pub(crate) parent: Vec<u8>,
    /// Spans that it has to do with.
    pub(crate) links: Vec<Vec<u8>>,
}

/// What a collector has received.
#[derive(Debug, Default)]
struct Received {
    spans: Vec<Span>,
    headers: Vec<String>,
}

/// A running collector, which ends with the test's process.
#[derive(Debug)]
pub(crate) struct Collector {
    address: SocketAddr,
    received: Arc<Mutex<Received>>,
}

impl Collector {
    /// Starts one.
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, received) = (listener.local_addr().unwrap(), Arc::default());
        let shared = Arc::clone(&received);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(connection.unwrap(), manner, &shared));
            }
        });
        Self { address, received }
    }

    /// Its base address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The spans so far.
    pub(crate) fn spans(&self) -> Vec<Span> {
        self.received.lock().unwrap().spans.clone()
    }

    /// All lines of the heads of requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.received.lock().unwrap().headers.clone()
    }
}

/// Takes requests until the connection ends.
fn serve(connection: TcpStream, manner: Manner, received: &Mutex<Received>) {
    let mut connection = BufReader::new(connection);
    while let Some((head, body)) = request(&mut connection) {
        let mut received = received.lock().unwrap();
        received.headers.extend(head);
        received.spans.extend(spans(&body));
        drop(received);
        if manner == Manner::Hangs {
            thread::sleep(Duration::MAX);
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        connection.get_mut().write_all(answer).unwrap();
    }
}

/// The lines of a request's head, and its body; `None` at the end of the connection.
pub(crate) fn request(connection: &mut BufReader<TcpStream>) -> Option<(Vec<String>, Vec<u8>)> {
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(stated) = line.strip_prefix("content-length: ") {
            length = stated.parse().unwrap();
        }
        head.push(line.to_owned());
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn spans(body: &[u8]) -> Vec<Span> {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    let mut spans = Vec::new();
    for of_resource in request.resource_spans {
        let resource = texts(&of_resource.resource.unwrap().attributes);
        for span in of_resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            spans.push(Span {
                service: resource["service.name"].clone(),
                name: span.name,
                trace: span.trace_id,
                id: span.span_id,
                parent: span.parent_span_id,
                links: span.links.into_iter().map(|link| link.span_id).collect(),
            });
        }
    }
    spans
}

fn texts(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |pair: &KeyValue| match pair.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some((pair.key.clone(), text.clone())),
        _ => None,
    };
    attributes.iter().filter_map(text).collect()
}
