//! An import through a running server: the file goes there, and its progress and its rejected lines come back.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use gondola_files::{FILE_BYTES_MAX, IMPORTED_BEFORE, ImportOptions, TOO_MANY_REJECTED};
use gondola_import::{ImportRequest, Rejected};
use kit_http_client::ApiClient;
use serde_json::Value;

use super::for_people;
use crate::commands::running::{done, text};
use crate::console;

/// Shortest and longest time between two questions how far it is.
const ASK_EVERY: [Duration; 2] = [Duration::from_millis(50), Duration::from_secs(2)];

/// Sends the file of an import, waits for its end, and tells it.
pub(super) async fn import(
    client: &ApiClient,
    request: &ImportRequest,
) -> anyhow::Result<ExitCode> {
    let file = read(&request.input.file)?;
    ensure!(!file.is_empty(), "{} is empty", request.input.file.display());
    let query = ImportOptions::of(request).query().context("the options cannot be sent")?;
    let area = if request.kind.is_catalogue() { "catalogue" } else { "inventory" };
    let path = format!("/api/v1/{area}/imports/{}?{query}", request.kind.name());
    let accepted = done(client.send_file(&path, "application/octet-stream", file).await?)?;
    let id = text(&accepted["importId"]).to_owned();
    let ended = follow(client, &id).await.with_context(|| {
        format!("the server has the file as import {id} and goes on with it; the same command again tells its end")
    })?;
    let mut rejected = None;
    if ended["rejected"].as_u64() > Some(0) {
        let to = match &request.input.rejected {
            Rejected::Here => beside(&request.input.place()),
            Rejected::File(to) | Rejected::Anonymous(to) => to.clone(),
        };
        fetch_rejected(client, &id, &to).await?;
        rejected = Some(to);
    }
    for line in text(&ended["report"]).lines() {
        // the server does not know where they are kept here
        match rejected.take_if(|_| line.trim_start().starts_with("rejected ")) {
            Some(to) => console::line(format_args!("{line}  in {}", to.display())),
            None => console::line(line),
        }
    }
    let failure = &ended["failure"];
    let (code, detail) = (text(&failure["code"]), text(&failure["detail"]).to_owned());
    match code {
        "" => Ok(ExitCode::SUCCESS),
        IMPORTED_BEFORE | TOO_MANY_REJECTED => Ok(for_people(&anyhow::anyhow!(detail))),
        _ => bail!("{detail} ({code})"),
    }
}

/// The whole file: the server takes none that would not fit into memory.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = FILE_BYTES_MAX as u64 + 1;
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(
        bytes.len() <= FILE_BYTES_MAX,
        "{} has more than the {} MiB that a server takes: pack it with gzip, or divide it",
        path.display(),
        FILE_BYTES_MAX >> 20
    );
    Ok(bytes)
}

/// Asks again and again until the import has ended.
async fn follow(client: &ApiClient, id: &str) -> anyhow::Result<Value> {
    let path = format!("/api/v1/imports/{id}");
    let [mut wait, longest] = ASK_EVERY;
    loop {
        let import = done(client.get(&path).await?)?;
        match text(&import["status"]) {
            "waiting" | "running" => {
                let (lines, rejected) = (&import["lines"], &import["rejected"]);
                let (read, size) = (&import["bytesRead"], &import["size"]);
                tracing::info!(%lines, %rejected, %read, %size, "import_progress");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(longest);
            }
            _ => return Ok(import),
        }
    }
}

/// Where rejected lines go unless it is said: as on a data folder.
fn beside(place: &str) -> PathBuf {
    let name = if place == "-" { Some("standard-input") } else { place.rsplit('/').next() };
    PathBuf::from(format!("{}.rejected.csv", name.unwrap_or(place)))
}

async fn fetch_rejected(client: &ApiClient, id: &str, to: &Path) -> anyhow::Result<()> {
    let unwritten = || format!("cannot write {}", to.display());
    let mut file = File::create(to).with_context(unwritten)?;
    let path = format!("/api/v1/imports/{id}/rejected-lines");
    let refused = client.download(&path, |piece| file.write_all(piece)).await?;
    if let Some(refused) = refused {
        done(refused)?;
    }
    file.sync_all().with_context(unwritten)
}
