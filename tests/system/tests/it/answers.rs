//! The answers that clients got, written in the format that `gondola verify --acked` reads.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::client::Reply;
use crate::server::{notes, wait_until};

/// What came of a command, as its client knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Acked,
    Refused,
    /// No answer, or one that says so: it may or may not have happened.
    Unknown,
}

/// How many commands there were, by outcome.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) acked: u64,
    pub(crate) refused: u64,
    pub(crate) unknown: u64,
}

/// The file of answers.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) path: PathBuf,
    inner: Mutex<(File, Counts)>,
    /// How often clients saw what: a status with the code of a problem, or no answer.
    seen: Mutex<BTreeMap<String, u64>>,
    /// Whether no answer means that nothing happened.
    strict: bool,
}

/// What a command is known by in the file.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) kind: &'static str,
    pub(crate) field: &'static str,
    pub(crate) id: String,
}

impl Outcome {
    /// What an answer, or none, says.
    pub(crate) fn of(reply: &io::Result<Reply>) -> Self {
        match reply {
            Ok(reply) if (200..300).contains(&reply.status) => Self::Acked,
            Ok(reply) if (400..500).contains(&reply.status) => Self::Refused,
            Ok(_) | Err(_) => Self::Unknown,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Acked => "acked",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

impl Answers {
    pub(crate) fn new(folder: &Path, name: &str) -> Self {
        let (path, file) = notes(folder, name);
        Self {
            path,
            inner: Mutex::new((file, Counts::default())),
            seen: Mutex::default(),
            strict: false,
        }
    }

    /// A file that says of a command without any answer that it did not happen.
    pub(crate) fn strict(folder: &Path, name: &str) -> Self {
        Self { strict: true, ..Self::new(folder, name) }
    }

    /// Notes what came of a command.
    pub(crate) fn note(&self, name: &Name, reply: &io::Result<Reply>) -> Outcome {
        let outcome = Outcome::of(reply);
        let told = if self.strict && reply.is_err() { Outcome::Refused } else { outcome };
        let mut line = json!({"kind": name.kind, "outcome": told.word(), name.field: name.id});
        if let Ok(reply) = reply
            && let position @ Value::Number(_) = &reply.body["position"]
        {
            line["position"] = position.clone();
        }
        let seen = reply.as_ref().map_or_else(
            |_| "no answer".to_owned(),
            |reply| format!("{} {}", reply.status, reply.code()).trim().to_owned(),
        );
        *self.seen.lock().unwrap().entry(seen).or_default() += 1;
        let mut inner = self.inner.lock().unwrap();
        let (file, counts) = &mut *inner;
        match outcome {
            Outcome::Acked => counts.acked += 1,
            Outcome::Refused => counts.refused += 1,
            Outcome::Unknown => counts.unknown += 1,
        }
        writeln!(file, "{line}").unwrap();
        outcome
    }

    /// What clients saw, and how often.
    pub(crate) fn seen(&self) -> BTreeMap<String, u64> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.inner.lock().unwrap().1
    }

    /// Waits until this many more commands were acknowledged: a point in the workload that does not depend on the
    /// machine's speed.
    #[track_caller]
    pub(crate) fn wait_for_acked(&self, more: u64) {
        let wanted = self.counts().acked + more;
        wait_until(&format!("{wanted} commands were acknowledged"), || {
            let counts = self.counts();
            if counts.acked >= wanted { Ok(()) } else { Err(counts) }
        });
    }
}
