//! What a collector gets, read with the types of OpenTelemetry's own definition.

use std::time::{Duration, UNIX_EPOCH};

use kit_trace::{FinishedSpan, Kind, SpanContext, Value};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as AnyValue;
use prost::Message as _;

use super::encode;

const CONTEXT: SpanContext =
    SpanContext { trace_id: (0x0102 << 112) | 3, span_id: 0x0405_0607, is_sampled: true };

fn span() -> FinishedSpan {
    let other = SpanContext { trace_id: 9, span_id: 8, is_sampled: false };
    FinishedSpan {
        context: CONTEXT,
        parent_id: 0,
        name: "append".into(),
        kind: Kind::Client,
        began: UNIX_EPOCH + Duration::from_nanos(1_795_348_800_123_456_789),
        ended: UNIX_EPOCH + Duration::from_nanos(1_795_348_800_123_456_999),
        attributes: vec![
            ("db.system.name", "postgresql".into()),
            ("rows", Value::Number(300)),
            ("less", Value::Number(-1)),
        ],
        links: vec![CONTEXT, other],
        failure: Some("the connection broke".into()),
    }
}

#[test]
fn a_collector_reads_what_is_sent() {
    let child = FinishedSpan { parent_id: 7, failure: None, ..span() };
    let resource = [("service.name", "gondola".to_owned())];
    let bytes = encode::request(&resource, &[span(), child]);
    let read = ExportTraceServiceRequest::decode(&*bytes).unwrap();
    let [of_resource] = &read.resource_spans[..] else { panic!("{read:?}") };
    let told = &of_resource.resource.as_ref().unwrap().attributes;
    let value = |pair: &opentelemetry_proto::tonic::common::v1::KeyValue| {
        pair.value.clone().unwrap().value.unwrap()
    };
    assert_eq!((told.len(), &*told[0].key), (1, "service.name"));
    assert_eq!(value(&told[0]), AnyValue::StringValue("gondola".to_owned()));
    let [of_scope] = &of_resource.scope_spans[..] else { panic!("{read:?}") };
    assert_eq!(of_scope.scope.as_ref().unwrap().name, "kit-trace");
    let [first, second] = &of_scope.spans[..] else { panic!("{read:?}") };
    assert_eq!(first.trace_id, CONTEXT.trace_id.to_be_bytes());
    assert_eq!(first.span_id, CONTEXT.span_id.to_be_bytes());
    assert!(first.parent_span_id.is_empty(), "it is the first of its trace");
    assert_eq!(second.parent_span_id, 7_u64.to_be_bytes());
    assert_eq!((&*first.name, first.kind, first.flags), ("append", 3, 1));
    assert_eq!(first.start_time_unix_nano, 1_795_348_800_123_456_789);
    assert_eq!(first.end_time_unix_nano, 1_795_348_800_123_456_999);
    let values: Vec<_> = first.attributes.iter().map(value).collect();
    let text = AnyValue::StringValue("postgresql".to_owned());
    assert_eq!(values, [text, AnyValue::IntValue(300), AnyValue::IntValue(-1)]);
    let links: Vec<_> = first.links.iter().map(|link| (link.trace_id[15], link.flags)).collect();
    assert_eq!(links, [(3, 1), (9, 0)]);
    let status = first.status.as_ref().unwrap();
    assert_eq!((&*status.message, status.code), ("the connection broke", 2));
    assert_eq!(second.status, None);
}
