//! Views in a database, which one of several processes keeps for all of them.

use std::time::{Duration, Instant};

use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::oversell::{PRODUCT, STORE, add};
use crate::random::Random;
use crate::server::{Server, wait_until};
use crate::settings::whole_machine;

/// Longest time until another process shows what is written, after the one that kept the views was killed.
const TAKEN_OVER_MAX: Duration = Duration::from_secs(10);

/// Writes by one process, and reads plainly by another until it shows the new units; how long that took.
fn shown_after_a_write(writer: &Server, reader: &Server, units: u64) -> Duration {
    add(writer, PRODUCT, 1);
    let began = Instant::now();
    let path = format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}");
    wait_until("the other process shows it", || {
        let reply = reader.client().get(&path).unwrap();
        if reply.body["onHand"].as_u64() == Some(units) { Ok(()) } else { Err(reply) }
    });
    began.elapsed()
}

#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn shared_views_are_kept_by_another_process_when_the_one_that_did_is_killed() {
    let _machine = whole_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("shared views"));
    let database = Database::new(Kind::Postgres, &mut random);
    let processes = database.processes_with_views(&folder);
    let mut servers = processes.each_ref().map(|data| Some(data.serve()));
    let mut units = 0;
    // each of them once: one of the two keeps the views
    for victim in [0, 1] {
        let [one, other] = servers.each_ref().map(|server| server.as_ref().unwrap());
        for (writer, reader) in [(one, other), (other, one)] {
            units += 1;
            let took = shown_after_a_write(writer, reader, units);
            eprintln!("shown by the other process after {} ms", took.as_millis());
        }
        servers[victim].take().unwrap().kill();
        let left = servers[1 - victim].as_ref().unwrap();
        let began = Instant::now();
        add(left, PRODUCT, 1);
        units += 1;
        let path =
            format!("/api/v1/inventory/stores/{STORE}/products?sort=available&minPosition={units}");
        let body = wait_until("the views go on", || {
            let reply = left.client().get(&path).unwrap();
            if reply.status == 200 { Ok(reply.expect(200)) } else { Err(reply) }
        });
        assert_eq!(body["items"][0]["onHand"].as_u64(), Some(units));
        let took = began.elapsed();
        eprintln!("went on {} ms after the kill", took.as_millis());
        assert!(took < TAKEN_OVER_MAX, "{took:?}");
        servers[victim] = Some(processes[victim].serve());
    }
    for server in servers.into_iter().flatten() {
        server.stop();
    }
    // verify compares what is in the database, with statements of its own
    assert!(processes[0].verify(None).contains("I6"));
    let spoil = "UPDATE inventory_views.stock_levels_0 SET on_hand = on_hand + 1";
    database.run(spoil);
    let (held, said) = processes[1].verified(None);
    assert!(!held && said.contains("I6"), "{said}");
}
