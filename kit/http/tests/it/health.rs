//! Answers to health probes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kit_http::{Check, Health, Readiness};
use serde_json::json;

use crate::fetch;

#[tokio::test]
async fn each_dependency_is_named() {
    let broken = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&broken);
    let flaky = Check::new("eventStore", move || {
        let broken = seen.load(Ordering::Relaxed);
        async move { if broken { Err("disk full".to_owned()) } else { Ok(()) } }
    });
    let readiness = Readiness::new(vec![flaky, Check::new("views", || async { Ok(()) })]);
    let app = readiness.routes();

    let up = json!({"status": "UP", "components": {"eventStore": {"status": "UP"}, "views": {"status": "UP"}}});
    for uri in ["/health", "/health/ready"] {
        let answer = fetch(&app, uri).await;
        assert_eq!((answer.status.as_u16(), answer.body), (200, up.clone()));
    }

    broken.store(true, Ordering::Relaxed);
    let answer = fetch(&app, "/health/ready").await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.body["status"], "DOWN");
    assert_eq!(answer.body["components"]["eventStore"]["detail"], "disk full");
    assert_eq!(answer.body["components"]["views"]["status"], "UP");
    let live = fetch(&app, "/health/live").await;
    assert_eq!((live.status.as_u16(), live.body), (200, json!({"status": "UP"})));
}

#[tokio::test]
async fn draining_comes_before_everything() {
    let readiness = Readiness::new(vec![]);
    let app = readiness.routes();
    assert_eq!(fetch(&app, "/health/ready").await.status, 200);
    readiness.drain();
    assert!(readiness.is_draining());
    let answer = fetch(&app, "/health/ready").await;
    assert_eq!((answer.status.as_u16(), &answer.body["status"]), (503, &json!("OUT_OF_SERVICE")));
    assert_eq!(fetch(&app, "/health/live").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_check_that_hangs_or_panics_is_down() {
    let hangs = Check::new("hangs", std::future::pending::<Result<(), String>>);
    let panics = Check::new("panics", || async { panic!("broken check") });
    let answer = fetch(&Readiness::new(vec![hangs, panics]).routes(), "/health").await;
    assert_eq!(answer.status, 503);
    for name in ["hangs", "panics"] {
        let component = json!({"status": "DOWN", "detail": "no answer"});
        assert_eq!(answer.body["components"][name], component);
    }
}

#[tokio::test]
async fn a_degraded_dependency_is_named_and_keeps_nobody_away() {
    let degraded = Check::graded("views", || async { Health::Degraded("one row".to_owned()) });
    let up = Check::new("eventStore", || async { Ok(()) });
    let down = Check::new("eventStore", || async { Err("gone".to_owned()) });
    let answer = fetch(&Readiness::new(vec![degraded.clone(), up]).routes(), "/health/ready").await;
    let views = json!({"status": "DEGRADED", "detail": "one row"});
    assert_eq!((answer.status.as_u16(), &answer.body["status"]), (200, &json!("DEGRADED")));
    assert_eq!(answer.body["components"]["views"], views);
    let answer = fetch(&Readiness::new(vec![degraded, down]).routes(), "/health/ready").await;
    assert_eq!((answer.status.as_u16(), &answer.body["status"]), (503, &json!("DOWN")));
    assert_eq!(answer.body["components"]["views"], views);
}
