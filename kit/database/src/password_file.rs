//! A password in a file, read again for each connection that is opened: another one needs no restart.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

/// The parameter of an address that names the file.
const PARAMETER: &str = "password_file=";

/// A file that has a password and nothing else; white space around it does not count. Clones are of the same file.
#[derive(Clone)]
pub struct PasswordFile {
    path: PathBuf,
    /// What it said when it could last be read.
    last: Arc<Mutex<String>>,
}

/// Without the password.
impl fmt::Debug for PasswordFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PasswordFile").field(&self.path).finish()
    }
}

impl PasswordFile {
    /// Reads a file, which must have a password.
    pub fn open(path: &Path) -> io::Result<Self> {
        let last = Arc::new(Mutex::new(read(path)?));
        Ok(Self { path: path.to_owned(), last })
    }

    /// The password as the file has it now. Where it cannot be read, as while it is being replaced, it is the one before.
    #[must_use]
    pub fn password(&self) -> String {
        let mut last = self.last.lock();
        match read(&self.path) {
            Ok(password) => last.clone_from(&password),
            Err(error) => {
                let path = self.path.display();
                tracing::warn!(%path, %error, "database_password_cannot_be_read");
            }
        }
        last.clone()
    }
}

fn read(path: &Path) -> io::Result<String> {
    let text = std::fs::read_to_string(path)?;
    match text.trim() {
        "" => Err(io::Error::new(io::ErrorKind::InvalidData, "it is empty")),
        password => Ok(password.to_owned()),
    }
}

/// An address of a database without its `password_file`, and that file, if it names one. The path stands as it is, letter by
/// letter.
#[must_use]
pub fn split_password_file(url: &str) -> (String, Option<PathBuf>) {
    let Some((place, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let mut file = None;
    let others: Vec<&str> = query
        .split('&')
        .filter(|parameter| match parameter.strip_prefix(PARAMETER) {
            Some(path) => {
                file = Some(PathBuf::from(path));
                false
            }
            None => true,
        })
        .collect();
    let url =
        if others.is_empty() { place.to_owned() } else { format!("{place}?{}", others.join("&")) };
    (url, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_divided_into_what_a_driver_knows_and_the_file() {
        let split = |url: &str| {
            let (url, file) = split_password_file(url);
            (url, file.map(|file| file.display().to_string()))
        };
        let file = |path: &str| Some(path.to_owned());
        assert_eq!(split("postgres://u@h/d"), ("postgres://u@h/d".to_owned(), None));
        assert_eq!(
            split("postgres://u@h/d?password_file=/run/secrets/db"),
            ("postgres://u@h/d".to_owned(), file("/run/secrets/db"))
        );
        assert_eq!(
            split("mysql://u@h/d?a=1&password_file=db.txt&b=2"),
            ("mysql://u@h/d?a=1&b=2".to_owned(), file("db.txt"))
        );
    }

    #[test]
    fn each_reading_has_what_the_file_says_then_and_an_unusable_file_changes_nothing() {
        let path = std::env::temp_dir().join(format!("password-{}", std::process::id()));
        std::fs::write(&path, "one\n").unwrap();
        let file = PasswordFile::open(&path).unwrap();
        assert_eq!(file.password(), "one");
        std::fs::write(&path, " two ").unwrap();
        assert_eq!(file.password(), "two");
        std::fs::write(&path, "\n").unwrap();
        assert_eq!(file.password(), "two");
        assert!(PasswordFile::open(&path).is_err(), "at the start it must be there");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(file.clone().password(), "two");
        assert!(!format!("{file:?}").contains("two"));
    }
}
