//! Pages of our own: one frame around all of them, and the landing page.

use crate::asset::Asset;
use crate::{GatewayInfo, VERSION};

const FRAME: &str = include_str!("../web/frame.html");
const LANDING: &str = include_str!("../web/landing.html");

/// What each page leads to, in the order of the bar on top.
const NAVIGATION: [(&str, &str); 6] = [
    ("/", "Start"),
    ("/swagger", "Swagger UI"),
    ("/redoc", "ReDoc"),
    ("/problems", "Error codes"),
    ("/openapi.json", "OpenAPI"),
    ("/health", "Health"),
];

/// What differs between the pages. All of it is HTML already.
pub(crate) struct Page<'a> {
    /// Where it is served, which the bar on top marks.
    pub(crate) path: &'a str,
    pub(crate) title: &'a str,
    /// One sentence for search engines and previews.
    pub(crate) description: &'a str,
    /// Scripts and style sheets besides the common one.
    pub(crate) head: &'a str,
    pub(crate) main: &'a str,
}

impl Page<'_> {
    /// The whole document.
    pub(crate) fn html(&self) -> String {
        let values = [
            ("title", self.title),
            ("description", self.description),
            ("head", self.head),
            ("version", VERSION),
            ("navigation", &navigation(self.path)),
            // last: what it says is not looked through again
            ("main", self.main),
        ];
        fill(FRAME, &values)
    }
}

/// The links of the bar on top: the present page is marked, and so is the one that it is below.
fn navigation(path: &str) -> String {
    let links = NAVIGATION.iter().map(|(target, name)| {
        let below = path.strip_prefix(target).is_some_and(|rest| rest.starts_with('/'));
        let mark = match (path == *target, below) {
            (true, _) => r#" aria-current="page""#,
            (false, true) => r#" aria-current="true""#,
            (false, false) => "",
        };
        format!("<a href=\"{target}\"{mark}>{name}</a>\n")
    });
    links.collect()
}

/// The template with each `{{name}}` replaced by its value.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |html, (name, value)| {
        html.replace(&format!("{{{{{name}}}}}"), value)
    })
}

/// Text as HTML, good for attributes too.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The page that says what this is, how it fares, and where to go.
pub(crate) fn landing(info: &GatewayInfo) -> Asset {
    let started_at = info.started_at.to_string();
    let values = [
        ("version", VERSION),
        ("event_store", &escape(&info.event_store)),
        ("started_at", &started_at),
    ];
    let page = Page {
        path: "/",
        title: "Gondola · inventory without overselling",
        description: "Gondola is the inventory of a retail chain with many stores: promises stock without \
            overselling, and explains every number.",
        head: r#"<script type="module" src="/assets/landing.js"></script>"#,
        main: &fill(LANDING, &values),
    };
    Asset::page(page.html())
}
