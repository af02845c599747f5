//! What each command says to wrong input: the remedy, with the exit code that is documented, and nothing left behind.

use std::process::Command;

/// A command line, its exit code, and words of what it says.
type Mistake = (&'static [&'static str], i32, &'static [&'static str]);

const MISTAKES: &[Mistake] = &[
    (&["no-such-command"], 2, &["unrecognized subcommand", "--help"]),
    (&["--config", "none.toml", "serve"], 2, &["none.toml", "No such file"]),
    (&["--config", "wrong.toml", "serve"], 2, &["wrong.toml", "listem", "listen"]),
    (&["--log-format", "yaml", "serve"], 2, &["yaml", "json"]),
    (&["serve", "--listen", "shop.example.com:80"], 2, &["localhost:8000", "8000"]),
    (&["serve", "--listen", "0.0.0.0:0"], 2, &["--api-keys", "--insecure-no-auth"]),
    (&["serve", "--metrics-listen", "here"], 2, &["localhost:8000"]),
    (&["serve", "--cors-origin", "https://shop.example.com/"], 2, &["without a path"]),
    (&["serve", "--event-store", "postgre://x"], 2, &["postgre", "postgres://"]),
    (&["serve", "--event-store", "memory:data"], 2, &["keeps nothing"]),
    (&["serve", "--role", "cashier"], 2, &["cashier", "inventory"]),
    (&["serve", "--api-keys", "none.json", "--listen", "0"], 2, &["none.json"]),
    (&["serve", "--tls-certificate", "file.csv"], 2, &["--tls-key"]),
    (&["serve", "--tls-certificate", "none", "--tls-key", "none", "--listen", "0"], 2, &["none"]),
    (&["serve", "--shards", "0"], 2, &["1..=256"]),
    (&["demo", "--listen", "256.0.0.1:1"], 2, &["localhost:8000"]),
    (&["import", "stores", "none.csv"], 2, &["none.csv", "No such file"]),
    (&["import", "stores", "file.csv"], 2, &["code"]),
    (&["import", "products", "file.csv", "--currency", "reais"], 2, &["reais"]),
    (&["import", "cashiers", "file.csv"], 2, &["unrecognized subcommand"]),
    (&["import", "stores", "file.csv", "--max-rejected", "few"], 2, &["few"]),
    (&["import", "stock", "file.csv", "--url", "shop"], 2, &["http://127.0.0.1:8000"]),
    (&["import", "stock", "file.csv", "--url", "http://127.0.0.1:1"], 2, &["127.0.0.1:1"]),
    (&["import", "stock", "none.csv", "--url", "http://127.0.0.1:1"], 2, &["none.csv"]),
    (
        &["import", "sales", "file.csv", "--derive-catalogue", "--url", "http://127.0.0.1:1"],
        2,
        &["--derive-catalogue", "--url"],
    ),
    (&["import", "stock", "file.csv"], 2, &["store_code"]),
    (&["import", "stock", "-"], 2, &["empty"]),
    (&["import", "counts", "file.csv"], 2, &["store_code"]),
    (&["import", "sales", "file.csv"], 2, &["store_code"]),
    (&["import", "transfers", "file.csv"], 2, &["reference"]),
    (&["import", "categories", "file.csv"], 2, &["code"]),
    (&["import", "suppliers", "file.csv"], 2, &["code"]),
    (&["import", "supplier-offers", "file.csv"], 2, &["sku"]),
    (&["status", "--url", "http://127.0.0.1:1"], 2, &["127.0.0.1:1"]),
    (&["stock", "--store", "S1", "--url", "http://127.0.0.1:1"], 2, &["127.0.0.1:1"]),
    (&["hold", "show", "H-1", "--url", "http://127.0.0.1:1"], 2, &["H-1"]),
    (&["history", "S1", "P1", "--url", "http://127.0.0.1:1"], 2, &["127.0.0.1:1"]),
    (&["demo", "--data-dir", ".", "--listen", "0"], 2, &["file.csv", "--data-dir"]),
    (&["export", "stock"], 2, &["data"]),
    (&["export", "stock", "--url", "http://127.0.0.1:1"], 2, &["127.0.0.1:1"]),
    (
        &["export", "events", "--personal", "--url", "http://127.0.0.1:1"],
        2,
        &["--personal", "--url"],
    ),
    (&["export", "cashiers"], 2, &["unrecognized subcommand"]),
    (&["backup", "--to", "gs://backups"], 2, &["gs", "s3://BUCKET/PREFIX"]),
    (&["backup", "--to", "file://backups"], 2, &["file:///FOLDER"]),
    (&["backup", "--to", "../backups"], 2, &["data"]),
    (&["restore", "--from", "none", "--data-dir", "new"], 2, &["none"]),
    (&["serve", "--backup-to", "ftp://backups", "--listen", "0"], 2, &["ftp", "file:///FOLDER"]),
    (&["verify"], 2, &["data"]),
    (&["verify", "--acked", "none"], 2, &["none"]),
    (&["rebuild-views"], 2, &["data"]),
    (&["accept-older-log"], 2, &["data"]),
    (&["migrate"], 2, &["brought up to date when it is opened"]),
    (&["sagas", "list", "--server", "http://127.0.0.1:1"], 2, &["127.0.0.1:1"]),
    (&["sagas", "show", "T-1"], 2, &["T-1"]),
    (&["sagas", "cancel", "x"], 2, &["'x'", "an id is expected"]),
    (&["hold", "show", "nonsense"], 2, &["'nonsense'", "an id is expected", "018f9a3e"]),
    (&["hold", "make", "S1", "P1", "abc"], 2, &["'abc'", "<QUANTITY>", "a whole number"]),
    (
        &["hold", "make", "S1", "P1", "99999999999999999999"],
        2,
        &["99999999999999999999", "a smaller number"],
    ),
    (&["transfers", "request", "S1", "S2", "P1"], 2, &["'P1'", "<PRODUCT=UNITS>", "PROD123456=24"]),
    (&["transfers", "list", "--status", "lost"], 2, &["'lost'", "--status <STATUS>", "inTransit"]),
    (&["transfers", "list", "--url", "http://127.0.0.1:1"], 2, &["127.0.0.1:1"]),
    (&["serve", "--shards", "x"], 2, &["'x'", "--shards <1..256>", "a whole number"]),
    (&["config", "check", "--config", "many.toml"], 2, &["shards = \"many\"", "a whole number"]),
    (&["privacy", "forget", "C-1"], 2, &["--yes"]),
    (&["keys", "list", "--api-keys", "none.json"], 2, &["none.json"]),
    (
        &["keys", "create", "--api-keys", "keys.json", "--name", "till", "--role", "cashier"],
        2,
        &["cashier"],
    ),
    (&["bench", "--scenario", "everything"], 2, &["everything", "spread"]),
    (&["config", "check", "--config", "wrong.toml"], 2, &["wrong.toml", "listem", "listen"]),
    (&["openapi", "--out", "no/folder/openapi.json"], 2, &["no/folder/openapi.json"]),
    (&["completions", "cmd"], 2, &["cmd", "bash"]),
];

#[test]
fn a_mistake_is_answered_with_its_remedy_and_leaves_nothing_behind() {
    let mut wrong = Vec::new();
    for (arguments, code, words) in MISTAKES {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file.csv"), "colour,size\nred,5\n").unwrap();
        std::fs::write(folder.path().join("wrong.toml"), "listem = \"127.0.0.1:0\"\n").unwrap();
        std::fs::write(folder.path().join("many.toml"), "shards = \"many\"\n").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
        let output = command.current_dir(folder.path()).args(*arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let mut left: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !["file.csv", "wrong.toml", "many.toml"].contains(&name.as_str()))
            .collect();
        left.sort();
        let missing: Vec<_> = words.iter().filter(|word| !said.contains(**word)).collect();
        if output.status.code() != Some(*code) || !left.is_empty() || !missing.is_empty() {
            let code = output.status.code();
            wrong.push(format!(
                "{arguments:?}: exit {code:?}, left {left:?}, lacks {missing:?}\n{said}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_variable_is_told_like_a_flag() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
    let output = command.args(["config", "show"]).env("GONDOLA_SHARDS", "x").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("'x' for '--shards <1..256>': a whole number is expected"), "{said}");
}
