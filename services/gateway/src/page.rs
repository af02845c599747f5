//! Pages of our own: one frame around all of them, and the landing page.

use crate::asset::Asset;
use crate::{GatewayInfo, VERSION};

const FRAME: &str = include_str!("../web/frame.html");
const LANDING: &str = include_str!("../web/landing.html");

/// What differs between the pages. All of it is HTML already.
pub(crate) struct Page<'a> {
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
            // last: what it says is not looked through again
            ("main", self.main),
        ];
        fill(FRAME, &values)
    }
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
        title: "Gondola · inventory without overselling",
        description: "Gondola is the inventory of a retail chain with many stores: promises stock without \
            overselling, and explains every number.",
        head: r#"<script src="/assets/landing.js" defer></script>"#,
        main: &fill(LANDING, &values),
    };
    Asset::page(page.html())
}
