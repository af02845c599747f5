//! Which database and schema a log is in, and what every connection to it is told first.

use std::time::Duration;

use kit_database::{PasswordFile, split_password_file};
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

/// Longest wait for a connection.
pub(crate) const CONNECT_WAIT_MAX: Duration = Duration::from_secs(5);

/// Longest run of a statement; the database ends it then, and nothing of it is written.
pub(crate) const STATEMENT_MAX: Duration = Duration::from_secs(10);

/// Longest wait of a statement for a lock, that of the log among them.
const LOCK_WAIT_MAX: Duration = Duration::from_secs(5);

/// Longest pause within a transaction; the database ends the connection then.
const IDLE_IN_TRANSACTION_MAX: Duration = Duration::from_secs(15);

/// Quiet time after which a connection is probed, and the time between probes.
const KEEPALIVE: Duration = Duration::from_secs(5);

/// Probes without an answer after which a connection is given up.
const KEEPALIVE_PROBES: u32 = 3;

/// Longest wait for the other side to confirm what was sent.
const UNCONFIRMED_MAX: Duration = Duration::from_secs(15);

/// Longest name that PostgreSQL keeps.
const NAME_LENGTH_MAX: usize = 63;

/// A schema of a database, with the role that uses it.
#[derive(Clone, Debug)]
pub struct Database {
    config: Config,
    password: Option<PasswordFile>,
    pub(crate) schema: String,
}

/// A log cannot be opened or migrated.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address is none.
    #[error("this is no address like postgres://user:password@host:5432/database: {0}")]
    Url(String),
    /// The name of the schema is none.
    #[error(
        "{0:?} cannot be the name of a schema: 1 to {max} of a-z, 0-9 and _, beginning with a letter",
        max = NAME_LENGTH_MAX
    )]
    Schema(String),
    /// The file of the password cannot be used.
    #[error("the file of the database's password, {path}, cannot be read: {reason}")]
    PasswordFile {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// Encryption is asked for that this build has not.
    #[error(
        "sslmode=require asks for TLS, which this build has not: leave it out, or use a tunnel"
    )]
    NoTls,
    /// The database does not answer, or refuses the role.
    #[error("cannot connect to the database: {0}")]
    Unreachable(String),
    /// The tables are not there, or older than this program.
    #[error(
        "the schema {schema} of the database has {found} of {known} migrations of {of}, or they may not be seen: run \
         `gondola migrate` with the address of a role that owns the schema"
    )]
    NotMigrated {
        /// The schema.
        schema: String,
        /// What its tables are for.
        of: &'static str,
        /// How many were applied.
        found: usize,
        /// How many this program knows.
        known: usize,
    },
    /// A migration was applied in another form than this program has it.
    #[error(
        "migration {number} of the schema {schema} is not the one that this program knows: it was made by another program"
    )]
    ForeignMigration {
        /// The schema.
        schema: String,
        /// The migration.
        number: i32,
    },
    /// A later release has taken away what this program uses.
    #[error(
        "migration {number} of the schema {schema} has taken away what this release uses of {of}: it is for releases that \
         know at least {needs} of its migrations, and this one knows {known}; start a newer release"
    )]
    TakenAway {
        /// The schema.
        schema: String,
        /// What its tables are for.
        of: &'static str,
        /// The migration.
        number: i32,
        /// How many migrations it wants to be known.
        needs: usize,
        /// How many this program knows.
        known: usize,
    },
    /// The server would answer before a commit is on disk.
    #[error("{setting} is off in the database, so acknowledged events could be lost: switch it on")]
    NotDurable {
        /// The setting.
        setting: String,
    },
    /// A statement failed.
    #[error("the database refused: {0}")]
    Refused(String),
}

impl Database {
    /// The name of the schema.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// How the next connection is opened.
    pub(crate) fn config(&self) -> Config {
        let mut config = self.config.clone();
        if let Some(file) = &self.password {
            config.password(file.password());
        }
        config
    }

