//! Which database a log is in, and what every connection to it is told first.

use std::time::Duration;

use kit_database::{PasswordFile, split_password_file};
use mysql_async::{Opts, OptsBuilder};

/// Longest wait for a connection.
pub(crate) const CONNECT_WAIT_MAX: Duration = Duration::from_secs(5);

/// Longest wait for an answer. The database gives up earlier, unless it hangs or the way to it does.
pub(crate) const ANSWER_WAIT_MAX: Duration = Duration::from_secs(20);

/// Quiet time after which a connection is probed.
const KEEPALIVE: Duration = Duration::from_secs(5);

/// Longest name of a database.
const NAME_LENGTH_MAX: usize = 64;

/// Settings of a session, whatever those of the server are. MariaDB runs what is in `/*M!`, MySQL what is in `/*!80000`; MySQL
/// limits statements that read only, and has no limit for a pause within a transaction.
const SETTINGS: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, \
    time_zone = '+00:00', innodb_lock_wait_timeout = 2 \
    /*M!100400 , max_statement_time = 10, idle_transaction_timeout = 15 */ \
    /*!80000 , max_execution_time = 10000 */";

/// Each statement of an append must see what was committed while it waited for the log's row.
const ISOLATION: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// A database, with the user who works with it.
#[derive(Clone)]
pub struct Database {
    opts: Opts,
    password: Option<PasswordFile>,
    pub(crate) name: String,
}

/// The password is not shown.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A log cannot be opened or migrated.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address is none.
    #[error("this is no address like mysql://user:password@host:3306/database: {0}")]
    Url(String),
    /// The file of the password cannot be used.
    #[error("the file of the database's password, {path}, cannot be read: {reason}")]
    PasswordFile {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// The address names no database, or none of a plain name.
    #[error(
        "{0:?} cannot be the name of the database at the end of the address: 1 to {max} of a-z, A-Z, 0-9, - and _",
        max = NAME_LENGTH_MAX
    )]
    Name(String),
    /// Encryption is asked for that this build has not.
    #[error("require_ssl asks for TLS, which this build has not: leave it out, or use a tunnel")]
    NoTls,
    /// The database does not answer, or refuses the user.
    #[error("cannot connect to the database: {0}")]
    Unreachable(String),
    /// The tables are not there, or older than this program.
    #[error(
        "the database {database} has {found} of {known} migrations of the event store, or they may not be seen: run \
         `gondola migrate` with the address of a user who may make tables"
    )]
    NotMigrated {
        /// The database.
        database: String,
        /// How many were applied.
        found: usize,
        /// How many this program knows.
        known: usize,
    },
    /// A migration was applied in another form than this program has it.
    #[error(
        "migration {number} of the database {database} is not the one that this program knows: it was made by another program"
    )]
    ForeignMigration {
        /// The database.
        database: String,
        /// The migration.
        number: u32,
    },
    /// A later release has taken away what this program uses.
    #[error(
        "migration {number} of the database {database} has taken away what this release uses of the event store: it is for \
         releases that know at least {needs} of its migrations, and this one knows {known}; start a newer release"
    )]
    TakenAway {
        /// The database.
        database: String,
        /// The migration.
        number: u32,
        /// How many migrations it wants to be known.
        needs: u32,
        /// How many this program knows.
        known: u32,
    },
    /// The server would answer, or show an event, before it is on disk.
    #[error(
        "{setting} is {value} in the database, so acknowledged events could be lost: it must be {needed}"
    )]
    NotDurable {
        /// The setting.
        setting: &'static str,
        /// What it is.
        value: String,
        /// What it must be.
        needed: &'static str,
    },
    /// A statement failed.
    #[error("the database refused: {0}")]
    Refused(String),
}

impl Database {
    /// The database at an address. With `password_file=PATH` in it each connection has the password that is in the file when it
    /// is opened.
    pub fn new(url: &str) -> Result<Self, DatabaseError> {
        let (url, file) = split_password_file(url);
        let password = file.map(|path| {
            PasswordFile::open(&path).map_err(|error| DatabaseError::PasswordFile {
                path: path.display().to_string(),
                reason: error.to_string(),
            })
        });
        let password = password.transpose()?;
        let given = Opts::from_url(&url).map_err(|error| DatabaseError::Url(error.to_string()))?;
        let name = given.db_name().unwrap_or_default().to_owned();
        let usable = !name.is_empty()
            && name.len() <= NAME_LENGTH_MAX
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if !usable {
            return Err(DatabaseError::Name(name));
        }
        if given.ssl_opts().is_some() {
            return Err(DatabaseError::NoTls);
        }
        let settings = vec!["SET NAMES utf8mb4", SETTINGS, ISOLATION];
        let opts = OptsBuilder::from_opts(given)
            .setup(settings)
            .prefer_socket(false)
            .tcp_keepalive(Some(KEEPALIVE))
            .into();
        Ok(Self { opts, password, name })
    }

    /// How the next connection is opened.
    pub(crate) fn opts(&self) -> Opts {
        match &self.password {
            Some(file) => {
                OptsBuilder::from_opts(self.opts.clone()).pass(Some(file.password())).into()
            }
            None => self.opts.clone(),
        }
    }

    /// The server without the database, which may not be there yet.
    pub(crate) fn server(&self) -> Opts {
        OptsBuilder::from_opts(self.opts()).db_name(None::<String>).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(url: &str) -> String {
        Database::new(url).unwrap_err().to_string()
    }

    #[test]
    fn an_address_names_a_database() {
        assert_eq!(Database::new("mysql://u:p@h:1/inventory_db").unwrap().name, "inventory_db");
        for bad in ["mysql://u@h", "mysql://u@h/", "mysql://u@h/a%60b", "mysql://u@h/a.b"] {
            assert!(told(bad).contains("name of the database"), "{bad}: {}", told(bad));
        }
    }

    #[test]
    fn an_address_that_is_none_is_refused_and_no_password_is_told() {
        let none = told("mysql://u:secret@h:port/db");
        assert!(none.contains("no address like") && !none.contains("secret"), "{none}");
        assert!(told("mysql://u:secret@h/db?require_ssl=true").contains("TLS"));
        let shown = format!("{:?}", Database::new("mysql://u:secret@h/db").unwrap());
        assert!(!shown.contains("secret"), "{shown}");
    }
}
