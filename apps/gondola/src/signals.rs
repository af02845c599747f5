//! What a signal does: the first one begins the drain, a second Ctrl-C ends the process at once.

use std::io;
use std::time::Duration;

use kit_http::Readiness;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Exit code of a process that Ctrl-C has ended, as shells have it.
const INTERRUPTED: i32 = 130;

/// The signals that end a server.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Catches them from now on.
    pub(crate) fn catch() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for a signal; then readiness fails, and after a while the door closes. Goes on waiting: at the next Ctrl-C
    /// the process ends, with what was acknowledged on disk as always.
    pub(crate) async fn drain(
        mut self,
        readiness: Readiness,
        delay: Duration,
        door: CancellationToken,
    ) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        tracing::info!("draining");
        readiness.drain();
        // its checks keep the contexts running that are about to end
        drop(readiness);
        tokio::select! {
            _ = self.interrupt.recv() => end_at_once(),
            () = tokio::time::sleep(delay) => door.cancel(),
        }
        self.interrupt.recv().await;
        end_at_once();
    }
}

/// In a debug build, SIGUSR1 lets this critical task or thread panic: what becomes of that is tested on the whole product.
/// The shipped product has nothing of it.
#[cfg(debug_assertions)]
pub(crate) fn panic_on_signal(name: String) -> io::Result<()> {
    let mut told = signal(SignalKind::user_defined1())?;
    tokio::spawn(async move {
        told.recv().await;
        kit_process::arm(name);
    });
    Ok(())
}

fn end_at_once() {
    tracing::warn!("interrupted_again_process_ends");
    std::process::exit(INTERRUPTED);
}
