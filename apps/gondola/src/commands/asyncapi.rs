//! `gondola asyncapi`: the AsyncAPI document of the integration events, without starting anything.

use std::process::ExitCode;

use super::document::Args;

fn document() -> anyhow::Result<String> {
    let document = gondola_contracts::asyncapi(env!("CARGO_PKG_VERSION"));
    Ok(serde_json::to_string_pretty(&document)?)
}

/// Prints or writes the document.
pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    args.write(&document()?)
}

#[cfg(test)]
mod tests {
    use crate::commands::document::assert_current;

    #[test]
    fn the_committed_document_is_current() {
        assert_current("asyncapi.json", &super::document().unwrap(), "asyncapi");
    }
}
