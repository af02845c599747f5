//! Where an export goes: a file, or standard output.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Size of the write buffer, in bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// An export that is being written.
pub struct Output {
    path: PathBuf,
    to: BufWriter<To>,
}

enum To {
    File(File),
    Standard(io::Stdout),
}

impl Output {
    /// Begins to write to a file, or with `-` to standard output.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let to = if path == Path::new("-") {
            To::Standard(io::stdout())
        } else {
            let file = File::create(path);
            To::File(file.with_context(|| format!("cannot write {}", path.display()))?)
        };
        Ok(Self { path: path.to_owned(), to: BufWriter::with_capacity(BUFFER_BYTES, to) })
    }

    /// Ends an export and brings it to the disk. A reader that went away (`| head`) is not an error.
    pub fn finish(mut self, written: anyhow::Result<()>) -> anyhow::Result<()> {
        let written = written.and_then(|()| {
            self.to.flush()?;
            match self.to.get_ref() {
                To::File(file) => Ok(file.sync_all()?),
                To::Standard(_) => Ok(()),
            }
        });
        match written {
            Err(error) if is_broken_pipe(&error) => Ok(()),
            other => other.with_context(|| format!("cannot write {}", self.path.display())),
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| match cause.downcast_ref::<csv::Error>().map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(cause)) => broken(cause),
        _ => cause.downcast_ref().is_some_and(broken),
    })
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Write for To {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Standard(stdout) => stdout.lock().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Standard(stdout) => stdout.lock().flush(),
        }
    }
}
