//! The answers of a bulk write on their way to a client that may be slow to read them.

use axum::body::Bytes;
use tokio::sync::mpsc;
use tokio::task::coop::consume_budget;

use super::answer::BatchAnswer;

/// Bytes after which a piece of answers is sent.
const PIECE_BYTES: usize = 64 << 10;

/// Pieces that wait for the client, 8 MiB in all; then the work waits for it too.
const PIECES_MAX: usize = 128;

/// The client reads no more.
pub(super) struct Gone;

/// Sends answers in pieces.
pub(super) struct Answers {
    piece: Vec<u8>,
    pieces: mpsc::Sender<Bytes>,
}

impl Answers {
    /// An empty answer, and where its pieces arrive.
    pub(super) fn new() -> (Self, mpsc::Receiver<Bytes>) {
        let (pieces, arriving) = mpsc::channel(PIECES_MAX);
        (Self { piece: Vec::new(), pieces }, arriving)
    }

    /// Adds the answer to a line.
    pub(super) async fn write(&mut self, answer: &BatchAnswer<'_>) -> Result<(), Gone> {
        // many lines without a wait would keep the thread from others
        consume_budget().await;
        // plain structs of numbers and texts always serialise, and a vector takes everything
        if serde_json::to_writer(&mut self.piece, answer).is_ok() {
            self.piece.push(b'\n');
        }
        if self.piece.len() >= PIECE_BYTES {
            self.send().await?;
        }
        Ok(())
    }

    /// Sends what there is, and waits while too much waits for the client.
    pub(super) async fn send(&mut self) -> Result<(), Gone> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE_BYTES));
        self.pieces.send(piece.into()).await.map_err(|_| Gone)
    }
}
