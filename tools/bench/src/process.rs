//! Child processes of this same binary: started, awaited, asked for their use of the machine, stopped.

use std::ffi::OsStr;
use std::net::{SocketAddr, TcpListener};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use http::StatusCode;
use tokio::process::{Child, Command};

use super::connection::{Connection, Prepared};

/// How long a server may take until it is ready, and later until it has ended.
const PATIENCE: Duration = Duration::from_mins(1);

/// Between two questions whether a server is ready.
const ASK_EVERY: Duration = Duration::from_millis(20);

/// A server that runs as a child process; dropping it kills it.
pub(super) struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    /// Starts this binary with `arguments` and `--listen` on a free port, and waits until it says it is ready.
    pub(super) async fn start<A: AsRef<OsStr>>(arguments: &[A]) -> anyhow::Result<Self> {
        let address = free_address()?;
        let child = this_binary()?
            .args(arguments)
            .args(["--listen", &address.to_string()])
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start a server process")?;
        let mut process = Self { child, address };
        process.ready().await?;
        Ok(process)
    }

    /// Where it listens.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    async fn ready(&mut self) -> anyhow::Result<()> {
        let question = Prepared::get("/health/ready");
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server process ended before it was ready: {status}");
            }
            if let Ok(mut connection) = Connection::open(self.address).await
                && let Ok(StatusCode::OK) = connection.exchange(&question).await
            {
                return Ok(());
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        bail!("the server process was not ready after {} s", PATIENCE.as_secs())
    }

    /// Resources that the process has used so far; `None` where the system does not report them.
    pub(super) fn usage(&self) -> Option<Usage> {
        Usage::of(&self.child.id()?.to_string())
    }

    /// Asks it to end and waits until it has.
    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        let id = self.child.id().context("the server process has ended")?;
        let id = rustix::process::Pid::from_raw(i32::try_from(id)?).context("no process id")?;
        rustix::process::kill_process(id, rustix::process::Signal::TERM)?;
        let status = tokio::time::timeout(PATIENCE, self.child.wait())
            .await
            .context("the server process did not end when asked to")??;
        ensure!(status.success(), "the server process failed: {status}");
        Ok(())
    }
}

/// Runs this binary to its end; its output when it failed.
pub(super) async fn run_to_end<A: AsRef<OsStr>>(
    arguments: &[A],
) -> anyhow::Result<Result<(), String>> {
    let output = this_binary()?.args(arguments).output().await?;
    if output.status.success() {
        return Ok(Ok(()));
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    Ok(Err(format!("{}: {said}", output.status)))
}

fn this_binary() -> anyhow::Result<Command> {
    let binary = std::env::current_exe().context("cannot find this program's own file")?;
    let mut command = Command::new(binary);
    command.stdin(Stdio::null()).kill_on_drop(true);
    Ok(command)
}

fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?)
}

/// What a process has used of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Usage {
    /// Time on processors, all its threads together.
    pub(super) cpu: Duration,
    /// Most memory it ever had, in bytes.
    pub(super) memory_peak_bytes: u64,
}

impl Usage {
    /// Of this process.
    pub(super) fn own() -> Option<Self> {
        Self::of("self")
    }

    fn of(process: &str) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let peak_kib: u64 = peak.trim().trim_end_matches(" kB").parse().ok()?;
        // The name in parentheses may have blanks; user and system time are fields 14 and 15 of the line.
        let (_, fields) = stat.rsplit_once(") ")?;
        let mut times = fields.split(' ').skip(11);
        let user: u64 = times.next()?.parse().ok()?;
        let system: u64 = times.next()?.parse().ok()?;
        let tick =
            Duration::from_secs(1) / u32::try_from(rustix::param::clock_ticks_per_second()).ok()?;
        Some(Self {
            cpu: tick * u32::try_from(user + system).ok()?,
            memory_peak_bytes: peak_kib * 1024,
        })
    }
}
