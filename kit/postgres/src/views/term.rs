//! The term of a follower: who may write a view, until when, and how far the view is.

use std::num::ParseIntError;
use std::str::FromStr;
use std::time::Duration;

use deadpool_postgres::Transaction;
use kit_core::{Epoch, Position};
use kit_event_store::{Incarnation, LogMark};
use tokio_postgres::{Client, Error, Row};

use crate::rows::number;

/// How long a follower that does not renew its lease keeps others from taking over.
pub const LEASE: Duration = Duration::from_secs(5);

/// `clock_timestamp()`: a transaction may have begun long ago.
const LEASED: &str = "clock_timestamp() + make_interval(secs => 5)";

const STATE: &str = "generation, epoch, incarnation, schema_version, position";

/// A view that several processes read and one of them writes.
#[derive(Clone, Debug)]
pub struct SharedView {
    /// Its name in `views_follower`.
    pub name: &'static str,
    /// How this process is called there.
    pub holder: String,
    /// The log that it follows.
    pub incarnation: Incarnation,
    /// Raised when the meaning of a row changes.
    pub schema_version: i32,
}

/// What a view's row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewState {
    /// Which of the sets of tables it is in.
    pub generation: i64,
    /// Up to where it was made from which log.
    pub mark: LogMark,
    /// Which meaning its rows have.
    pub schema_version: i32,
    epoch: i64,
}

/// The right to write a view, until the lease has run out and another process has taken it.
#[derive(Clone, Debug)]
pub struct Term {
    view: &'static str,
    /// The view as it was found.
    pub state: ViewState,
}

/// How far a view is, as processes tell each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ViewPlace {
    /// Which of the sets of tables it is in.
    pub generation: i64,
    /// Complete up to here.
    pub position: Position,
}

impl FromStr for ViewPlace {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        let (generation, position) = text.split_once(' ').unwrap_or((text, ""));
        let position = Position::new(position.parse()?);
        Ok(Self { generation: generation.parse()?, position })
    }
}

impl ViewState {
    /// How far it is.
    #[must_use]
    pub const fn place(&self) -> ViewPlace {
        ViewPlace { generation: self.generation, position: self.mark.position }
    }

    fn read(row: &Row) -> Result<Self, Error> {
        let position: i64 = row.try_get("position")?;
        Ok(Self {
            generation: row.try_get("generation")?,
            epoch: row.try_get("epoch")?,
            mark: LogMark {
                incarnation: Incarnation::new(row.try_get("incarnation")?),
                position: Position::new(u64::try_from(position).unwrap_or_default()),
            },
            schema_version: row.try_get("schema_version")?,
        })
    }
}

impl SharedView {
    /// Takes the view over if nobody holds it, with an epoch that no other follower had. A view that nobody has written yet is
    /// empty, in generation 0.
    pub async fn take_over(&self, change: &Transaction<'_>) -> Result<Option<Term>, Error> {
        let sql = format!(
            "INSERT INTO views_follower AS held (name, generation, epoch, holder, lease_until, incarnation, \
               schema_version, position) VALUES ($1, 0, 1, $2, {LEASED}, $3, $4, 0) \
             ON CONFLICT (name) DO UPDATE SET epoch = held.epoch + 1, holder = excluded.holder, \
               lease_until = excluded.lease_until WHERE held.lease_until <= clock_timestamp() RETURNING {STATE}"
        );
        let incarnation = self.incarnation.as_uuid();
        let taken = change
            .query_opt(&sql, &[&self.name, &self.holder, &incarnation, &self.schema_version])
            .await?;
        let state = taken.as_ref().map(ViewState::read).transpose()?;
        Ok(state.map(|state| Term { view: self.name, state }))
    }

    /// What the view's row says; `None` when nobody has written it yet.
    pub async fn find(&self, client: &Client) -> Result<Option<ViewState>, Error> {
        let sql = format!("SELECT {STATE} FROM views_follower WHERE name = $1");
        client.query_opt(&sql, &[&self.name]).await?.as_ref().map(ViewState::read).transpose()
    }

