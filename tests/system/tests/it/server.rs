//! The server as a process: started, killed, asked to end, and its log verified.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::client::Client;
use crate::settings::gondola;

/// Longer than anything that is expected to happen.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Between two looks at something that is awaited.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A data folder of one kind of store.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    pub(crate) folder: PathBuf,
    pub(crate) store: &'static str,
    /// Where the server's log goes.
    pub(crate) log: PathBuf,
}

/// A running server; dropping it kills it.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    /// Held open, so that the server can write to it.
    _stdout: BufReader<ChildStdout>,
}

impl Data {
    pub(crate) fn new(folder: &Path, store: &'static str) -> Self {
        Self { folder: folder.join(store), store, log: folder.join(format!("{store}.log")) }
    }

    /// The command line of a subcommand on this data.
    fn command(&self, program: &Path, subcommand: &str) -> Command {
        let mut command = Command::new(program);
        command.args([subcommand, "--event-store", self.store, "--data-dir"]).arg(&self.folder);
        command
    }

    /// Starts a process that serves this data, and does not wait for it.
    pub(crate) fn spawn(&self) -> Child {
        self.spawn_under(&[])
    }

    /// The same under another program, such as a tracer, with its arguments.
    fn spawn_under(&self, tracer: &[&str]) -> Child {
        let serve = self.command(&gondola(), "serve");
        let mut command = match tracer {
            [] => serve,
            [program, arguments @ ..] => {
                let mut command = Command::new(program);
                command.args(arguments).arg(serve.get_program()).args(serve.get_args());
                command
            }
        };
        let log = OpenOptions::new().create(true).append(true).open(&self.log).unwrap();
        command.args(["--listen", "127.0.0.1:0", "--log-format", "json"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        command.spawn().unwrap()
    }

    /// The end of the server's log.
    pub(crate) fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }

    /// Starts a server and waits until it is ready.
    pub(crate) fn serve(&self) -> Server {
        self.serve_under(&[])
    }

    /// The same under another program.
    pub(crate) fn serve_under(&self, tracer: &[&str]) -> Server {
        let mut child = self.spawn_under(tracer);
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        stdout.read_line(&mut said).unwrap();
        let address = said.split_once("http://").and_then(|(_, rest)| rest.split(' ').next());
        let address = address.and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| {
            drop(child.kill());
            panic!("the server did not start: {said:?}\n{}", self.last_words())
        });
        let server = Server { child, address, _stdout: stdout };
        wait_until("the server is ready", || {
            let reply = server.client().get("/health/ready");
            reply.is_ok_and(|reply| reply.status == 200)
        });
        server
    }

    /// Proves from the log that all holds, answers included; gives what was said.
    #[track_caller]
    pub(crate) fn verify(&self, answers: Option<&Path>) -> String {
        let (held, said) = self.verified(answers);
        assert!(held, "{said}");
        said
    }

    /// Whether all holds, and what was said about it.
    pub(crate) fn verified(&self, answers: Option<&Path>) -> (bool, String) {
        let mut command = self.command(&gondola(), "verify");
        if let Some(answers) = answers {
            command.arg("--acked").arg(answers);
        }
        let output = command.arg("--log").arg("warn").output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).trim().to_owned())
    }
}

impl Server {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut ends a process: at once.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) {
        let pid = Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let mut ended = None;
        wait_until("the server has ended", || {
            ended = self.child.try_wait().unwrap();
            ended.is_some()
        });
        ended.unwrap()
    }

    /// Asks it to end and checks that it does so in order.
    pub(crate) fn stop(mut self) {
        self.terminate();
        let status = self.wait();
        assert_eq!((status.code(), status.signal()), (Some(0), None));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // fails only when it has ended already
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Waits for something, and says what when it does not come.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let began = Instant::now();
    while !happened() {
        assert!(began.elapsed() < PATIENCE, "waited {} s in vain until {what}", PATIENCE.as_secs());
        std::thread::sleep(LOOK_EVERY);
    }
}

/// A file for a test's own notes, beside the data.
pub(crate) fn notes(folder: &Path, name: &str) -> (PathBuf, File) {
    let path = folder.join(name);
    let file = OpenOptions::new().create(true).append(true).open(&path).unwrap();
    (path, file)
}
