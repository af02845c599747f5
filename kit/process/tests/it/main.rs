//! Processes of their own in which something critical panics.

use std::sync::mpsc::channel;

use kit_process::{critical_task, critical_thread, end};
use kit_testkit::process::assert_ends_process;

#[test]
fn a_panic_in_a_critical_task_ends_the_process() {
    assert_ends_process("a_panic_in_a_critical_task_ends_the_process", async || {
        let task = critical_task("bad", async { panic!("on purpose") });
        drop(tokio::spawn(task).await);
    });
}

#[test]
fn a_panic_in_a_critical_thread_ends_the_process() {
    assert_ends_process("a_panic_in_a_critical_thread_ends_the_process", async || {
        drop(critical_thread("bad", end, || panic!("on purpose")).unwrap().join());
    });
}

#[tokio::test]
async fn what_does_not_panic_just_ends() {
    assert_eq!(critical_task("good", async { 7 }).await, 7);
    let (told, heard) = channel();
    let thread = critical_thread("good", move |why| told.send(why.to_owned()).unwrap(), || {});
    thread.unwrap().join().unwrap();
    assert!(heard.recv().is_err(), "nobody was told");
}

#[test]
fn a_panic_in_a_thread_is_told_with_its_name_and_cause() {
    let (told, heard) = channel();
    let on_panic = move |why: &str| told.send(why.to_owned()).unwrap();
    let thread = critical_thread("writer", on_panic, || panic!("number {}", 7)).unwrap();
    assert!(thread.join().is_err());
    assert_eq!(heard.recv().unwrap(), "the critical thread writer has panicked: number 7");
}
