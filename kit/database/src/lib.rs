//! What adapters of database servers share: what is counted of their pools of connections, and passwords in files.

mod password_file;

use metrics::{Gauge, Histogram, describe_gauge, describe_histogram, gauge, histogram};
use tokio::time::Instant;

pub use password_file::{PasswordFile, split_password_file};

const WAITS: &str = "database_connection_wait_seconds";
const IN_USE: &str = "database_connections_in_use";

/// What is counted of a pool, by its name; pools of one name are counted together.
#[derive(Clone)]
pub struct PoolMetrics {
    waits: Histogram,
    in_use: Gauge,
}

/// A connection is in use, until this is dropped.
pub struct InUse(Gauge);

impl PoolMetrics {
    /// Of the pool with this name, such as that of the schema that it reads.
    #[must_use]
    pub fn of(pool: &str) -> Self {
        describe_histogram!(
            WAITS,
            "Time until a pool gave a connection, or none, by the pool's schema or database"
        );
        describe_gauge!(
            IN_USE,
            "Connections that are in use, by the schema or database of their pool"
        );
        let labels = [("pool", pool.to_owned())];
        let in_use = gauge!(IN_USE, &labels);
        in_use.increment(0);
        Self { waits: histogram!(WAITS, &labels), in_use }
    }

    /// Counts the wait for a connection, and the connection as long as the second value is kept.
    pub async fn taken<T, E>(
        &self,
        taking: impl Future<Output = Result<T, E>>,
    ) -> Result<(T, InUse), E> {
        let began = Instant::now();
        let taken = taking.await;
        self.waits.record(began.elapsed());
        let connection = taken?;
        self.in_use.increment(1);
        Ok((connection, InUse(self.in_use.clone())))
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use kit_telemetry::Metrics;

    use super::*;

    #[tokio::test]
    async fn a_connection_counts_until_it_is_given_back_and_a_failure_as_a_wait_only() {
        let shown = Metrics::start().unwrap();
        let (pool, same) = (PoolMetrics::of("stock"), PoolMetrics::of("stock"));
        let in_use = |count: u8| {
            let text = shown.text();
            let line = format!("{IN_USE}{{pool=\"stock\"}} {count}");
            assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
        };
        let (one, other) = (async { Ok::<_, ()>(1) }, async { Ok::<_, ()>(2) });
        in_use(0);
        let (_, first) = pool.taken(one).await.unwrap();
        let (_, second) = same.taken(other).await.unwrap();
        in_use(2);
        drop(first);
        assert!(pool.taken(async { Err::<u8, _>(()) }).await.is_err());
        in_use(1);
        drop(second);
        in_use(0);
        shown.keep_up();
        let waits = format!("{WAITS}_count{{pool=\"stock\"}} 3");
        assert!(shown.text().lines().any(|shown| shown == waits), "{}", shown.text());
    }
}
