//! Bad input is refused with a 4xx problem that names what is wrong.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Request};
use axum::routing::{get, post};
use http_body_util::channel::Channel;
use kit_http::{HttpConfig, Json, Limit, Path, Query, standard_layers};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{call, fetch, post_json};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Basket {
    lines: Vec<Line>,
    reason: Option<String>,
    kind: Option<Kind>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Small,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    sku: String,
    quantity: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    q: Option<String>,
    #[serde(default)]
    limit: Limit,
}

fn app() -> Router {
    let router =
        Router::new()
            .route("/baskets", post(|Json(basket): Json<Basket>| async move { Json(basket) }))
            .route(
                "/list",
                get(|Query(filter): Query<Filter>| async move {
                    format!("{}:{}", filter.q.unwrap_or_default(), filter.limit.get())
                }),
            )
            .route(
                "/things/{number}",
                get(|Path(number): Path<u32>| async move { number.to_string() }),
            )
            .route(
                "/stores/{store}/shelves/{shelf}",
                get(|Path((store, shelf)): Path<(String, u32)>| async move {
                    format!("{store}/{shelf}")
                }),
            );
    standard_layers(router, HttpConfig::default())
}

#[tokio::test]
async fn a_good_body_comes_through() {
    let body = r#"{"lines":[{"sku":"caf\u00e9 \\u0000","quantity":4294967295}],"reason":null}"#;
    let answer = post_json(&app(), "/baskets", body).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.body["lines"][0]["sku"], "café \\u0000");
}

