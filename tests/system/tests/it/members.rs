//! A chain in small: a gateway, two processes of the inventory and two of the catalogue, with a database, a broker and a
//! cache between them.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::answers::Answers;
use crate::client::Client;
use crate::databases::Database;
use crate::folder::Folder;
use crate::kafka::Topics;
use crate::server::{Data, Server};
use crate::settings::{gondola, variable};

/// A process that others find at the same address after each start.
pub(crate) struct Member {
    pub(crate) data: Data,
    pub(crate) server: Server,
}

impl Member {
    pub(crate) fn start(data: Data) -> Self {
        let server = data.serve();
        Self { data: data.listening(server.address()), server }
    }

    /// Has it end in order and starts another release in its place; waits until that is ready.
    pub(crate) fn replace(&mut self, program: &Path) {
        self.server.end();
        self.data = self.data.clone().by(program);
        self.server = self.data.serve();
    }

    /// Kills it and starts it again; gives how long it took until it was ready.
    pub(crate) fn kill_and_start(&mut self) -> Duration {
        self.server.signal(rustix::process::Signal::KILL);
        self.server.wait();
        let began = Instant::now();
        self.server = self.data.serve();
        let took = began.elapsed();
        eprintln!(
            "{} was killed, and ready {} ms after its next start",
            self.data.store,
            took.as_millis()
        );
        took
    }
}

/// Seconds for which a process that is told to end goes on serving. Named, since earlier releases have another default.
const GRACE: &str = "2";

/// The five processes.
pub(crate) struct Chain {
    pub(crate) inventory: [Member; 2],
    pub(crate) store: [Member; 2],
    pub(crate) gateway: Member,
}

fn urls(members: &[Member; 2]) -> String {
    members.each_ref().map(|member| format!("http://{}", member.server.address())).join(",")
}

impl Chain {
    pub(crate) fn start(folder: &Folder, database: &Database, topics: &Topics) -> Self {
        Self::start_by(&gondola(), folder, database, topics)
    }

    /// Starts processes of a release.
    pub(crate) fn start_by(
        program: &Path,
        folder: &Folder,
        database: &Database,
        topics: &Topics,
    ) -> Self {
        let cache = variable("GONDOLA_TEST_REDIS").expect("no Redis is named");
        let names = ["inventory-1", "inventory-2", "store-1", "store-2"];
        let processes = names.map(|name| {
            let role = name.split_once('-').unwrap().0;
            let data = database.process(folder, name).by(program);
            let bus = topics.url();
            let told = ["--role", role, "--event-bus", &bus, "--drain-delay", GRACE];
            match role {
                "inventory" => {
                    let told = [&told[..], &["--cache", &cache]].concat();
                    database.with_shared_views(data).with(&told)
                }
                _ => data.with(&told),
            }
        });
        processes[0].run("migrate");
        // all at once, as they may be started on machines that know nothing of each other
        let [one, other, third, fourth] = thread::scope(|scope| {
            processes
                .map(|data| scope.spawn(|| Member::start(data)))
                .map(|starting| starting.join().unwrap())
        });
        let (inventory, store) = ([one, other], [third, fourth]);
        let upstream = [urls(&inventory), urls(&store)];
        let more = [
            ["--role", "gateway", "--inventory-url", &upstream[0]],
            ["--store-url", &upstream[1], "--drain-delay", GRACE],
        ];
        let gateway = Data { store: "gateway", ..Data::new(folder.path(), "sqlite") };
        let gateway = gateway.by(program).with(&more.concat());
        Self { inventory, store, gateway: Member::start(gateway) }
    }

    pub(crate) fn client(&self) -> Client {
        self.gateway.server.client()
    }

    /// Ends all of them in order, the gateway first; then this release verifies the inventory against what callers were told.
    pub(crate) fn stop_and_verify(self, answers: &Answers) {
        let Self { inventory, store, gateway } = self;
        gateway.server.stop();
        for member in store {
            member.server.stop();
        }
        for member in inventory {
            member.server.stop();
            let said = member.data.by(&gondola()).verify(Some(&answers.path));
            assert!(said.contains("I6"), "the views were not compared: {said}");
        }
    }
}
