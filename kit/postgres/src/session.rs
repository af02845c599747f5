//! A connection of its own, for the writer and for the follower of the log's end.

use std::future::poll_fn;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{AsyncMessage, Client, Connection, Error, NoTls, Socket};

use crate::database::Database;

/// Announcements that may wait to be read; polling makes up for what does not fit.
const ANNOUNCEMENTS_MAX: usize = 64;

/// An open connection, closed when it is dropped.
pub(crate) struct Session {
    pub(crate) client: Client,
    /// Payloads of `NOTIFY`; ends with the connection.
    pub(crate) announcements: mpsc::Receiver<String>,
    driver: JoinHandle<()>,
}

impl Session {
    pub(crate) async fn open(database: &Database) -> Result<Self, Error> {
        let (client, connection) = database.config().connect(NoTls).await?;
        let (sender, announcements) = mpsc::channel(ANNOUNCEMENTS_MAX);
        let driver = tokio::spawn(drive(connection, sender));
        Ok(Self { client, announcements, driver })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Moves the bytes of a connection until it ends.
async fn drive(mut connection: Connection<Socket, NoTlsStream>, sender: mpsc::Sender<String>) {
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        match message {
            Ok(AsyncMessage::Notification(announcement)) => {
                drop(sender.try_send(announcement.payload().to_owned()));
            }
            Ok(AsyncMessage::Notice(notice)) => {
                tracing::warn!(message = notice.message(), "database_notice");
            }
            Ok(_) => {}
            // who uses the client is told as well
            Err(_) => return,
        }
    }
}