    /// The schema of the database at an address; `application` is how connections are called in the server's lists. With
    /// `password_file=PATH` in the address each connection has the password that is in the file when it is opened.
    pub fn new(url: &str, schema: &str, application: &str) -> Result<Self, DatabaseError> {
        let usable = schema.len() <= NAME_LENGTH_MAX
            && schema.starts_with(|first: char| first.is_ascii_lowercase())
            && schema.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if !usable {
            return Err(DatabaseError::Schema(schema.to_owned()));
        }
        let (url, file) = split_password_file(url);
        let password = file.map(|path| {
            PasswordFile::open(&path).map_err(|error| DatabaseError::PasswordFile {
                path: path.display().to_string(),
                reason: error.to_string(),
            })
        });
        let password = password.transpose()?;
        let mut config: Config =
            url.parse().map_err(|error| DatabaseError::Url(told_url(&error)))?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(DatabaseError::NoTls);
        }
        let options =
            [config.get_options().unwrap_or_default(), &session_options(schema)].join(" ");
        config
            .options(options)
            .application_name(application)
            .connect_timeout(CONNECT_WAIT_MAX)
            .keepalives_idle(KEEPALIVE)
            .keepalives_interval(KEEPALIVE)
            .keepalives_retries(KEEPALIVE_PROBES)
            .tcp_user_timeout(UNCONFIRMED_MAX);
        Ok(Self { config, password, schema: schema.to_owned() })
    }
}

/// What is wrong with an address, without the address: it may have a password.
fn told_url(error: &tokio_postgres::Error) -> String {
    use std::error::Error as _;
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Settings of a session, whatever those of the role or the database are.
fn session_options(schema: &str) -> String {
    let millis = |limit: Duration| limit.as_millis();
    let settings = [
        // temporary objects last: nobody may put a table of theirs before ours
        format!("search_path={schema},pg_temp"),
        // each statement of append_group must see what was committed while it waited for the lock
        r"default_transaction_isolation=read\ committed".to_owned(),
        format!("statement_timeout={}", millis(STATEMENT_MAX)),
        format!("lock_timeout={}", millis(LOCK_WAIT_MAX)),
        format!("idle_in_transaction_session_timeout={}", millis(IDLE_IN_TRANSACTION_MAX)),
        "client_min_messages=warning".to_owned(),
        // short statements only: compiling one takes longer than running it
        "jit=off".to_owned(),
    ];
    settings.map(|setting| format!("-c {setting}")).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(url: &str, schema: &str) -> Result<Database, String> {
        Database::new(url, schema, "test").map_err(|error| error.to_string())
    }

    #[test]
    fn a_schema_must_be_a_plain_name() {
        assert!(database("postgres://h/db", "inventory_2").is_ok());
        for bad in ["", "2nd", "a-b", "A", "a\"; drop", &"x".repeat(64)] {
            assert!(
                database("postgres://h/db", bad).unwrap_err().contains("name of a schema"),
                "{bad}"
            );
        }
    }

    #[test]
    fn an_address_that_is_none_is_refused_and_no_password_is_told() {
        let told = database("postgres://u:secret@h:port/db", "a").unwrap_err();
        assert!(told.contains("no address like") && !told.contains("secret"), "{told}");
        let told = database("postgres://u:secret@h/db?sslmode=require", "a").unwrap_err();
        assert!(told.contains("TLS"), "{told}");
        let shown = format!("{:?}", database("postgres://u:secret@h/db", "a").unwrap());
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn options_of_the_address_are_kept_and_ours_come_later() {
        let own = database("postgres://h/db?options=-c%20work_mem%3D1MB", "a").unwrap();
        let config = own.config();
        let options = config.get_options().unwrap();
        assert!(options.starts_with("-c work_mem=1MB -c search_path=a,pg_temp "), "{options}");
    }
}
