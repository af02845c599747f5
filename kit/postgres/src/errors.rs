//! What an error of the database means: for what was to be written, and for people.

use kit_event_store::shared_log::{Failed, Failure};
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, Severity, SqlState};

/// What became of a statement that is a transaction of its own.
pub(crate) fn failure(error: &Error) -> Failure {
    let became = error.as_db_error().map_or(Failed::Unknown, refused);
    Failure { became, reason: told(error) }
}

fn refused(error: &DbError) -> Failed {
    let code = error.code();
    let fatal = matches!(error.parsed_severity(), Some(Severity::Fatal | Severity::Panic));
    // 08: the connection, 57P: the server goes down
    let ended = ["08", "57P"].iter().any(|class| code.code().starts_with(class));
    if fatal || ended || *code == SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN {
        Failed::Unknown
    } else if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(code)
    {
        Failed::ByOthers
    } else {
        Failed::NothingWritten
    }
}

/// The error as people read it: what the server said, else what became of the connection.
pub(crate) fn told(error: &Error) -> String {
    let Some(refused) = error.as_db_error() else {
        use std::error::Error as _;
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        return format!("{error}{cause}");
    };
    let detail = refused.detail().map(|detail| format!(" ({detail})")).unwrap_or_default();
    format!("{}{detail} [{}]", refused.message(), refused.code().code())
}
