//! Whether the server keeps what it has acknowledged, and shows nothing that it may yet lose.

use mysql_async::Conn;
use mysql_async::prelude::Queryable as _;

use crate::database::DatabaseError;
use crate::migrations::refused;

/// What must be set, to what. Without its binary log the server shows a commit to others a moment before it is on disk: they
/// would have seen an event that a crash takes back.
const NEEDED: [(&str, &str); 4] = [
    ("innodb_flush_log_at_trx_commit", "1"),
    ("innodb_doublewrite", "1"),
    ("log_bin", "1"),
    ("sync_binlog", "1"),
];

/// Refuses a server that answers before a commit is on disk.
pub(crate) async fn ensure_durable(conn: &mut Conn) -> Result<(), DatabaseError> {
    for (setting, needed) in NEEDED {
        let sql = format!("SELECT @@global.{setting}");
        let value: Option<String> = conn.query_first(sql).await.map_err(|error| refused(&error))?;
        let value = value.unwrap_or_default();
        // MySQL has words for some of them
        if value != needed && !value.eq_ignore_ascii_case("ON") {
            return Err(DatabaseError::NotDurable { setting, value, needed });
        }
    }
    Ok(())
}
