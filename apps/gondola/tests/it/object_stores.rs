//! `gondola backup`, `gondola restore` and the schedule of `serve` with a bucket of an object store.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use kit_core::{Clock as _, IdSource as _, RandomIds, SystemClock};

use crate::gondola::Place;
use crate::roles::send;

/// An address or key of the object store that `scripts/services-up` has started.
#[expect(clippy::disallowed_methods, reason = "where servers are is told by the environment")]
fn server(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: make services-up"))
}

/// A place of its own in the bucket.
fn new_place() -> String {
    let id = RandomIds.next_id(SystemClock.now());
    format!("s3://{}/{id}", server("GONDOLA_TEST_S3_BUCKET"))
}

/// A command that is told how the object store is reached, with a file of the key.
fn reaching(mut command: Command, place: &Place) -> Command {
    let (key_id, secret) = (server("GONDOLA_TEST_S3_KEY_ID"), server("GONDOLA_TEST_S3_SECRET"));
    let file =
        format!("[default]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n");
    place.write("credentials", &file);
    command.env("AWS_ENDPOINT_URL", server("GONDOLA_TEST_S3")).env("AWS_ALLOW_HTTP", "true");
    command.env("AWS_SHARED_CREDENTIALS_FILE", place.path("credentials"));
    command
}

#[track_caller]
fn told(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{error}{told}");
    told.into_owned()
}

fn restored(place: &Place, from: &str, to: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
    command.current_dir(place.path("")).args(["--log", "warn", "restore", "--from", from]);
    command.args(["--data-dir", to]);
    reaching(command, place).output().unwrap()
}

/// A shop with one product in one store.
fn shop(place: &Place) {
    place.write("stores.csv", "code\nS1\n");
    place.write("products.csv", "sku,name\nP1,One\n");
    place.write("stock.csv", "store_code,sku,quantity\nS1,P1,100\n");
    for what in ["stores", "products", "stock"] {
        place.told(&["import", what, &format!("{what}.csv")]);
    }
}

#[ignore = "needs an object store: make test-services"]
#[test]
fn a_backup_in_a_bucket_is_proved_incremental_and_restored() {
    for kind in ["sqlite", "jsonl"] {
        let (place, bucket) = (Place::new(kind), new_place());
        shop(&place);
        place.write("more.csv", "code\nS2\nS3\n");
        let backup = |more: &[&str]| {
            let arguments = [&["backup", "--to", &bucket], more].concat();
            told(&reaching(place.command(&arguments), &place).output().unwrap())
        };
        let first = backup(&[]);
        assert!(first.contains("have their checksums, and restored I1"), "{kind}: {first}");
        place.told(&["import", "stores", "more.csv"]);
        let second = backup(&["--unchecked"]);
        assert!(second.contains(": 2 new events,"), "{kind}: only what is new: {second}");
        let again = told(&restored(&place, &bucket, "again"));
        assert!(
            again.contains("verified: I1") && again.contains("store      up to position 4"),
            "{again}"
        );
        // a place without one
        let none = restored(&place, &new_place(), "none");
        let error = String::from_utf8_lossy(&none.stderr);
        assert!(error.contains("there is no backup in s3://"), "{error}");
        assert!(!place.path("none").exists());
    }
}

#[ignore = "needs an object store: make test-services"]
#[test]
fn a_wrong_key_is_told_and_what_was_there_stays() {
    let (place, bucket) = (Place::new("sqlite"), new_place());
    shop(&place);
    let backup = || place.command(&["backup", "--unchecked", "--to", &bucket]);
    told(&reaching(backup(), &place).output().unwrap());
    let mut wrong = reaching(backup(), &place);
    let wrong = wrong.env("AWS_ACCESS_KEY_ID", "somebody").env("AWS_SECRET_ACCESS_KEY", "hidden");
    let refused = wrong.output().unwrap();
    let error = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{error}");
    assert!(
        error.contains("refuses the key (InvalidAccessKeyId)") && !error.contains("hidden"),
        "{error}"
    );
    let address = bucket.replace("s3://", "s3://AKIA:hidden@");
    let refused = place.command(&["backup", "--to", &address]).output().unwrap();
    let error = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{error}");
    assert!(error.contains("AWS_SHARED_CREDENTIALS_FILE"), "{error}");
    let mut plain = backup();
    plain.env("AWS_ENDPOINT_URL", server("GONDOLA_TEST_S3")).env("AWS_ALLOW_HTTP", "false");
    let error = String::from_utf8_lossy(&plain.output().unwrap().stderr).into_owned();
    assert!(error.contains("AWS_ALLOW_HTTP=true"), "{error}");
    let again = told(&restored(&place, &bucket, "again"));
    assert!(again.contains("store      up to position 2"), "{again}");
}

#[ignore = "needs an object store: make test-services"]
#[test]
fn the_schedule_of_a_server_backs_up_to_a_bucket() {
    let (place, bucket) = (Place::new("sqlite"), new_place());
    let arguments =
        ["serve", "--listen", "127.0.0.1:0", "--backup-every", "1", "--backup-to", &bucket];
    let mut command = reaching(place.command(&arguments), &place);
    let log = std::fs::File::create(place.path("log")).unwrap();
    let mut server = command.stdout(std::process::Stdio::piped()).stderr(log).spawn().unwrap();
    let mut first = String::new();
    let mut lines = std::io::BufReader::new(server.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut lines, &mut first).unwrap();
    let address = first.split("http://").nth(1).unwrap().split(' ').next().unwrap();
    let body = r#"{"storeId":"00000000-0000-4000-8000-000000000001","productId":"00000000-0000-4000-8000-000000000002","quantity":1}"#;
    let answer = send(address, "POST", "/api/v1/inventory/stock", body);
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    let began = Instant::now();
    let mut round = 0;
    loop {
        round += 1;
        let output = restored(&place, &bucket, &format!("restored-{round}"));
        let told = String::from_utf8_lossy(&output.stdout);
        // a backup may have been made before anything happened
        if output.status.success() && told.contains("inventory  up to position 1") {
            break;
        }
        let error = String::from_utf8_lossy(&output.stderr);
        let in_time = began.elapsed() < Duration::from_mins(1);
        assert!(in_time, "{told}{error}\n{}", place.read("log"));
        std::thread::sleep(Duration::from_millis(300));
    }
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(!place.read("log").contains("backup_failed"), "{}", place.read("log"));
}
