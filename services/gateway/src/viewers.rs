//! The OpenAPI document, and its two viewers, whose scripts come out of the binary.

use std::sync::Arc;

use aide::redoc::Redoc;
use axum::Router;
use axum::body::Bytes;
use axum::response::Redirect;
use axum::routing::get;
use utoipa_swagger_ui::{Config, serve};

use crate::asset::{Asset, CSS, JAVASCRIPT, JSON, YAML};
use crate::document::Document;
use crate::page::Page;

/// Where ReDoc's script would fetch the logo of its makers, and what it gets instead: an empty image, which it hides.
const REDOC_LOGO: (&str, &str) = ("https://cdn.redoc.ly/redoc/logo-mini.svg", "data:,");

/// `/openapi.json`, `/openapi.yaml`, `/swagger` and `/redoc`, with or without a slash at the end.
pub(crate) fn routes(openapi: &Document) -> Router {
    let to_swagger = get(|| async { Redirect::permanent("/swagger") });
    Router::new()
        .route("/openapi.json", Asset::new(JSON, openapi.to_json()).route())
        .route("/openapi.yaml", Asset::new(YAML, openapi.to_yaml()).route())
        .route("/swagger", swagger().route())
        .route("/swagger/", swagger().route())
        .route("/swagger-ui.html", to_swagger)
        .route("/redoc", redoc().route())
        .route("/redoc/", redoc().route())
        .route("/assets/swagger-ui.css", swagger_file(CSS, "swagger-ui.css").route())
        .route("/assets/swagger-ui.js", swagger_file(JAVASCRIPT, "swagger-ui-bundle.js").route())
        .route("/assets/redoc-ui.js", Asset::new(JAVASCRIPT, redoc_script()).route())
}

fn swagger() -> Asset {
    let page = Page {
        path: "/swagger",
        title: "Gondola API · Swagger UI",
        description: "Try every operation of the Gondola API.",
        head: r#"<link rel="stylesheet" href="/assets/swagger-ui.css">
<link rel="stylesheet" href="/assets/viewers.css">
<script src="/assets/swagger-ui.js" defer></script>
<script src="/assets/mend.js" defer></script>
<script src="/assets/swagger.js" defer></script>"#,
        main: r#"<div id="swagger-ui"></div>"#,
    };
    Asset::viewer(page.html())
}

fn redoc() -> Asset {
    let page = Page {
        path: "/redoc",
        title: "Gondola API · ReDoc",
        description: "The reference of the Gondola API.",
        head: r#"<link rel="stylesheet" href="/assets/viewers.css">
<script src="/assets/redoc-ui.js" defer></script>
<script src="/assets/mend.js" defer></script>
<script src="/assets/redoc.js" defer></script>"#,
        main: r#"<div id="redoc"></div>"#,
    };
    Asset::viewer(page.html())
}

fn swagger_file(media_type: &'static str, name: &str) -> Asset {
    let file = serve(name, Arc::new(Config::default())).ok().flatten();
    let file = file.expect("the file is part of the vendored Swagger UI");
    Asset::new(media_type, Bytes::from(file.bytes.into_owned()))
}

/// ReDoc's script without the page around it, which would have it inline, and without its call.
fn redoc_script() -> String {
    let page = Redoc::new("").html();
    let script = page.split_once("<script>").and_then(|(_, rest)| rest.rsplit_once("Redoc.init("));
    let (script, _call) = script.expect("the page has one script, which calls Redoc.init last");
    script.trim().replace(REDOC_LOGO.0, REDOC_LOGO.1)
}
