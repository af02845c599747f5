//! Databases of a test's own on the servers that `scripts/services-up` has started.

use std::process::Command;

use postgres::{Client, NoTls};

use crate::folder::Folder;
use crate::random::Random;
use crate::server::Data;
use crate::settings::variable;

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    /// PostgreSQL that fails over to its standby.
    Patroni,
    Mariadb,
}

/// The tables of all contexts; gone with this value.
pub(crate) struct Database {
    kind: Kind,
    name: String,
}

/// The address of a server's owner, who may do anything, without a database.
fn server(kind: Kind) -> String {
    let url = variable(match kind {
        Kind::Postgres => "GONDOLA_TEST_POSTGRES_SUPERUSER",
        Kind::Patroni => "GONDOLA_TEST_PATRONI",
        Kind::Mariadb => "GONDOLA_TEST_MYSQL_SUPERUSER",
    });
    let url = url.unwrap_or_else(|| panic!("no server is named: run make test-services"));
    url.rsplit_once('/').unwrap().0.to_owned()
}

fn postgres(kind: Kind, database: &str) -> Client {
    Client::connect(&format!("{}/{database}", server(kind)), NoTls).unwrap()
}

/// Runs a statement by the client that comes with the server.
fn mariadb(sql: &str) -> String {
    let address = server(Kind::Mariadb);
    let (user, place) = address.strip_prefix("mysql://").unwrap().split_once('@').unwrap();
    let ((user, password), (host, port)) =
        (user.split_once(':').unwrap(), place.split_once(':').unwrap());
    let mut client = Command::new("mariadb");
    client.env("MYSQL_PWD", password).args(["--host", host, "--port", port, "--user", user]);
    let output = client.args(["--skip-column-names", "--execute", sql]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

impl Database {
    pub(crate) fn new(kind: Kind, random: &mut Random) -> Self {
        let name = format!("test_{}", random.below(u64::MAX));
        if kind != Kind::Mariadb {
            postgres(kind, "postgres").batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        }
        Self { kind, name }
    }

    /// Where a process finds it; each context has a schema, or a database with its name.
    fn url(&self) -> String {
        let (server, name) = (server(self.kind), &self.name);
        match self.kind {
            Kind::Postgres | Kind::Patroni => format!("{server}/{name}"),
            Kind::Mariadb => format!("{server}/{name}_{{context}}"),
        }
    }

    /// How many events of a type the inventory has.
    pub(crate) fn count_events(&self, event_type: &str) -> i64 {
        match self.kind {
            Kind::Postgres | Kind::Patroni => {
                let sql = "SELECT count(*) FROM inventory.events WHERE event_type = $1";
                self.client().query_one(sql, &[&event_type]).unwrap().get(0)
            }
            Kind::Mariadb => {
                let name = &self.name;
                let sql = format!(
                    "SELECT COUNT(*) FROM {name}_inventory.events WHERE event_type = '{event_type}'"
                );
                mariadb(&sql).trim().parse().unwrap()
            }
        }
    }

    /// Two processes on it, with views of their own.
    pub(crate) fn processes(&self, folder: &Folder) -> [Data; 2] {
        self.named_processes(folder, ["one", "other"])
    }

    /// Likewise, with names.
    pub(crate) fn named_processes<const N: usize>(
        &self,
        folder: &Folder,
        names: [&'static str; N],
    ) -> [Data; N] {
        let processes = names.map(|name| self.process(folder, name));
        processes[0].run("migrate");
        processes
    }

    /// A process on it; its tables may not be there yet.
    pub(crate) fn process(&self, folder: &Folder, name: &'static str) -> Data {
        Data::on(self.url(), folder.path(), name)
    }

    /// Two processes on it whose views are in it as well; only PostgreSQL keeps views.
    pub(crate) fn processes_with_views(&self, folder: &Folder) -> [Data; 2] {
        let processes = self.processes(folder).map(|data| self.with_shared_views(data));
        processes[0].run("migrate");
        processes
    }

    /// The same process with its views in here as well, if the server can keep them: MariaDB cannot.
    pub(crate) fn with_shared_views(&self, data: Data) -> Data {
        match self.kind {
            Kind::Postgres | Kind::Patroni => Data { views: self.url(), ..data },
            Kind::Mariadb => data,
        }
    }

    /// Runs statements in PostgreSQL.
    pub(crate) fn run(&self, sql: &str) {
        self.client().batch_execute(sql).unwrap();
    }

    /// A connection to PostgreSQL.
    pub(crate) fn client(&self) -> Client {
        postgres(self.kind, &self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = &self.name;
        match self.kind {
            Kind::Postgres | Kind::Patroni => {
                let sql = format!("DROP DATABASE {name} WITH (FORCE)");
                if let Err(error) = postgres(self.kind, "postgres").batch_execute(&sql) {
                    eprintln!("{name} stays: {error}");
                }
            }
            Kind::Mariadb => {
                for context in ["inventory", "store"] {
                    mariadb(&format!("DROP DATABASE IF EXISTS {name}_{context}"));
                }
            }
        }
    }
}
