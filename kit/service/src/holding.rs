//! Work that holds a permit for as long as it lasts, and not for as long as somebody waits for it.

use std::panic::resume_unwind;

/// Does work to its end, and lets go of what it holds only then, also when the caller leaves before.
///
/// A caller that leaves drops what it waits for, but not a thread that reads a file for it. A permit that bounds such
/// threads must stay with the work.
pub async fn holding<T: Send + 'static>(
    held: impl Send + 'static,
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    let whole = async move {
        let done = work.await;
        drop(held);
        done
    };
    match tokio::spawn(kit_trace::carry(whole)).await {
        Ok(done) => done,
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // the runtime ends, and the caller with it
            Err(_) => std::future::pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::sync::{Notify, Semaphore};

    use super::holding;

    #[tokio::test]
    async fn what_is_held_is_held_until_the_work_is_done_though_the_caller_leaves() {
        let (permits, may_end) = (Arc::new(Semaphore::new(1)), Arc::new(Notify::new()));
        let permit = Arc::clone(&permits).acquire_owned().await.unwrap();
        let end = Arc::clone(&may_end);
        let waiting = holding(permit, async move { end.notified().await });
        tokio::time::timeout(Duration::from_millis(10), waiting).await.unwrap_err();
        assert_eq!(permits.available_permits(), 0, "the caller has left, the work has not");
        may_end.notify_one();
        drop(permits.acquire().await.unwrap());
    }

    #[tokio::test]
    #[should_panic(expected = "on purpose")]
    async fn a_panic_in_the_work_is_one_of_the_caller() {
        holding((), async { panic!("on purpose") }).await;
    }
}