    /// Makes the view an empty one of a generation, for the log of this process; the caller empties its tables.
    pub async fn begin_anew(
        &self,
        change: &Transaction<'_>,
        term: &mut Term,
        generation: i64,
    ) -> Result<(), Error> {
        let sql = format!(
            "UPDATE views_follower SET generation = $2, incarnation = $3, schema_version = $4, position = 0 \
             WHERE name = $1 RETURNING {STATE}"
        );
        let incarnation = self.incarnation.as_uuid();
        let begun = change
            .query_one(&sql, &[&self.name, &generation, &incarnation, &self.schema_version])
            .await?;
        change.execute("DELETE FROM parked_streams WHERE view = $1", &[&self.name]).await?;
        term.state = ViewState::read(&begun)?;
        Ok(())
    }
}

impl Term {
    /// The view.
    #[must_use]
    pub const fn view(&self) -> &'static str {
        self.view
    }

    /// The epoch of the process that has taken the view over since; `None` while this term lasts, and then nobody takes the
    /// view over before the transaction ends. To be asked first in every transaction that writes rows of the view.
    pub async fn superseded_by(&self, change: &Transaction<'_>) -> Result<Option<Epoch>, Error> {
        let sql = "SELECT epoch FROM views_follower WHERE name = $1 FOR UPDATE";
        let found = change.prepare_cached(sql).await?;
        let found: i64 = change.query_one(&found, &[&self.view]).await?.try_get(0)?;
        let by = (found != self.state.epoch).then_some(found);
        Ok(by.map(|epoch| Epoch::new(u64::try_from(epoch).unwrap_or_default())))
    }

    /// Notes up to where the view has applied the log, unless it is further, and tells the other processes. To be called in
    /// the transaction that has the rows.
    pub async fn set_checkpoint(
        &self,
        change: &Transaction<'_>,
        applied: Position,
    ) -> Result<(), Error> {
        let sql = format!(
            "WITH noted AS (UPDATE views_follower SET position = greatest(position, $3), lease_until = {LEASED} \
               WHERE name = $1 AND epoch = $2 RETURNING *) \
             SELECT pg_notify(current_schema(), concat_ws(' ', name, generation, position)) FROM noted"
        );
        let applied = number(applied.get());
        let note = change.prepare_cached(&sql).await?;
        change.execute(&note, &[&self.view, &self.state.epoch, &applied]).await?;
        Ok(())
    }

    /// Renews the lease; false when another process has taken over.
    pub async fn renew(&self, client: &Client) -> Result<bool, Error> {
        let sql = format!(
            "UPDATE views_follower SET lease_until = {LEASED} WHERE name = $1 AND epoch = $2"
        );
        Ok(client.execute(&sql, &[&self.view, &self.state.epoch]).await? > 0)
    }

    /// Lets another process take over at once.
    pub async fn release(&self, client: &Client) -> Result<(), Error> {
        let sql = "UPDATE views_follower SET lease_until = clock_timestamp() WHERE name = $1 AND epoch = $2";
        client.execute(sql, &[&self.view, &self.state.epoch]).await?;
        Ok(())
    }

    /// Where the view is now.
    pub async fn position(&self, client: &Client) -> Result<Position, Error> {
        let sql = format!("SELECT {STATE} FROM views_follower WHERE name = $1");
        let found = client.query_one(&sql, &[&self.view]).await?;
        Ok(ViewState::read(&found)?.mark.position)
    }

    /// Makes the view of this term the present one of a name, whose follower is thereby refused: the one that takes it over
    /// next goes on with what this one has built.
    pub async fn replace(&self, change: &Transaction<'_>, present: &str) -> Result<(), Error> {
        let sql = "UPDATE views_follower AS present SET generation = new.generation, position = new.position, \
              incarnation = new.incarnation, schema_version = new.schema_version, epoch = present.epoch + 1, \
              lease_until = clock_timestamp() \
            FROM views_follower AS new WHERE present.name = $1 AND new.name = $2 AND new.epoch = $3 \
            RETURNING pg_notify(current_schema(), concat_ws(' ', present.name, new.generation, new.position))";
        change.query_one(sql, &[&present, &self.view, &self.state.epoch]).await?;
        super::move_parking(change, self.view, present).await
    }
}
