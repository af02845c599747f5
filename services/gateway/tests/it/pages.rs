//! Each route answers with its documented content.

use http::StatusCode;

use crate::{get, get_with};

#[tokio::test]
async fn every_route_answers_with_its_type() {
    let html = "text/html; charset=utf-8";
    let javascript = "text/javascript; charset=utf-8";
    let routes = [
        ("/", html),
        ("/swagger", html),
        ("/swagger/", html),
        ("/redoc", html),
        ("/redoc/", html),
        ("/problems", html),
        ("/problems/", html),
        ("/problems/insufficient-stock", html),
        ("/openapi.json", "application/json"),
        ("/favicon.svg", "image/svg+xml"),
        ("/assets/gondola.css", "text/css; charset=utf-8"),
        ("/assets/swagger-ui.css", "text/css; charset=utf-8"),
        ("/assets/viewers.css", "text/css; charset=utf-8"),
        ("/assets/calls.js", javascript),
        ("/assets/events.js", javascript),
        ("/assets/feed.js", javascript),
        ("/assets/landing.js", javascript),
        ("/assets/mend.js", javascript),
        ("/assets/swagger-ui.js", javascript),
        ("/assets/swagger.js", javascript),
        ("/assets/redoc-ui.js", javascript),
        ("/assets/redoc.js", javascript),
    ];
    for (path, media_type) in routes {
        let answer = get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), media_type, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.text.is_empty(), "{path}");
        assert!(!answer.text.contains("{{title}}"), "{path} has an unfilled template");
    }
}

#[tokio::test]
async fn each_page_marks_itself_and_nothing_else() {
    for (path, link, mark) in [
        ("/", "/", "page"),
        ("/swagger", "/swagger", "page"),
        ("/redoc", "/redoc", "page"),
        ("/problems", "/problems", "page"),
        ("/problems/insufficient-stock", "/problems", "true"),
    ] {
        let page = get(path).await.text;
        assert_eq!(page.matches("aria-current").count(), 1, "{path}");
        let marked = format!(r#"<a href="{link}" aria-current="{mark}">"#);
        assert!(page.contains(&marked), "{path} has no {marked}");
    }
}

#[tokio::test]
async fn the_usual_addresses_lead_to_ours() {
    for (path, target) in [("/swagger-ui.html", "/swagger"), ("/favicon.ico", "/favicon.svg")] {
        let answer = get(path).await;
        assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT, "{path}");
        assert_eq!(answer.header("location"), target);
    }
}

#[tokio::test]
async fn the_landing_page_tells_about_this_process() {
    let landing = get("/").await.text;
    assert!(landing.contains(env!("CARGO_PKG_VERSION")));
    assert!(landing.contains(r#"datetime="2026-11-18T11:06:40.000Z""#), "{landing}");
    assert!(landing.contains("SQLite &lt;&amp;&gt; &quot;co&quot;"), "text must be escaped");
    for link in
        ["/swagger", "/redoc", "/openapi.json", "/health", "/problems", "/api/v1/inventory/events"]
    {
        assert!(landing.contains(&format!(r#"href="{link}"#)), "no link to {link}");
    }
}

#[tokio::test]
async fn what_a_browser_has_already_is_not_sent_again() {
    for path in ["/", "/openapi.json", "/assets/swagger-ui.js", "/problems/internal"] {
        let first = get(path).await;
        assert_eq!(first.header("cache-control"), "no-cache", "{path}");
        let tag = first.header("etag").to_owned();
        let again = get_with(path, &[("if-none-match", &tag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(again.header("etag"), tag, "{path}");
        assert_eq!(again.text, "", "{path}");
        let other = get_with(path, &[("if-none-match", "W/\"1\"")]).await;
        assert_eq!(other.status, StatusCode::OK, "{path}");
    }
}
