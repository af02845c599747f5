//! Metrics for Prometheus: what the crates count with the macros of `metrics`, as text.

use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// Bounds of the buckets of durations, in seconds.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 20.0];

/// Bounds of the buckets of sizes.
const SIZES: [f64; 11] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1_024.0];

/// How often the values of histograms are put into their buckets, so that they take no memory when nobody asks.
pub const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Counting could not begin.
#[derive(Debug, thiserror::Error)]
#[error("metrics cannot be counted")]
pub struct MetricsError(#[from] BuildError);

/// All that the process counts; clones are about the same.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to count, once in a process. What was made before counts nothing, so call it before anything else starts.
    pub fn start() -> Result<Self, MetricsError> {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
            .set_buckets_for_metric(Matcher::Suffix("_size".to_owned()), &SIZES)?;
        Ok(Self(builder.install_recorder()?))
    }

    /// Everything in the text format of Prometheus.
    pub fn text(&self) -> String {
        self.0.render()
    }

    /// To be called every [`UPKEEP_EVERY`].
    pub fn keep_up(&self) {
        self.0.run_upkeep();
    }
}
