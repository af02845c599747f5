//! The snippets of the guides, run as they stand there against a fresh demo, each language as one program.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::settings::{gondola, part_of_the_machine};

const GUIDES: [&str; 4] = ["till", "web-shop", "erp", "counting"];

/// A demo that nobody has used yet; it ends with its test.
struct Demo {
    child: Child,
    address: String,
    _folder: TempDir,
}

impl Demo {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(gondola());
        command.current_dir(folder.path()).args(["--log", "warn", "demo", "--listen", "0"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.split("http://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = address.unwrap_or_else(|| panic!("no address in {first:?}")).to_owned();
        // what is announced after the first line must find a reader
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, _folder: folder }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What a guide shows of one language, from its beginning to its end.
fn program(guide: &Path, language: &str) -> String {
    let text = std::fs::read_to_string(guide).unwrap();
    let mut blocks = text.split("\n```").skip(1).step_by(2);
    let mut program = String::new();
    for block in &mut blocks {
        let (told, code) = block.split_once('\n').unwrap();
        if told == language {
            program.push_str(code);
            program.push('\n');
        }
    }
    assert!(!program.is_empty(), "{} has nothing of {language}", guide.display());
    program
}

/// Runs what all guides show of a language.
fn run_all(language: &str, run: impl Fn(&str) -> Output) {
    let _machine = part_of_the_machine();
    let demo = Demo::start();
    let guides = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides");
    for guide in GUIDES {
        let program = program(&guides.join(format!("{guide}.md")), language);
        let output = run(&program.replace("localhost:8000", &demo.address));
        let said = String::from_utf8_lossy(&output.stdout);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{guide}, {language}: {said}\n{error}");
        // the one refusal that a guide shows on purpose
        let refused = said.matches("\"type\":\"/problems/").count();
        let shown = usize::from(guide == "web-shop" && language == "sh");
        assert_eq!(refused, shown, "{guide}, {language}: {said}");
    }
}

#[test]
fn the_guides_run_in_a_shell() {
    run_all("sh", |program| {
        Command::new("bash").args(["-euo", "pipefail", "-c", program]).output().unwrap()
    });
}

#[test]
#[ignore = "needs Python: make test-services"]
fn the_guides_run_in_python() {
    run_all("python", |program| Command::new("python3").args(["-c", program]).output().unwrap());
}

#[test]
#[ignore = "needs Node and esbuild: make test-services"]
fn the_guides_run_in_typescript() {
    let esbuild = std::env::var_os("GONDOLA_TEST_ESBUILD").map(PathBuf::from).unwrap();
    run_all("ts", |program| {
        let folder = tempfile::tempdir().unwrap();
        let (written, built) = (folder.path().join("guide.ts"), folder.path().join("guide.mjs"));
        std::fs::write(&written, program).unwrap();
        let output = format!("--outfile={}", built.display());
        let made = Command::new(&esbuild)
            .arg(&written)
            .args(["--format=esm", "--log-level=error", &output])
            .stderr(Stdio::inherit())
            .status()
            .unwrap();
        assert!(made.success(), "{program}");
        Command::new("node").arg(&built).output().unwrap()
    });
}
