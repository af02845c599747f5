//! `--event-store`: what it takes, and what is said about what it does not take.

use crate::gondola::Place;

#[test]
fn an_unknown_event_store_is_refused_with_those_that_exist() {
    for command in ["serve", "verify", "rebuild-views"] {
        let output = Place::new("oracle://db/gondola").run(&[command]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        for part in ["oracle", "sqlite:", "jsonl:", "postgres:", "memory:"] {
            assert!(told.contains(part), "{part} is not in {told}");
        }
    }
}
