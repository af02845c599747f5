//! The answers that clients were given, compared with the log: the other side of I3.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::BufRead;

use anyhow::Context;
use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entry::{Broken, Entry, Invariant, require};
use super::payload::{Cause, Payload};

/// The format of the file, as `--help` gives it.
pub const FORMAT: &str = "\
The file of --acked has one JSON object per line, written by a client as its answers arrive:

  {\"kind\":\"reserve\",\"outcome\":\"acked\",\"reservationId\":\"019...\",\"position\":17}
  {\"kind\":\"commit\",\"outcome\":\"unknown\",\"reservationId\":\"019...\"}
  {\"kind\":\"add\",\"outcome\":\"acked\",\"reference\":\"delivery-4711\"}

  kind           reserve | commit | release | add
  outcome        acked    the server said that it is done: it is in the log exactly once
                 refused  the server said that it is not done (4xx): it is not in the log
                 unknown  no answer, or 5xx: it is in the log once or not at all
  reservationId  of reserve, commit and release
  reference      of add, unique for each; without it an acked add is looked for at its position
  position       that the answer gave, optional: the events must lie at or before it

Of several lines about the same thing the strongest counts: acked, then unknown, then refused. So
a repeated reserve that is refused because its first sending had worked does no harm. Other fields
are ignored.

Exit code: 0 all holds; 1 something does not, the first offending event is named; 2 it could not be checked.";

/// The answers that clients got to their commands.
#[derive(Debug, Default)]
pub(super) struct Acked {
    commands: HashMap<(Kind, u128), Expected, RandomState>,
    references: HashMap<Box<str>, Expected, RandomState>,
    /// Acknowledged deliveries without a reference, by position.
    positions: HashMap<u64, Expected, RandomState>,
}

/// Number of answers that were compared with the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Acknowledged {
    /// Acknowledged commands that were found exactly once.
    pub acked: u64,
    /// Refused commands that were not found.
    pub refused: u64,
    /// Commands of unknown outcome that were found at most once.
    pub unknown: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Reserve,
    Commit,
    Release,
    Add,
}

/// Ordered by how much a client may rely on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Outcome {
    Refused,
    Unknown,
    Acked,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    kind: Kind,
    outcome: Outcome,
    #[serde(default)]
    reservation_id: Option<Uuid>,
    #[serde(borrow, default)]
    reference: Option<Cow<'a, str>>,
    #[serde(default)]
    position: Option<u64>,
}

/// What the file says about one thing, and what the log has shown of it.
#[derive(Clone, Copy, Debug)]
struct Expected {
    outcome: Outcome,
    /// Its line number in the file.
    line: u64,
    /// The first position given in an answer.
    position: Option<u64>,
    /// How many transactions did it.
    times: u32,
    /// Whether there is a part of it that left the rest for later.
    in_part: bool,
    /// The last of them.
    transaction: u64,
}

impl Acked {
    /// Reads a file of answers.
    pub(super) fn read(file: impl BufRead) -> anyhow::Result<Self> {
        let mut acked = Self::default();
        for (number, line) in (1..).zip(file.lines()) {
            let line = line.with_context(|| format!("cannot read line {number}"))?;
            if !line.trim().is_empty() {
                acked
                    .note(number, &line)
                    .with_context(|| format!("line {number} is not an answer"))?;
            }
        }
        Ok(acked)
    }

    fn note(&mut self, number: u64, line: &str) -> anyhow::Result<()> {
        let Line { kind, outcome, reservation_id, reference, position } =
            serde_json::from_str(line)?;
        let answer =
            Expected { outcome, line: number, position, times: 0, in_part: false, transaction: 0 };
        let noted = match (kind, reservation_id, reference) {
            (Kind::Add, _, Some(reference)) => {
                self.references.entry(reference.into()).or_insert(answer)
            }
            (Kind::Add, _, None) => match position {
                Some(position) if outcome == Outcome::Acked => {
                    self.positions.entry(position).or_insert(answer)
                }
                None if outcome == Outcome::Acked => {
                    anyhow::bail!("an acked add needs a reference or a position")
                }
                // nothing by which it could be found
                _ => return Ok(()),
            },
            (_, Some(id), _) => self.commands.entry((kind, id.as_u128())).or_insert(answer),
            (_, None, _) => anyhow::bail!("{kind:?} needs a reservationId"),
        };
        if outcome > noted.outcome {
            (noted.outcome, noted.line) = (outcome, number);
        }
        noted.position = noted.position.into_iter().chain(position).min();
        Ok(())
    }

    /// Compares an event with what was said about it.
    pub(super) fn see(
        &mut self,
        payload: &Payload<'_>,
        entry: &Entry<'_>,
        transaction: u64,
    ) -> Result<(), Broken> {
        if let Some(expected) = self.positions.get_mut(&entry.position) {
            expected.times += 1;
            require(matches!(payload, Payload::Added(_)), Invariant::I3, || {
                format!("the add answered with this position (line {}) is not here", expected.line)
            })?;
        }
        let (what, expected) = match payload {
            Payload::Added(added) => {
                let reference = added.reference.as_deref();
                ("add", reference.and_then(|text| self.references.get_mut(text)))
            }
            Payload::Reserved(reserved) => (
                "reserve",
                self.commands.get_mut(&(Kind::Reserve, reserved.reservation_id.as_u128())),
            ),
            Payload::Committed(committed) => (
                "commit",
                self.commands.get_mut(&(Kind::Commit, committed.reservation_id.as_u128())),
            ),
            Payload::Released(released) => {
                let id = released.reservation_id.as_u128();
                match released.cause {
                    // a sale of nothing
                    Cause::PartialCommit => ("commit", self.commands.get_mut(&(Kind::Commit, id))),
                    Cause::Cancelled => ("release", self.commands.get_mut(&(Kind::Release, id))),
                    // the release of an overdue reservation; other expiries have no command of a client
                    Cause::Expired => {
                        let release = self.commands.get_mut(&(Kind::Release, id));
                        ("release", release.filter(|expected| expected.outcome == Outcome::Acked))
                    }
                    Cause::Shortage => return Ok(()),
                }
            }
            Payload::Extended(_)
            | Payload::Adjusted(_)
            | Payload::PolicyChanged(_)
            | Payload::TransferredOut(_)
            | Payload::TransferredIn(_) => {
                return Ok(());
            }
        };
        match (expected, payload.is_part()) {
            (None, _) => Ok(()),
            (Some(expected), false) => expected.see(what, entry, transaction),
            // there may be any number of them
            (Some(expected), true) => {
                expected.in_part = true;
                Ok(())
            }
        }
    }

    /// Checks that everything acknowledged was seen.
    pub(super) fn finish(self) -> Result<Acknowledged, Broken> {
        let mut found = Acknowledged::default();
        let mut lost: Option<(u64, Name<'_>)> = None;
        let ids = self.commands.iter().map(|((kind, id), one)| (one, Name::Id(*kind, *id)));
        let references = self.references.iter().map(|(text, one)| (one, Name::Reference(text)));
        let positions = self.positions.iter().map(|(at, one)| (one, Name::Position(*at)));
        for (expected, name) in ids.chain(references).chain(positions) {
            match expected.outcome {
                Outcome::Acked if expected.times == 0 && !expected.in_part => {
                    if lost.as_ref().is_none_or(|(line, _)| expected.line < *line) {
                        lost = Some((expected.line, name));
                    }
                }
                Outcome::Acked => found.acked += 1,
                Outcome::Refused => found.refused += 1,
                Outcome::Unknown => found.unknown += 1,
            }
        }
        match lost {
            None => Ok(found),
            Some((line, name)) => Err(Broken {
                invariant: Invariant::I3,
                message: format!("{name} was acknowledged (line {line}), but is not in the log"),
            }),
        }
    }
}

/// By what a thing of the file is known.
enum Name<'a> {
    Id(Kind, u128),
    Reference(&'a str),
    Position(u64),
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(kind, id) => {
                let kind = format!("{kind:?}").to_lowercase();
                write!(f, "the {kind} of reservation {}", Uuid::from_u128(*id))
            }
            Self::Reference(text) => write!(f, "the add with reference {text:?}"),
            Self::Position(position) => write!(f, "the add at position {position}"),
        }
    }
}

impl Expected {
    /// The log shows it, in a transaction.
    fn see(&mut self, what: &str, entry: &Entry<'_>, transaction: u64) -> Result<(), Broken> {
        let Self { outcome, line, position, .. } = *self;
        if self.times == 0 || self.transaction != transaction {
            self.times += 1;
            self.transaction = transaction;
        }
        require(outcome != Outcome::Refused, Invariant::I3, || {
            format!("this {what} was refused (line {line}), but is in the log")
        })?;
        require(self.times == 1, Invariant::I3, || {
            format!("this {what} (line {line}) is in the log more than once")
        })?;
        require(position.is_none_or(|position| entry.position <= position), Invariant::I3, || {
            let position = position.unwrap_or_default();
            format!(
                "this {what} was answered with position {position} (line {line}), before its event"
            )
        })
    }
}
