//! What a server says of itself when it starts, and of the disk that its data is on.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::gondola::Place;
use crate::roles::get;

#[test]
fn the_start_tells_program_data_and_time_and_health_knows_the_disk() {
    let place = Place::new("sqlite");
    place.write("stores.csv", "code\nS1\nS2\n");
    place.told(&["import", "stores", "stores.csv"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
    command.current_dir(place.path("")).args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--log-format",
        "json",
    ]);
    let log = std::fs::File::create(place.path("log")).unwrap();
    command.stdout(Stdio::piped()).stderr(log);
    let mut server = command.spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    let address = first.split("http://").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let told = lines.find(|line| line.contains("version")).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    for what in [
        format!("version {version}, SQLite, data in data, inventory up to position 0"),
        "store up to position 2".to_owned(),
        "started in ".to_owned(),
    ] {
        assert!(told.contains(&what), "{what}: {told}");
    }
    let answer = get(&address, "/health");
    let health: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let disk = &health["components"]["dataDisk"]["status"];
    assert!(["UP", "DEGRADED"].iter().any(|status| disk == status), "{health}");
    assert_eq!(health["components"]["inventoryLog"]["status"], "UP", "{health}");
    assert!(health["components"].get("logDisk").is_none(), "the logs are on the same: {health}");
    server.kill().unwrap();
    server.wait().unwrap();
    let log = place.read("log");
    let started =
        log.lines().find(|line| line.contains("\"started\"")).unwrap_or_else(|| panic!("{log}"));
    let started: Value = serde_json::from_str(started).unwrap();
    assert_eq!(started["store_position"], 2, "{started}");
    assert_eq!(started["version"], version, "{started}");
    assert!(started["took_ms"].is_number(), "{started}");
}
