//! A file with keys, as the tools of AWS write it.

use std::path::PathBuf;

/// What a profile must have.
const NEEDED: [&str; 2] = ["aws_access_key_id", "aws_secret_access_key"];

/// Why a file of credentials cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// It cannot be read.
    #[error("cannot read the credentials in {}, which AWS_SHARED_CREDENTIALS_FILE names: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It lacks something.
    #[error("{} has no {what} in [{profile}]; AWS_PROFILE names another profile", path.display())]
    Lacks {
        /// The file.
        path: PathBuf,
        /// What is missing.
        what: &'static str,
        /// Where it should be.
        profile: String,
    },
}

/// The lines of a profile, as names and values.
pub(crate) fn profile(
    path: PathBuf,
    profile: &str,
) -> Result<Vec<(String, String)>, CredentialsError> {
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(CredentialsError::Unreadable { path, source }),
    };
    let lines = lines(&text, profile);
    let lacks =
        |what: &&&str| !lines.iter().any(|(name, value)| name == **what && !value.is_empty());
    match NEEDED.iter().find(lacks) {
        Some(what) => Err(CredentialsError::Lacks { path, what, profile: profile.to_owned() }),
        None => Ok(lines),
    }
}

fn lines(text: &str, profile: &str) -> Vec<(String, String)> {
    let mut is_within = false;
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            is_within = name.trim() == profile;
        } else if let Some((name, value)) = line.split_once('=').filter(|_| is_within) {
            found.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# of the shop\n[default]\naws_access_key_id = one\naws_secret_access_key=two=2\n\n[ north ]\nAWS_ACCESS_KEY_ID=three\n";

    #[test]
    fn a_profile_is_its_lines_alone() {
        let pairs = |pairs: &[(&str, &str)]| -> Vec<_> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let default = [("aws_access_key_id", "one"), ("aws_secret_access_key", "two=2")];
        assert_eq!(lines(FILE, "default"), pairs(&default));
        assert_eq!(lines(FILE, "north"), pairs(&[("aws_access_key_id", "three")]));
        assert_eq!(lines(FILE, "south"), []);
    }

    #[test]
    fn a_profile_that_lacks_something_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credentials");
        let told = profile(path.clone(), "default").unwrap_err().to_string();
        assert!(told.contains("cannot read the credentials in"), "{told}");
        std::fs::write(&path, FILE).unwrap();
        assert_eq!(profile(path.clone(), "default").unwrap().len(), 2);
        let told = profile(path, "north").unwrap_err().to_string();
        assert!(told.contains("has no aws_secret_access_key in [north]"), "{told}");
    }
}
