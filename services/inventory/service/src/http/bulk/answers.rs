//! The answers of a bulk write on their way to a client that may be slow to read them.

use axum::body::Bytes;
use tokio::sync::mpsc;
use tokio::task::coop::consume_budget;

use super::answer::BatchAnswer;
use super::format::Format;

/// Bytes after which a piece of answers is sent.
const PIECE_BYTES: usize = 64 << 10;

/// Pieces that wait for the client, 8 MiB in all; then the work waits for it too.
const PIECES_MAX: usize = 128;

/// The client reads no more.
pub(super) struct Gone;

/// Sends answers in pieces.
pub(super) struct Answers {
    format: Format,
    /// Whether nothing was written yet.
    is_first: bool,
    piece: Vec<u8>,
    pieces: mpsc::Sender<Bytes>,
}

impl Answers {
    /// An empty answer, and where its pieces arrive.
    pub(super) fn new(format: Format) -> (Self, mpsc::Receiver<Bytes>) {
        let (pieces, arriving) = mpsc::channel(PIECES_MAX);
        (Self { format, is_first: true, piece: Vec::new(), pieces }, arriving)
    }

    /// Adds the answer to a line.
    pub(super) async fn write(&mut self, answer: &BatchAnswer<'_>) -> Result<(), Gone> {
        // many lines without a wait would keep the thread from others
        consume_budget().await;
        if self.format == Format::Array {
            self.piece.push(if self.is_first { b'[' } else { b',' });
        }
        self.is_first = false;
        // plain structs of numbers and texts always serialise, and a vector takes everything
        if serde_json::to_writer(&mut self.piece, answer).is_ok() && self.format == Format::Lines {
            self.piece.push(b'\n');
        }
        if self.piece.len() >= PIECE_BYTES {
            self.send().await?;
        }
        Ok(())
    }

    /// Ends them: an array is whole only then.
    pub(super) async fn end(&mut self) -> Result<(), Gone> {
        if self.format == Format::Array {
            let end: &[u8] = if self.is_first { b"[]" } else { b"]" };
            self.piece.extend_from_slice(end);
        }
        self.send().await
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
