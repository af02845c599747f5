//! The flags of a process: set at its start, and kept up with their file while it runs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ::metrics::{Counter, Gauge};
use kit_process::critical_task;
use open_feature::{Client, OpenFeature};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::file::{FlagFile, FlagFileError};
use crate::flag::{Flag, Rollout};
use crate::metrics;
use crate::provider::FileProvider;

/// Between two readings of the file. It is compared as a whole: a volume that is replaced, as Kubernetes does, may keep its time.
const READ_EVERY: Duration = Duration::from_secs(2);

/// All flags of a process.
pub struct Flags {
    known: &'static [Flag],
    /// Of each known flag, in the same order.
    running: Vec<Running>,
    client: Client,
    provider: FileProvider,
    file: Option<PathBuf>,
    file_errors: Counter,
}

/// What a flag is on for, and how that is shown.
struct Running {
    rollout: Rollout,
    shown: Gauge,
}

impl Flags {
    /// The flags that a program knows, with what their file says, if there is one. A file that cannot be used is refused here;
    /// later what it said before holds.
    pub async fn start(
        known: &'static [Flag],
        file: Option<PathBuf>,
    ) -> Result<Self, FlagFileError> {
        let told = file.as_deref().map(FlagFile::read).transpose()?.unwrap_or_default();
        let provider = FileProvider::new(told);
        let mut api = OpenFeature::default();
        api.set_provider(provider.clone()).await;
        let running =
            |flag: &Flag| Running { rollout: Rollout::of(flag), shown: metrics::percent(flag.key) };
        let running = known.iter().map(running).collect();
        let (client, file_errors) = (api.create_client(), metrics::file_errors());
        let flags = Self { known, running, client, provider, file, file_errors };
        flags.evaluate().await;
        Ok(flags)
    }

    /// The handle of one of the flags; of one that is none of them, a flag that stays at its default.
    #[must_use]
    pub fn rollout(&self, flag: &Flag) -> Rollout {
        let mut running = self.known.iter().zip(&self.running);
        let found = running.find(|(known, _)| known.key == flag.key);
        found.map_or_else(|| Rollout::of(flag), |(_, running)| running.rollout.clone())
    }

    /// Keeps the flags up with their file until `stop`.
    pub fn watch(self, tasks: &TaskTracker, stop: CancellationToken) {
        let Some(path) = self.file.clone() else { return };
        let watching = async move {
            let mut last_error = String::new();
            loop {
                tokio::time::sleep(READ_EVERY).await;
                last_error = self.read_anew(&path, last_error).await;
            }
        };
        tasks.spawn(critical_task("feature-flags", stop.run_until_cancelled_owned(watching)));
    }

    /// Reads the file once more; gives what was wrong with it, which is logged when it is news.
    async fn read_anew(&self, path: &Path, last_error: String) -> String {
        let path = path.to_owned();
        match tokio::task::spawn_blocking(move || FlagFile::read(&path)).await {
            Ok(Ok(file)) => {
                if self.provider.replace(file) {
                    self.evaluate().await;
                }
                String::new()
            }
            Ok(Err(error)) => {
                self.file_errors.increment(1);
                let error = error.to_string();
                if error != last_error {
                    tracing::warn!(error, "feature_flags_stay_as_they_were");
                }
                error
            }
            // the process is about to end
            Err(_not_run) => last_error,
        }
    }

    /// Asks for all flags, behind the answers of the process, and names what nobody asks for.
    async fn evaluate(&self) {
        for flag in self.provider.unknown(self.known) {
            tracing::warn!(flag, "feature_flag_is_unknown");
        }
        for (flag, Running { rollout, shown }) in self.known.iter().zip(&self.running) {
            let told = self.client.get_int_value(flag.key, None, None).await;
            let percent = told.ok().and_then(|percent| u8::try_from(percent).ok());
            let percent = percent.unwrap_or(flag.default_percent);
            let before = rollout.set(percent);
            if before != percent {
                tracing::info!(flag = flag.key, percent, before, "feature_flag_is_set");
            }
            shown.set(rollout.percent());
        }
    }
}
