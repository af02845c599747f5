//! `gondola openapi`: the OpenAPI document, without starting anything.

use std::process::ExitCode;

use gondola_gateway::Document;

use super::document::Args;

/// The document of the whole product.
fn document() -> Document {
    gondola_gateway::document([
        gondola_inventory::openapi(),
        gondola_store::openapi(),
        gondola_notification::openapi(),
        gondola_files::openapi(),
    ])
}

/// Prints or writes the document.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    args.write(&document().to_pretty_json())
}

#[cfg(test)]
mod examples_tests;
#[cfg(test)]
mod rules_tests;
#[cfg(test)]
mod tests;
