//! The file of the master key: 64 hexadecimal digits, made when there is nothing yet that it would have to open. While one key
//! takes the place of another, the new one is in the first line and the old one in the second.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::rand;

use super::sealing::{KEY_BYTES, MasterKey};

/// Longest file: what is longer is no master key.
const BYTES_MAX: u64 = 1 << 10;

/// The file of the master key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// It cannot be read or made.
    #[error("cannot use the file of the master key of customers {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It has something else.
    #[error(
        "{0} is no master key: it must have 64 hexadecimal digits, and may have those of the key before in a second line; \
         put a copy of the right file back"
    )]
    Invalid(PathBuf),
    /// There are keys, but not the one that they are wrapped with.
    #[error(
        "the master key of customers {0} is not there, and there are keys that it is needed for: put a copy of it back"
    )]
    Missing(PathBuf),
    /// It is not the one that the keys are wrapped with.
    #[error(
        "{0} is not the master key that the keys of customers were made with: put a copy of that one back"
    )]
    Other(PathBuf),
    /// The system has no randomness to give.
    #[error("the system gave no random bytes for a master key")]
    NoRandomness,
}

/// The master key, and the one whose place it takes.
pub(super) struct MasterKeys {
    pub(super) present: MasterKey,
    pub(super) former: Option<MasterKey>,
}

/// Reads the file; one that is not there is made if it `may_begin`.
pub(super) fn master_keys(path: &Path, may_begin: bool) -> Result<MasterKeys, MasterKeyError> {
    let io = |source| MasterKeyError::Io { path: path.to_owned(), source };
    if !fs::exists(path).map_err(io)? {
        if !may_begin {
            return Err(MasterKeyError::Missing(path.to_owned()));
        }
        make(path)?;
    }
    let mut text = String::new();
    File::open(path).and_then(|file| file.take(BYTES_MAX).read_to_string(&mut text)).map_err(io)?;
    let invalid = || MasterKeyError::Invalid(path.to_owned());
    let key = |line: &str| {
        let bytes = parse(line.trim()).ok_or_else(invalid)?;
        MasterKey::new(&bytes).map_err(|_| invalid())
    };
    let mut lines = text.lines();
    let present = key(lines.next().ok_or_else(invalid)?)?;
    let former = lines.next().map(key).transpose()?;
    if lines.next().is_some() { Err(invalid()) } else { Ok(MasterKeys { present, former }) }
}

fn parse(text: &str) -> Option<[u8; KEY_BYTES]> {
    let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut bytes = [0; KEY_BYTES];
    if text.len() != 2 * KEY_BYTES || !is_hexadecimal {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// Readable by its owner only, and on disk before a key is wrapped with it.
fn make(path: &Path) -> Result<(), MasterKeyError> {
    let io = |source| MasterKeyError::Io { path: path.to_owned(), source };
    let mut bytes = [0; KEY_BYTES];
    rand::fill(&mut bytes).map_err(|_| MasterKeyError::NoRandomness)?;
    let text = bytes.iter().fold(String::new(), |mut text, byte| {
        // writing to a string does not fail
        let _ = write!(text, "{byte:02x}");
        text
    });
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let write = |mut file: File| {
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    };
    file.and_then(write).map_err(io)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_master_key_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let missing = master_keys(&path, false).err().unwrap();
        assert!(matches!(missing, MasterKeyError::Missing(_)), "{missing}");
        let made = master_keys(&path, true).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let read = master_keys(&path, false).unwrap();
        assert!(read.present.mark() == made.present.mark() && read.former.is_none());
    }

    #[test]
    fn what_is_no_master_key_is_refused_and_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let three = format!("{0}\n{0}\n{0}\n", "7".repeat(64));
        for text in ["", "secret", &three, &"0".repeat(63), &"g".repeat(64), &"é".repeat(32)] {
            fs::write(&path, text).unwrap();
            let told = master_keys(&path, true).err().unwrap().to_string();
            assert!(told.contains("64 hexadecimal digits") && !told.contains("secret"), "{told}");
        }
    }
}
