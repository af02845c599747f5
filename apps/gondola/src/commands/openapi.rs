//! `gondola openapi`: the OpenAPI document, without starting anything.

use std::process::ExitCode;

use utoipa::openapi::OpenApi;

use super::document::Args;

/// The document of the whole product.
fn document() -> OpenApi {
    gondola_gateway::document([gondola_inventory::openapi(), gondola_store::openapi()])
}

/// Prints or writes the document.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    args.write(&document().to_pretty_json()?)
}

#[cfg(test)]
mod tests {
    use crate::commands::document::assert_current;

    #[test]
    fn the_committed_document_is_current() {
        assert_current("openapi.json", &super::document().to_pretty_json().unwrap(), "openapi");
    }
}
