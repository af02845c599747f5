//! Each error code has a page.

use std::collections::BTreeSet;
use std::time::Duration;

use gondola_gateway::{PROBLEM_CODES, ProblemCode};
use http::StatusCode;
use kit_http::Problem;
use serde_json::{Value, json};

use crate::{get, get_with};

fn known(code: &str) -> &'static ProblemCode {
    PROBLEM_CODES
        .iter()
        .find(|known| known.code == code)
        .unwrap_or_else(|| panic!("{code} has no page"))
}

#[tokio::test]
async fn every_code_has_a_page_that_the_index_leads_to() {
    let index = get("/problems").await.text;
    for ProblemCode { code, title, .. } in PROBLEM_CODES.iter() {
        let page = get(&format!("/problems/{code}")).await;
        assert_eq!(page.status, StatusCode::OK, "{code}");
        assert!(page.text.contains(&format!("<h1>{title}</h1>")), "{code}");
        assert!(page.text.contains(&format!("<code>{code}</code>")), "{code}");
        assert!(index.contains(&format!(r#"<a href="/problems/{code}">{code}</a>"#)), "{code}");
    }
}

#[test]
fn codes_are_unique_kebab_case_and_explained() {
    let mut seen = BTreeSet::new();
    let mut topics = Vec::new();
    for ProblemCode { code, status, topic, cause, remedy, .. } in PROBLEM_CODES.iter() {
        assert!(seen.insert(code), "{code} stands twice");
        assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{code}");
        assert!(status.is_none_or(|status| (400..600).contains(&status)), "{code}");
        for text in [cause, remedy] {
            assert!(text.ends_with('.') && text.len() >= 16, "{code}: {text}");
            assert!(text.matches('`').count() % 2 == 0, "{code}: {text}");
        }
        if topics.last() != Some(topic) {
            assert!(!topics.contains(topic), "{code}: the codes of {topic} must stand together");
            topics.push(topic);
        }
    }
}

#[test]
fn pages_agree_with_the_problems_that_lead_to_them() {
    let problems = [
        Problem::bad_request(""),
        Problem::not_found(""),
        Problem::precondition_failed(""),
        Problem::payload_too_large(""),
        Problem::unsupported_media_type(""),
        Problem::invalid("quantity", ""),
        Problem::unavailable("", Duration::from_secs(1)),
        Problem::internal(""),
    ];
    for problem in problems {
        let known = known(problem.code());
        let body = serde_json::to_value(&problem).unwrap();
        assert_eq!(known.status, Some(problem.status().as_u16()), "{}", known.code);
        assert_eq!(body["title"], known.title);
        assert_eq!(body["type"], format!("/problems/{}", known.code));
    }
}

#[tokio::test]
async fn programs_get_the_same_as_json() {
    let accept = [("accept", "application/json")];
    let one = get_with("/problems/reservation-expired", &accept).await;
    assert_eq!(one.header("content-type"), "application/json");
    assert_eq!(one.header("vary"), "accept");
    let one = one.body;
    assert_eq!(one["code"], "reservation-expired");
    assert_eq!(one["status"], 410);
    assert_eq!(one["remedy"], known("reservation-expired").remedy);
    let all: Vec<Value> =
        serde_json::from_value(get_with("/problems", &accept).await.body).unwrap();
    assert_eq!(all.len(), PROBLEM_CODES.len());
    assert!(all.contains(&one));
    let browser = [("accept", "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8")];
    assert!(get_with("/problems", &browser).await.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn an_unknown_code_is_not_found() {
    for path in ["/problems/no-such-code", "/problems/%3Cscript%3E"] {
        let answer = get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let body = answer.body;
        assert_eq!(body["code"], json!("not-found"));
    }
}
