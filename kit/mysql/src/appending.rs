//! One transaction that appends groups, in two round trips: what they stand on is read under the lock of the log's row, then all
//! that is admitted is written and committed.

use std::collections::{HashMap, HashSet};

use kit_core::{Position, StreamId, Version};
use kit_event_store::admit::{Admitted, Lookup, admit};
use kit_event_store::shared_log::{Failed, Failure};
use kit_event_store::{ClaimKey, EventStoreError, FoundClaim, Transaction};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Error, Row};

use crate::batch::{Batch, batches};
use crate::database::{ANSWER_WAIT_MAX, CONNECT_WAIT_MAX};
use crate::errors::{failure, told};
use crate::lookup::{claims, claims_sql, versions, versions_sql};
use crate::rows::{misplaced, position};
use crate::session::{Session, within};

/// The state of the log that the groups name, as it stays until the transaction ends.
struct Found {
    last: Position,
    versions: HashMap<StreamId, Version>,
    claims: HashMap<ClaimKey, FoundClaim>,
}

impl Found {
    fn of(rows: [Vec<Row>; 3], named: Named) -> Result<Self, EventStoreError> {
        let [log, version_rows, claim_rows] = rows;
        let mut log = log.into_iter().next().ok_or_else(misplaced)?;
        let (versions, _) = versions(version_rows, named.streams.len())?;
        let (claims, _) = claims(claim_rows, named.keys.len())?;
        let claims = named.keys.into_iter().zip(claims);
        Ok(Self {
            last: position(&mut log, 0)?,
            versions: named.streams.into_iter().zip(versions).collect(),
            claims: claims.filter_map(|(key, claim)| Some((key, claim?))).collect(),
        })
    }
}

impl Lookup for Found {
    fn version(&mut self, stream: &StreamId) -> Result<Version, EventStoreError> {
        Ok(self.versions.get(stream).copied().unwrap_or_default())
    }

    fn claim(&mut self, key: &ClaimKey) -> Result<Option<FoundClaim>, EventStoreError> {
        Ok(self.claims.get(key).cloned())
    }
}

/// The streams and keys that groups name, each once.
struct Named {
    streams: Vec<StreamId>,
    keys: Vec<ClaimKey>,
}

impl Named {
    fn of(groups: &[Vec<Transaction>]) -> Self {
        let (mut streams, mut keys) = (HashSet::new(), HashSet::new());
        for transaction in groups.iter().flatten() {
            streams.extend(transaction.expectations().map(|(stream, _)| stream));
            let claims = transaction.claims.iter().chain(&transaction.renewals);
            keys.extend(claims.map(|claim| &claim.key).chain(&transaction.unclaimed));
        }
        Self {
            streams: streams.into_iter().cloned().collect(),
            keys: keys.into_iter().cloned().collect(),
        }
    }
}

impl Session {
    /// Appends the groups of one commit.
    pub(crate) async fn append(
        &mut self,
        groups: &[Vec<Transaction>],
    ) -> Result<Admitted, Failure> {
        let named = Named::of(groups);
        let rows = match within(ANSWER_WAIT_MAX, self.begin(&named)).await {
            Ok(rows) => rows,
            Err(error) => return Err(self.abandon(failure(&error)).await),
        };
        let admitted = Found::of(rows, named).and_then(|mut found| {
            let last = found.last;
            admit(&mut found, last, groups.to_vec())
        });
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(error) => {
                let failure = Failure { became: Failed::NothingWritten, reason: error.to_string() };
                return Err(self.abandon(failure).await);
            }
        };
        self.write(&admitted).await?;
        Ok(admitted)
    }

    /// Takes the lock, then reads what the groups name: nothing of it can change any more.
    async fn begin(&mut self, named: &Named) -> Result<[Vec<Row>; 3], Error> {
        let sql = format!(
            "START TRANSACTION; SELECT position FROM log FOR UPDATE; {}; {}",
            versions_sql(&named.streams),
            claims_sql(&named.keys)
        );
        let mut answers = self.conn.query_iter(sql).await?;
        answers.collect::<Row>().await?;
        Ok([answers.collect().await?, answers.collect().await?, answers.collect().await?])
    }

    /// Writes and commits.
    async fn write(&mut self, admitted: &Admitted) -> Result<(), Failure> {
        let batches = batches(admitted, self.statement_bytes_max);
        let last = batches.len() - 1;
        for (number, batch) in batches.into_iter().enumerate() {
            let statements = batch.statements;
            let mut done = 0;
            let Err(error) = within(ANSWER_WAIT_MAX, self.run(batch, &mut done)).await else {
                continue;
            };
            let is_refused = matches!(error, Error::Server(_));
            // the last statement is the commit
            if number == last && !(is_refused && done + 1 < statements) {
                self.is_usable = false;
                return Err(Failure { became: Failed::Unknown, reason: told(&error) });
            }
            return Err(self.abandon(failure(&error)).await);
        }
        Ok(())
    }

    /// Has the server run some statements; `done` counts those that worked.
    async fn run(&mut self, batch: Batch, done: &mut usize) -> Result<(), Error> {
        let mut answers = self.conn.query_iter(batch.sql).await?;
        loop {
            *done += 1;
            if answers.is_empty() {
                return Ok(());
            }
            answers.collect::<Row>().await?;
        }
    }

    /// Takes the transaction back, and gives the connection up if that fails.
    async fn abandon(&mut self, failure: Failure) -> Failure {
        let rolled_back = within(CONNECT_WAIT_MAX, self.conn.query_drop("ROLLBACK")).await;
        self.is_usable = rolled_back.is_ok();
        failure
    }
}