/// What a line's quantity, a line, or a whole body may do wrong; and the status, code and field answered.
#[tokio::test]
async fn bad_bodies_are_refused_by_name() {
    let quantity = |value: &str| format!(r#"{{"lines":[{{"sku":"a","quantity":{value}}}]}}"#);
    let sku = |value: &str| format!(r#"{{"lines":[{{"sku":{value},"quantity":1}}]}}"#);
    let deep = format!(r#"{{"lines":{}"#, "[".repeat(10_000));
    let malformed = [
        String::new(),
        "{".to_owned(),
        quantity("NaN"),
        quantity("1e400"),
        quantity("01"),
        quantity("1}]} trailing"),
        sku(r#""\ud800""#),
        sku(r#""\udc00\ud800""#),
        sku("\"a\0b\""),
        sku(r#""\x""#),
        "\u{feff}{}".to_owned(),
        // what is wrong first is not what is broken
        r#"{"colour":1,"lines":"#.to_owned(),
        deep,
    ];
    for body in malformed {
        let answer = post_json(&app(), "/baskets", body.clone()).await;
        assert_eq!(answer.status, 400, "{body:?}");
        assert_eq!(answer.problem_code(), "bad-request");
        let detail = answer.body["detail"].to_string();
        assert!(detail.contains("line 1, column"), "{body:?}: {detail}");
    }
    let unacceptable = [
        ("[]", None),
        ("7", None),
        ("{}", Some("lines")),
        (&quantity("18446744073709551616"), Some("lines[0].quantity")),
        (&quantity("4294967296"), Some("lines[0].quantity")),
        (&quantity("-0"), Some("lines[0].quantity")),
        (&quantity("-1"), Some("lines[0].quantity")),
        (&quantity("1.5"), Some("lines[0].quantity")),
        (&quantity("\"1\""), Some("lines[0].quantity")),
        (&quantity("null"), Some("lines[0].quantity")),
        (&quantity("1,\"quantity\":1"), Some("lines[0].quantity")),
        (&quantity("1,\"colour\":1"), Some("lines[0].colour")),
        (r#"{"lines":[],"reason":null,"lines":[]}"#, Some("lines")),
        (r#"{"lines":[{"sku":"a"}]}"#, Some("lines[0].quantity")),
        (r#"{"lines":[],"_reserved":1}"#, Some("_reserved")),
        (r#"{"lines":[],"kind":7}"#, Some("kind")),
        (r#"{"lines":[],"kind":["small"]}"#, Some("kind")),
        (&sku(r#""a\u0000b""#), None),
        (&sku(r#""a\\\u0000b""#), None),
    ];
    for (body, field) in unacceptable {
        let answer = post_json(&app(), "/baskets", body.to_owned()).await;
        let shown = &body[..body.len().min(80)];
        assert_eq!(answer.status, 422, "{shown}: {}", answer.body);
        assert_eq!(answer.problem_code(), "invalid");
        assert_eq!(answer.body["field"].as_str(), field, "{shown}: {}", answer.body);
    }
}

/// Where the type allows nesting, the depth is bounded all the same.
#[tokio::test]
async fn nesting_is_bounded() {
    let echo = post(|Json(any): Json<serde_json::Value>| async move { Json(any) });
    let app = standard_layers(Router::new().route("/any", echo), HttpConfig::default());
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(post_json(&app, "/any", nested(100)).await.status, 200);
    let answer = post_json(&app, "/any", nested(10_000)).await;
    assert_eq!(answer.problem_code(), "bad-request");
    assert!(answer.body["detail"].to_string().contains("128 levels"));
}

#[tokio::test]
async fn broken_text_is_refused_everywhere() {
    let body = Bytes::from_static(b"{\"lines\":[{\"sku\":\"\xff\xfe\",\"quantity\":1}]}");
    assert_eq!(post_json(&app(), "/baskets", body).await.problem_code(), "bad-request");
    for uri in ["/list?q=%FF", "/list?q=a%00", "/stores/%FF/shelves/1", "/stores/%00/shelves/1"] {
        let answer = fetch(&app(), uri).await;
        assert_eq!((answer.status.as_u16(), answer.problem_code()), (400, "bad-request"), "{uri}");
    }
}

/// The parser on its own, as a line of NDJSON needs it.
#[test]
fn lines_are_parsed_like_bodies() {
    let line = Json::<Line>::parse(br#"{"sku":"a","quantity":2}"#).unwrap();
    assert_eq!((line.sku.as_str(), line.quantity), ("a", 2));
    let refusal = Json::<Line>::parse(br#"{"sku":"a","quantity":-2}"#).err().unwrap();
    assert_eq!(serde_json::to_value(refusal).unwrap()["field"], "quantity");
}

#[tokio::test]
async fn the_media_type_must_be_json() {
    let body = r#"{"lines":[]}"#;
    for (stated, status) in [
        (Some("application/json"), 200),
        (Some("Application/JSON; charset=utf-8"), 200),
        (Some("text/plain"), 415),
        (Some("application/jsonp"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
        (None, 415),
    ] {
        let mut request = Request::post("/baskets").body(Body::from(body)).unwrap();
        if let Some(stated) = stated {
            request.headers_mut().insert("content-type", stated.parse().unwrap());
        }
        let answer = call(&app(), request).await;
        assert_eq!(answer.status, status, "{stated:?}");
        if status == 415 {
            assert_eq!(answer.problem_code(), "unsupported-media-type");
        }
    }
}

#[tokio::test]
async fn a_partial_update_may_be_called_a_merge_patch() {
    for (method, is_taken) in [("PATCH", true), ("POST", false)] {
        let request = Request::builder().method(method);
        let request = request.header("content-type", "application/merge-patch+json");
        let read = Json::<Value>::from_request(request.body(Body::from("{}")).unwrap(), &()).await;
        assert_eq!(read.is_ok(), is_taken, "{method}");
    }
}

#[tokio::test]
async fn query_parameters_are_checked() {
    assert_eq!(fetch(&app(), "/list").await.text, ":50");
    assert_eq!(fetch(&app(), "/list?q=a%20%C3%A9+b&limit=200").await.text, "a é b:200");
    for (query, field) in [
        ("limit=201", "limit"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("colour=red", "colour"),
    ] {
        let answer = fetch(&app(), &format!("/list?{query}")).await;
        assert_eq!(answer.status, 422, "{query}");
        assert_eq!(answer.problem_code(), "invalid");
        assert_eq!(answer.body["field"], field, "{query}: {}", answer.body);
    }
    let answer = fetch(&app(), "/list?limit=201").await;
    assert!(answer.body["detail"].to_string().contains("1 to 200, got 201"));
}

#[tokio::test]
async fn path_parameters_are_checked() {
    assert_eq!(fetch(&app(), "/things/7").await.text, "7");
    let answer = fetch(&app(), "/things/seven").await;
    assert_eq!(answer.problem_code(), "invalid");
    assert!(answer.body["detail"].to_string().contains("seven"));
    assert_eq!(fetch(&app(), "/stores/a/shelves/x").await.status, 422);
}

#[tokio::test]
async fn a_refusal_does_not_echo_long_input() {
    let body = format!(r#"{{"lines":[{{"sku":"a","quantity":"{}"}}]}}"#, "é".repeat(10_000));
    let answer = post_json(&app(), "/baskets", body).await;
    assert_eq!(answer.status, 422);
    assert!(answer.bytes.len() < 1_000, "{} bytes", answer.bytes.len());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_given_up() {
    let (_sender, body) = Channel::<Bytes>::new(1);
    let answer = post_json(&app(), "/baskets", Body::new(body)).await;
    assert_eq!(answer.status, 408);
    assert_eq!(answer.problem_code(), "body-timeout");
}
