//! The one door of files: what they work with in, routes and the task that imports out.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use gondola_import::{CheckpointFolder, Services};
use kit_core::{Clock, IdSource};
use kit_process::critical_task;
use kit_service::Module;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::export::Source;
use crate::http::{self, EXPORTS_MAX, State};
use crate::imports::Imports;

/// Settings of files.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where files are kept that were sent, and their rejected lines; made when missing.
    pub folder: PathBuf,
    /// Where imports keep how far they are.
    pub kept: CheckpointFolder,
}

/// What files need from outside.
pub struct Deps {
    /// Where imports write.
    pub services: Services,
    /// Where exports are read from.
    pub source: Source,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// Where its task runs.
    pub tasks: TaskTracker,
    /// Cancelled when the server drains: what is being imported goes on at the next start.
    pub drain: CancellationToken,
}

/// Takes up the imports that an earlier process left, and those that come.
pub fn module(config: Config, deps: Deps) -> io::Result<Module> {
    let Deps { services, source, clock, ids, tasks, drain } = deps;
    let imports = Imports::open((config.folder, config.kept), services, (clock, ids))?;
    let imports = Arc::new(imports);
    tasks.spawn(critical_task("imports", Arc::clone(&imports).work(drain)));
    let exports = Arc::new(Semaphore::new(EXPORTS_MAX));
    let routes = http::routes(State { imports, source, exports });
    Ok(Module { name: "files", routes, readiness: Vec::new() })
}
