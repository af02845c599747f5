//! The server as a process: started, killed, asked to end, and its log verified.

use std::fmt::Debug;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::client::Client;
use crate::settings::gondola;

/// Longer than anything that is expected to happen, on a machine as busy as can be.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A server waits 30 s for tasks that do not end; without any it takes a moment.
const ENDS_WITHIN: Duration = Duration::from_secs(25);

/// Between two looks at something that is awaited.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// A data folder of one kind of store.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    pub(crate) folder: PathBuf,
    pub(crate) store: &'static str,
    /// Where events are kept.
    pub(crate) event_store: String,
    /// Where views are kept.
    pub(crate) views: String,
    /// Where the server's log goes.
    pub(crate) log: PathBuf,
    /// Where the server listens.
    pub(crate) listen: SocketAddr,
    /// The binary that serves it.
    pub(crate) program: PathBuf,
    /// What else it is told.
    pub(crate) more: Vec<String>,
}

/// A running server; dropping it kills it.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
}

/// A start that was refused: how the process ended, and what it wrote to its log.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: ExitStatus,
    pub(crate) log: String,
}

impl Data {
    pub(crate) fn new(folder: &Path, store: &'static str) -> Self {
        Self::on(store.to_owned(), folder, store)
    }

    /// A data folder of this name for a process whose events are kept elsewhere.
    pub(crate) fn on(event_store: String, folder: &Path, name: &'static str) -> Self {
        let (log, folder) = (folder.join(format!("{name}.log")), folder.join(name));
        let views = "sqlite:".to_owned();
        let listen = (Ipv4Addr::LOCALHOST, 0).into();
        let (program, more) = (gondola(), Vec::new());
        Self { folder, store: name, event_store, views, log, listen, program, more }
    }

    /// The same, told more.
    pub(crate) fn with(self, more: &[&str]) -> Self {
        Self { more: more.iter().map(ToString::to_string).collect(), ..self }
    }

    /// The same, by another release.
    pub(crate) fn by(self, program: &Path) -> Self {
        Self { program: program.to_owned(), ..self }
    }

    /// The same, where others expect it.
    pub(crate) fn listening(self, listen: SocketAddr) -> Self {
        Self { listen, ..self }
    }

    /// The command line of a subcommand on this data.
    fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args([subcommand, "--event-store", &self.event_store, "--views", &self.views])
            .arg("--data-dir")
            .arg(&self.folder);
        command
    }

    /// Starts a process that serves this data, and does not wait for it.
    pub(crate) fn spawn(&self) -> Child {
        self.spawn_under(&[])
    }

    /// The same under another program, such as a tracer, with its arguments.
    fn spawn_under(&self, tracer: &[String]) -> Child {
        let serve = self.command("serve");
        let mut command = match tracer {
            [] => serve,
            [program, arguments @ ..] => {
                let mut command = Command::new(program);
                command.args(arguments).arg(serve.get_program()).args(serve.get_args());
                command
            }
        };
        let log = OpenOptions::new().create(true).append(true).open(&self.log).unwrap();
        command.args(["--listen", &self.listen.to_string(), "--log-format", "json"]);
        command.args(&self.more);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        command.spawn().unwrap()
    }

    /// The end of the server's log.
    pub(crate) fn last_words(&self) -> String {
        let log = self.whole_log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }

    /// All that the servers on this data wrote to their log.
    pub(crate) fn whole_log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Starts a server and waits until it is ready.
    #[track_caller]
    pub(crate) fn serve(&self) -> Server {
        self.serve_under(&[])
    }

    /// The same under another program.
    #[track_caller]
    pub(crate) fn serve_under(&self, tracer: &[String]) -> Server {
        let server = self.start_under(tracer);
        server.await_ready();
        server
    }

    /// Starts a server, which may not be ready yet.
    #[track_caller]
    pub(crate) fn start(&self) -> Server {
        self.start_under(&[])
    }

    #[track_caller]
    fn start_under(&self, tracer: &[String]) -> Server {
        self.try_serve_under(tracer).unwrap_or_else(|Refused { status, log }| {
            panic!("the server did not start: {status}\n{log}")
        })
    }

    /// Starts a server under another program; it listens, or has ended without having done so.
    #[track_caller]
    pub(crate) fn try_serve_under(&self, tracer: &[String]) -> Result<Server, Refused> {
        let said_before = self.whole_log().len();
        let mut child = self.spawn_under(tracer);
        let first = lines(child.stdout.take().unwrap()).recv_timeout(PATIENCE);
        if let Ok(line) = &first
            && let Some((_, rest)) = line.split_once("http://")
            && let Some(Ok(address)) = rest.split(' ').next().map(str::parse)
        {
            return Ok(Server { child, address });
        }
        if first != Err(RecvTimeoutError::Disconnected) {
            drop(child.kill());
            panic!("neither listens nor ends: {first:?}\n{}", self.last_words());
        }
        let status = wait_for_end(&mut child);
        Err(Refused { status, log: self.whole_log().split_off(said_before) })
    }

    /// Runs a subcommand on this data, which must succeed; gives what it said.
    #[track_caller]
    pub(crate) fn run(&self, subcommand: &str) -> String {
        let output = self.command(subcommand).output().unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{said}");
        said
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
        let mut command = self.command("verify");
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

    /// Waits until it is ready.
    #[track_caller]
    pub(crate) fn await_ready(&self) {
        wait_until("the server is ready", || match self.client().get("/health/ready") {
            Ok(reply) if reply.status == 200 => Ok(()),
            other => Err(other),
        });
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it without a chance to shut down, as a power cut does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn wait(&mut self) -> ExitStatus {
        wait_for_end(&mut self.child)
    }

    /// Asks it to end and checks that it does so in order.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    /// The same with one that is replaced by another.
    #[track_caller]
    pub(crate) fn end(&mut self) {
        self.terminate();
        let asked = Instant::now();
        let status = self.wait();
        assert_eq!((status.code(), status.signal()), (Some(0), None));
        assert!(asked.elapsed() < ENDS_WITHIN, "a task did not end: {:?}", asked.elapsed());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // fails only when it has ended already
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What a process says, line by line; read to its end, so that it can always write.
fn lines(stdout: ChildStdout) -> Receiver<String> {
    let (said, heard) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // after the first line the receiver is gone
            drop(said.send(line));
        }
    });
    heard
}

#[track_caller]
fn wait_for_end(child: &mut Child) -> ExitStatus {
    wait_until("the server has ended", || child.try_wait().unwrap().ok_or("it runs"))
}

/// Waits for something; when it does not come, says what it was and what was there instead.
#[track_caller]
pub(crate) fn wait_until<T, U: Debug>(what: &str, mut look: impl FnMut() -> Result<T, U>) -> T {
    let began = Instant::now();
    loop {
        let there = match look() {
            Ok(came) => return came,
            Err(there) => there,
        };
        let waited = began.elapsed();
        assert!(waited < PATIENCE, "waited {waited:?} in vain until {what}; there was {there:?}");
        thread::sleep(LOOK_EVERY);
    }
}

/// A file for a test's own notes, beside the data.
pub(crate) fn notes(folder: &Path, name: &str) -> (PathBuf, File) {
    let path = folder.join(name);
    let file = OpenOptions::new().create(true).append(true).open(&path).unwrap();
    (path, file)
}
