//! The server is killed in the middle of load: nothing acknowledged is lost, and the store recovers by itself.

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kit_event_store::{EventStore, EventStoreError, Outcome};
use tempfile::TempDir;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;
use uuid::Uuid;

use crate::event_store::{append, transaction, whole_log};
use crate::servers::{free_port, run_script};

/// Kills of the server.
const KILLS: u64 = 3;

/// Streams with a writer each.
const WRITERS: u64 = 8;

/// Acknowledged events between two kills.
const EVENTS_BETWEEN: u64 = 300;

/// However slow the machine, the store works again within this time.
const PATIENCE: Duration = Duration::from_mins(2);

/// How `scripts/services-up` starts a server.
#[derive(Clone, Copy, Debug)]
pub struct ServerKind {
    /// Its name there.
    pub name: &'static str,
    /// The variable for its port.
    pub port: &'static str,
    /// Further variables.
    pub settings: &'static [(&'static str, &'static str)],
}

/// A server of the test's own, by the script that starts all servers.
pub struct Server {
    kind: ServerKind,
    folder: TempDir,
    port: u16,
}

impl Server {
    /// Starts one.
    pub async fn start(kind: ServerKind) -> Arc<Self> {
        spawn_blocking(move || Arc::new(Self::start_now(kind))).await.unwrap()
    }

    fn start_now(kind: ServerKind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // the server's user must get into it
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let server = Self { kind, folder, port: free_port() };
        server.run("services-up", &[]);
        server
    }

    fn run(&self, script: &str, more: &[&str]) {
        let (folder, port) = (self.folder.path().to_str().unwrap(), self.port.to_string());
        let mut settings = vec![("GONDOLA_SERVICES_DIR", folder), (self.kind.port, &port)];
        settings.extend_from_slice(self.kind.settings);
        run_script(script, &[&[self.kind.name], more].concat(), &settings);
    }

    /// Kills all processes of the server, as a crash of its machine would, and starts it again.
    fn kill_and_start(&self) {
        self.run("services-signal", &["KILL"]);
        self.run("services-up", &[]);
    }

    /// A line of what the script tells, such as the address of one of its users.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        let env = std::fs::read_to_string(self.folder.path().join("env")).unwrap();
        let value = env.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
        value.unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("services-down", &[]);
    }
}

/// What the writers know.
#[derive(Default)]
struct Known {
    acknowledged: AtomicU64,
    unknown: AtomicU64,
}

/// Appends to a stream of its own until told; whatever fails is found out and tried again.
async fn write(store: Arc<dyn EventStore>, number: u64, known: Arc<Known>) -> Vec<Uuid> {
    let (name, mut version, mut ids) = (format!("s-{number}"), 0, Vec::new());
    while known.acknowledged.load(Ordering::Relaxed) < (KILLS + 1) * EVENTS_BETWEEN {
        let sent = transaction([append(&name, version, 1)]);
        let written = match store.append(vec![sent.clone()]).await {
            Ok(outcomes) => match &outcomes[..] {
                [Outcome::Committed(_)] => true,
                other => panic!("nobody else writes {name}, yet: {other:?}"),
            },
            Err(EventStoreError::Unknown { after, .. }) => {
                known.unknown.fetch_add(1, Ordering::Relaxed);
                loop {
                    match store.find_appends(after, &[sent.append_id()]).await {
                        Ok(found) => break !found[0].is_empty(),
                        Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                    }
                }
            }
            Err(EventStoreError::Unavailable(_)) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                false
            }
            Err(error) => panic!("{error}"),
        };
        if written {
            version += 1;
            ids.push(sent.appends[0].events[0].event_id);
            known.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
    }
    ids
}

/// Kills a server while many write to a log on it, again and again.
pub async fn a_killed_server_loses_nothing_acknowledged(
    server: Arc<Server>,
    store: Arc<dyn EventStore>,
) {
    let (known, mut writers) = (Arc::new(Known::default()), JoinSet::new());
    for number in 0..WRITERS {
        writers.spawn(write(Arc::clone(&store), number, Arc::clone(&known)));
    }
    for kill in 1..=KILLS {
        let load = async {
            while known.acknowledged.load(Ordering::Relaxed) < kill * EVENTS_BETWEEN {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(PATIENCE, load).await.expect("the store works again");
        let server = Arc::clone(&server);
        spawn_blocking(move || server.kill_and_start()).await.unwrap();
    }
    let written = timeout(PATIENCE, writers.join_all()).await.expect("the store works again");
    let log = whole_log(&*store).await;
    let stored: BTreeSet<Uuid> = log.iter().map(|event| event.event.event_id).collect();
    let acknowledged: BTreeSet<Uuid> = written.iter().flatten().copied().collect();
    assert_eq!(stored, acknowledged, "all that was acknowledged or found, and nothing else");
    eprintln!("{} acknowledged, {} unknown", log.len(), known.unknown.load(Ordering::Relaxed));
}
