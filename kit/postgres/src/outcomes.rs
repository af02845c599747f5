//! What became of the transactions of a group, from the answer of `append_group`.

use std::collections::HashMap;
use std::sync::Arc;

use kit_core::{Position, Timestamp, Version};
use kit_event_store::{EventStoreError, FoundClaim, Outcome};
use tokio_postgres::Row;

use crate::group::Prepared;
use crate::group_rows::index;
use crate::rows::{corrupt, get, position};

/// Why a transaction was refused.
struct Refusal {
    reason: i16,
    /// Which of the group's keys or expectations, from 1.
    check: i32,
    actual: Option<i64>,
    value: Option<String>,
    expires_at: Option<i64>,
    position: Option<i64>,
}

/// The outcomes of a group, and the end of the log after it.
pub(crate) fn outcomes(
    group: Vec<Prepared>,
    answer: &Row,
) -> Result<(Vec<Outcome>, Position), EventStoreError> {
    let mut last = position(answer, 0)?;
    let mut refusals = refusals(answer)?;
    let (mut keys_before, mut expectations_before) = (0, 0);
    let mut outcomes = Vec::with_capacity(group.len());
    for (number, transaction) in (1..).zip(group) {
        let (keys, expectations) = (transaction.keys.len(), transaction.expectations.len());
        outcomes.push(match refusals.remove(&number) {
            Some(refusal) => {
                refusal.told(&transaction, keys_before, expectations_before).ok_or_else(|| {
                    corrupt(&format!(
                        "the database refused transaction {number} for no known reason"
                    ))
                })?
            }
            None => Outcome::Committed(
                transaction
                    .events
                    .into_iter()
                    .map(|mut event| {
                        last = last.next();
                        event.position = last;
                        Arc::new(event)
                    })
                    .collect(),
            ),
        });
        keys_before += keys;
        expectations_before += expectations;
    }
    Ok((outcomes, last))
}

/// The refusals by the number of their transaction.
fn refusals(answer: &Row) -> Result<HashMap<i32, Refusal>, EventStoreError> {
    let Some(numbers) = get::<Option<Vec<i32>>>(answer, 1)? else { return Ok(HashMap::new()) };
    let reasons: Vec<i16> = get(answer, 2)?;
    let checks: Vec<i32> = get(answer, 3)?;
    let actual: Vec<Option<i64>> = get(answer, 4)?;
    let values: Vec<Option<String>> = get(answer, 5)?;
    let expires_at: Vec<Option<i64>> = get(answer, 6)?;
    let positions: Vec<Option<i64>> = get(answer, 7)?;
    let claims = values.into_iter().zip(expires_at).zip(positions);
    let checked = reasons.into_iter().zip(checks).zip(actual);
    let rows =
        checked.zip(claims).map(|(((reason, check), actual), ((value, expires_at), position))| {
            Refusal { reason, check, actual, value, expires_at, position }
        });
    Ok(numbers.into_iter().zip(rows).collect())
}

impl Refusal {
    /// The outcome of a transaction that so many keys and expectations stand before.
    fn told(self, transaction: &Prepared, keys: usize, expectations: usize) -> Option<Outcome> {
        let (key, expectation) =
            (index(self.check).checked_sub(keys), index(self.check).checked_sub(expectations));
        match self.reason {
            0 => {
                let key = transaction.keys.get(key?)?.key.clone();
                let found = FoundClaim {
                    value: self.value?.into(),
                    expires_at: self.expires_at.map(Timestamp::from_millis),
                    position: Position::new(u64::try_from(self.position?).ok()?),
                };
                Some(Outcome::ClaimTaken { key, found })
            }
            1 => {
                let named = transaction.expectations.get(expectation?)?;
                let actual = Version::new(u64::try_from(self.actual?).ok()?);
                let (stream, expected) = (named.stream.clone(), named.expected);
                Some(Outcome::Conflict { stream, expected, actual })
            }
            2 => {
                let stream = transaction.expectations.get(expectation?)?.stream.clone();
                Some(Outcome::Superseded { stream })
            }
            _ => None,
        }
    }
}
