//! Runs the real executable in folders of its own.

// Each test file uses a part of it; helpers may fail a test.
#![allow(dead_code, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// The time at which the fixtures are a few days old.
pub const NOW: &str = "2024-06-10T00:00:00Z";

/// A folder that is removed when the test ends.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("cli-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).expect("folder");
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file and gives its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        std::fs::write(&path, content).expect("file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A fixture.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// What the program said.
pub struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {self}"))
    }

    /// Fails unless the program ended so.
    #[track_caller]
    pub fn ends(self, code: i32) -> Said {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Fails unless standard error holds all of these.
    #[track_caller]
    pub fn complains(self, parts: &[&str]) -> Said {
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?} in {self}");
        }
        self
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit {}\n--- stdout\n{}\n--- stderr\n{}", self.code, self.stdout, self.stderr)
    }
}

/// The program, with an environment that says nothing.
pub fn command<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shindan"));
    command.args(arguments);
    for name in
        ["SHINDAN_LANG", "SHINDAN_DATA_DIR", "SHINDAN_TOKEN", "SHINDAN_TOKEN_FILE", "NO_COLOR", "COLUMNS"]
    {
        command.env_remove(name);
    }
    command
}

/// Ends of the program: never by a panic, never by a signal.
#[track_caller]
pub fn said(output: Output) -> Said {
    let said = Said {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
    };
    assert!(matches!(said.code, 0..=6 | 10..=12), "{said}");
    assert!(!said.stderr.contains("panicked"), "{said}");
    said
}

/// Runs the program to its end.
#[track_caller]
pub fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Said {
    said(command(arguments).stdin(Stdio::null()).output().expect("runs"))
}

/// Runs the program with something on standard input.
#[track_caller]
pub fn run_with_input(arguments: &[&str], input: &[u8]) -> Said {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    let mut stdin = child.stdin.take().expect("stdin");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // The program may end before it has read everything.
        drop(stdin.write_all(&input));
    });
    let output = child.wait_with_output().expect("ends");
    writer.join().expect("writer");
    said(output)
}

/// Text of a path, for arguments.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8 path")
}

/// A data folder built from all fixtures.
pub fn knowledge(folder: &Folder) -> PathBuf {
    let data_dir = folder.join("data");
    run(["kb", "build", "--data-dir", text(&data_dir), text(&data("advisories")), text(&data("more"))])
        .ends(0);
    data_dir
}

/// `check --format json` at [`NOW`].
#[track_caller]
pub fn check(data_dir: &Path, inventory: &Path, more: &[&str]) -> Said {
    let base = ["check", text(inventory), "--data-dir", text(data_dir), "--format", "json", "--now", NOW];
    run(base.iter().chain(more))
}

/// A zip of files.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in files {
        writer.start_file(*name, options).expect("entry");
        writer.write_all(content).expect("content");
    }
    writer.finish().expect("archive").into_inner()
}

/// Codes of the diagnostics of each input of `check`.
pub fn codes_of_inputs(answer: &Value) -> Vec<String> {
    let inputs = answer["inputs"].as_array().expect("inputs");
    inputs
        .iter()
        .flat_map(|i| i["diagnostics"].as_array().expect("diagnostics").clone())
        .map(|d| d["code"].as_str().expect("code").to_owned())
        .collect()
}

/// Codes of the rejections that `kb status` remembers.
pub fn rejections(data_dir: &Path) -> Vec<String> {
    let status = run(["kb", "status", "--data-dir", text(data_dir), "--format", "json"]).ends(0).json();
    let sources = status["sources"].as_array().expect("sources").clone();
    sources
        .iter()
        .flat_map(|s| s["rejections"].as_array().cloned().unwrap_or_default())
        .map(|d| d["code"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Fails with every place where `value` does not follow the schema of this name in `docs/schemas`.
#[track_caller]
pub fn follows(schema: &str, value: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas").join(schema);
    let schema: Value = serde_json::from_slice(&std::fs::read(path).expect("schema")).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let errors: Vec<String> =
        validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
}
