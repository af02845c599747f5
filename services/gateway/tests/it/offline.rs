//! No page loads anything from another host, and a content security policy enforces it.

use http::StatusCode;

use crate::get;

const PAGES: [&str; 5] = ["/", "/swagger", "/redoc", "/problems", "/problems/insufficient-stock"];

/// The values of an attribute, wherever it stands.
fn attribute<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let opening = format!(r#" {name}=""#);
    html.split(&opening).skip(1).map(|rest| rest.split_once('"').unwrap().0).collect()
}

#[tokio::test]
async fn pages_refer_to_this_server_only() {
    for path in PAGES {
        let html = get(path).await.text;
        for url in [attribute(&html, "src"), attribute(&html, "href")].concat() {
            let own = url.starts_with('#') || (url.starts_with('/') && !url.starts_with("//"));
            assert!(own, "{path} refers to {url}");
        }
        assert!(
            !html.contains("@import") && !html.contains("url("),
            "{path} styles from elsewhere"
        );
    }
}

#[tokio::test]
async fn what_pages_load_exists() {
    for path in PAGES {
        let html = get(path).await.text;
        let mut loaded = attribute(&html, "src");
        loaded.extend(
            html.lines()
                .filter(|line| line.starts_with("<link"))
                .flat_map(|line| attribute(line, "href")),
        );
        assert!(!loaded.is_empty(), "{path} loads at least its style sheet");
        for url in loaded {
            assert_eq!(get(url).await.status, StatusCode::OK, "{path} loads {url}");
        }
    }
}

#[tokio::test]
async fn pages_run_no_inline_script_and_none_from_elsewhere() {
    for path in PAGES {
        let answer = get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{path}: {policy}");
        assert!(policy.contains("connect-src 'self'; "), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("http") && !policy.contains('*'), "{path}: {policy}");
        for script in answer.text.split("<script").skip(1) {
            let script = script.trim_start_matches(" type=\"module\"");
            assert!(script.starts_with(" src=\"/"), "{path} has an inline script");
        }
    }
}

#[tokio::test]
async fn the_viewers_show_our_document_and_ask_nobody_else() {
    let swagger = get("/assets/swagger.js").await.text;
    assert!(swagger.contains(r#"url: "/openapi.json""#));
    assert!(swagger.contains("validatorUrl: null"), "the default validator is on the internet");
    let redoc = get("/assets/redoc.js").await.text;
    assert!(redoc.contains(r#""/openapi.json""#));
    for name in ["calls", "events", "feed", "landing", "mend", "redoc", "swagger"] {
        let script = get(&format!("/assets/{name}.js")).await.text;
        assert!(!script.contains("http://") && !script.contains("https://"), "{name}");
    }
    for path in ["/assets/gondola.css", "/assets/swagger-ui.css", "/assets/viewers.css"] {
        let css = get(path).await.text;
        assert!(!css.contains("@import"), "{path}");
        let mut urls = css.split("url(").skip(1);
        assert!(urls.all(|url| url.trim_start_matches('"').starts_with("data:")), "{path}");
    }
}

#[tokio::test]
async fn the_vendored_scripts_are_whole() {
    let swagger = get("/assets/swagger-ui.js").await.text;
    assert!(swagger.contains("SwaggerUIBundle"));
    let redoc = get("/assets/redoc-ui.js").await.text;
    assert!(redoc.starts_with("/*! For license information") && redoc.contains("exports.Redoc="));
    assert!(!redoc.contains("cdn."), "the makers' logo comes from a CDN");
    assert!(!redoc.contains("fonts.googleapis"));
    let end = redoc.len() - 200;
    assert!(!redoc[end..].contains("redoc-container"), "the call is ours to make");
}
