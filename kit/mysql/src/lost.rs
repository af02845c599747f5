//! Sessions that were lost in the middle of an append: the server may still be about to run it.

use std::time::{Duration, Instant};

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error};
use parking_lot::Mutex;

use crate::sql::text;

/// Longest wait for a session to end.
const END_WAIT_MAX: Duration = Duration::from_secs(3);

/// Pause between two looks.
const LOOK_PAUSE: Duration = Duration::from_millis(5);

/// The server knows no session of this number (any more).
const NO_SUCH_SESSION: u16 = 1094;

/// A lock by name that a session holds for as long as it lives: it tells the session from a later one with the same number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark(pub(crate) String);

impl Mark {
    /// The session that has it; `None` when it is gone.
    async fn holder(&self, conn: &mut Conn) -> Result<Option<u64>, Error> {
        let holder = conn.query_first(format!("SELECT IS_USED_LOCK({})", text(&self.0))).await?;
        Ok(holder.flatten())
    }

    /// Ends the session; true when it is gone, with all that it had not committed.
    async fn end(&self, conn: &mut Conn) -> Result<bool, Error> {
        let began = Instant::now();
        while let Some(session) = self.holder(conn).await? {
            if began.elapsed() > END_WAIT_MAX {
                return Ok(false);
            }
            match conn.query_drop(format!("KILL CONNECTION {session}")).await {
                Err(Error::Server(refused)) if refused.code == NO_SUCH_SESSION => {}
                killed => killed?,
            }
            tokio::time::sleep(LOOK_PAUSE).await;
        }
        Ok(true)
    }
}

/// The sessions whose last append has an unknown outcome, or has been given up.
#[derive(Debug, Default)]
pub(crate) struct LostSessions(Mutex<Vec<Mark>>);

impl LostSessions {
    pub(crate) fn add(&self, mark: Mark) {
        self.0.lock().push(mark);
    }

    /// Makes sure that none of them writes any more: what is in the log then is all that ever will be. False when one of
    /// them does not end in time.
    pub(crate) async fn end_all(&self, conn: &mut Conn) -> Result<bool, Error> {
        let lost = self.0.lock().clone();
        for mark in lost {
            if !mark.end(conn).await? {
                return Ok(false);
            }
            self.0.lock().retain(|other| *other != mark);
        }
        Ok(true)
    }
}
