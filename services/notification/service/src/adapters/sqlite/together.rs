//! Writes that share a flush: all that wait when the writer comes to them are carried out in one transaction.

use std::sync::{Arc, Mutex, PoisonError};

use kit_event_store::projection::ProjectionError;
use kit_sqlite::Background;
use tokio::sync::oneshot;

use super::state::State;
use crate::use_cases::WriteError;

/// Carries out all of these, with an answer for each in their order, or none.
type WriteAll<W, A> = fn(&mut State, &[W]) -> Result<Vec<A>, WriteError>;

/// One that waits, and who wants to know.
struct Waiting<W, A> {
    wanted: W,
    reply: oneshot::Sender<Result<A, WriteError>>,
}

/// Writes of one kind that wait for the writer.
pub(super) struct Together<W, A> {
    waiting: Arc<Mutex<Vec<Waiting<W, A>>>>,
    write_all: WriteAll<W, A>,
}

impl<W: Send + 'static, A: Send + 'static> Together<W, A> {
    pub(super) fn new(write_all: WriteAll<W, A>) -> Self {
        Self { waiting: Arc::default(), write_all }
    }

    /// Has the writer carry this out, with whatever else waits by then.
    pub(super) async fn write(
        &self,
        writer: &Background<State>,
        wanted: W,
    ) -> Result<A, WriteError> {
        let (reply, answer) = oneshot::channel();
        let one = Waiting { wanted, reply };
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(one);
        let (waiting, write_all) = (Arc::clone(&self.waiting), self.write_all);
        // the first that comes to its turn takes all that wait
        let take_all = move |state: &mut State| {
            let all = std::mem::take(&mut *waiting.lock().unwrap_or_else(PoisonError::into_inner));
            carry_out(state, all, write_all);
            Ok::<_, ProjectionError>(())
        };
        let gone = |why: String| WriteError::Failed(why);
        writer.run(take_all).await.map_err(|error| gone(error.to_string()))?;
        answer.await.map_err(|_| gone("it was not written".to_owned()))?
    }
}

fn carry_out<W, A>(state: &mut State, all: Vec<Waiting<W, A>>, write_all: WriteAll<W, A>) {
    if all.is_empty() {
        return;
    }
    let (wanted, replies): (Vec<W>, Vec<_>) =
        all.into_iter().map(|Waiting { wanted, reply }| (wanted, reply)).unzip();
    // who has gone asks again
    match write_all(state, &wanted) {
        Ok(answers) => {
            for (reply, answer) in replies.into_iter().zip(answers) {
                drop(reply.send(Ok(answer)));
            }
        }
        Err(error) => {
            for reply in replies {
                drop(reply.send(Err(error.clone())));
            }
        }
    }
}
