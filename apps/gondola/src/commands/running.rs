//! A running server as the commands for people ask it: its address, the caller's key, answers and pages of lists.

use std::path::PathBuf;

use anyhow::{Context, bail};
use http::StatusCode;
use kit_core::Gtin;
use kit_http_client::{ApiAnswer, ApiClient, ApiUrl};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use uuid::Uuid;

use crate::compose::auth::read_key;
use crate::console;

/// What a code or SKU keeps as it is in a path: all that means nothing else in one.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Which server, and how its answers are shown.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ServerArgs {
    /// The running server.
    #[arg(
        long,
        alias = "server",
        default_value = "http://127.0.0.1:8000",
        env = "GONDOLA_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    url: ApiUrl,

    /// File with the API key of the caller, where the server asks for one.
    #[arg(long, env = "GONDOLA_API_KEY_FILE", value_name = "FILE")]
    api_key_file: Option<PathBuf>,

    /// Print the answer as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

impl ServerArgs {
    /// The way to it.
    pub(crate) fn client(&self) -> anyhow::Result<ApiClient> {
        client(&self.url, self.api_key_file.as_ref())
    }

    /// Prints an answer as it is, or as `text` has it for people.
    pub(crate) fn show(&self, answer: &Value, text: impl FnOnce(&Value) -> String) {
        if self.json {
            console::line(answer);
        } else {
            console::line(text(answer));
        }
    }
}

/// A running server instead of a data folder.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ThroughServer {
    /// The running server to do it through, instead of a data folder that no server uses.
    #[arg(long, alias = "server", value_name = "URL")]
    url: Option<ApiUrl>,

    /// File with the API key of the caller, where the server asks for one.
    #[arg(long, env = "GONDOLA_API_KEY_FILE", value_name = "FILE")]
    api_key_file: Option<PathBuf>,
}

impl ThroughServer {
    /// The way to it, if one is named.
    pub(crate) fn client(&self) -> anyhow::Result<Option<ApiClient>> {
        let client = |url: &ApiUrl| client(url, self.api_key_file.as_ref());
        self.url.as_ref().map(client).transpose()
    }
}

fn client(url: &ApiUrl, key_file: Option<&PathBuf>) -> anyhow::Result<ApiClient> {
    let key = key_file.map(|path| {
        read_key(path).with_context(|| format!("cannot read the key in {}", path.display()))
    });
    ApiClient::new(url.clone(), key.transpose()?).context("cannot connect to servers")
}

/// The body of an answer, or what the server said against it.
pub(crate) fn done(ApiAnswer { status, body }: ApiAnswer) -> anyhow::Result<Value> {
    if status.is_success() {
        return Ok(body);
    }
    let code = body["code"].as_str().unwrap_or("no code");
    match body["detail"].as_str().or_else(|| body["title"].as_str()) {
        Some(detail) => bail!("{detail} ({status}, {code})"),
        None => bail!("the server answered {status}"),
    }
}

/// Looks at the pages of a list, one after another, as far as `see` wants more. The path has a question mark already.
pub(crate) async fn each_page(
    client: &ApiClient,
    path: &str,
    mut see: impl FnMut(&Value) -> bool,
) -> anyhow::Result<()> {
    let mut cursor = String::new();
    loop {
        let page = done(client.get(&format!("{path}{cursor}")).await?)?;
        match page["nextCursor"].as_str() {
            Some(next) if see(&page) => cursor = format!("&cursor={next}"),
            Some(_) => return Ok(()),
            None => {
                see(&page);
                return Ok(());
            }
        }
    }
}

/// The entries of a page.
pub(crate) fn items(page: &Value) -> impl Iterator<Item = &Value> {
    page["items"].as_array().into_iter().flatten()
}

/// A code, SKU or id as a part of a path.
pub(crate) fn segment(name: &str) -> String {
    utf8_percent_encode(name, KEPT).to_string()
}

/// Names a store or product in a body: by id where it is one, else by code or SKU.
pub(crate) fn name(body: &mut Value, by_id: &str, by_code: &str, name: &str) {
    let member = if Uuid::try_parse(name).is_ok() { by_id } else { by_code };
    body[member] = name.into();
}

/// Posts what names products, such as a basket. As in a path, digits that are no SKU may be a barcode.
pub(crate) async fn post_named(
    client: &ApiClient,
    path: &str,
    mut body: Value,
) -> anyhow::Result<ApiAnswer> {
    let answer = client.post(path, &body).await?;
    if answer.status != StatusCode::NOT_FOUND || !has_barcodes(&mut body) {
        return Ok(answer);
    }
    Ok(client.post(path, &body).await?)
}

/// Calls SKUs that may be barcodes so, and says whether there were any.
fn has_barcodes(body: &mut Value) -> bool {
    let is_barcode = body["productSku"].as_str().is_some_and(|sku| Gtin::new(sku).is_ok());
    if is_barcode && let Some(body) = body.as_object_mut() {
        let barcode = body.remove("productSku");
        body.insert("productGtin".to_owned(), barcode.into());
    }
    let lines = body.get_mut("lines").and_then(Value::as_array_mut).into_iter().flatten();
    lines.fold(is_barcode, |found, line| has_barcodes(line) || found)
}

/// A text of an answer; empty where it has none.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sku_with_slashes_and_spaces_is_one_part_of_a_path() {
        assert_eq!(segment("A/B 1?é-x_y.z~"), "A%2FB%201%3F%C3%A9-x_y.z~");
    }

    #[test]
    fn a_uuid_is_an_id_and_all_else_a_code() {
        let mut body = json!({});
        name(&mut body, "storeId", "storeCode", "SP-1");
        name(&mut body, "productId", "productSku", "22222222-2222-2222-2222-222222220001");
        let expected =
            json!({"storeCode": "SP-1", "productId": "22222222-2222-2222-2222-222222220001"});
        assert_eq!(body, expected);
    }

    #[test]
    fn what_may_be_a_barcode_is_called_so_in_every_line() {
        let mut body = json!({"lines": [
            {"productSku": "4006381333931", "quantity": 1},
            {"productSku": "PROD123456", "quantity": 2},
        ]});
        assert!(has_barcodes(&mut body));
        let expected = json!({"lines": [
            {"productGtin": "4006381333931", "quantity": 1},
            {"productSku": "PROD123456", "quantity": 2},
        ]});
        assert_eq!(body, expected);
        assert!(!has_barcodes(&mut body), "once");
    }
}
