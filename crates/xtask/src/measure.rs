//! One run of one program: wall time, CPU time and peak memory of that child alone.
//!
//! Linux counts the memory of the process that calls `exec` into the peak of the program that replaces it. So each run
//! is started by a small process of its own (this executable again), and not by the one that holds answers in memory.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use wait4::Wait4;

use crate::Failure;

/// The verb of the small process.
pub const VERB: &str = "measure";

/// What a run took.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// From before the start until the end was noticed.
    pub wall: Duration,
    /// CPU time in user mode, over all threads.
    pub user: Duration,
    /// CPU time in the kernel.
    pub system: Duration,
    /// Largest resident memory, in bytes.
    pub peak: u64,
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
}

/// A program with arguments, the folder it runs in, and where its output goes.
#[derive(Debug, Clone)]
pub struct CommandLine {
    /// Program and arguments.
    pub words: Vec<String>,
    /// The folder it runs in.
    pub folder: String,
    /// File for standard output.
    pub stdout: String,
}

impl CommandLine {
    /// Runs it once.
    ///
    /// # Errors
    /// When it cannot be started at all. What its exit code means is up to the caller.
    pub fn run(&self) -> Result<Run, Failure> {
        let own = std::env::current_exe()?;
        let output = Command::new(own)
            .args([VERB, &self.folder, &self.stdout])
            .args(&self.words)
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            let reason = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{}: {reason}", self.words.join(" ")).into());
        }
        let figures: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let number = |name: &str| figures[name].as_u64().ok_or_else(|| format!("no {name} was measured"));
        Ok(Run {
            wall: Duration::from_nanos(number("wall")?),
            user: Duration::from_nanos(number("user")?),
            system: Duration::from_nanos(number("system")?),
            peak: number("peak")?,
            code: figures["code"].as_i64().and_then(|c| i32::try_from(c).ok()),
        })
    }

    /// The last lines the program wrote to standard error, which are kept beside its output.
    pub fn complaint(&self) -> String {
        let text = std::fs::read_to_string(format!("{}.stderr", self.stdout)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().rev().take(5).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

/// The small process: folder, output file, program, arguments. Prints the figures as JSON.
///
/// # Errors
/// When the program cannot be started.
#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
pub fn serve(arguments: &[String]) -> Result<(), Failure> {
    let [folder, stdout, program, rest @ ..] = arguments else {
        return Err("measure FOLDER OUTPUT PROGRAM ARGUMENTS…".into());
    };
    let output = File::create(Path::new(stdout))?;
    let errors = File::create(Path::new(&format!("{stdout}.stderr")))?;
    let mut command = Command::new(program);
    command.args(rest).current_dir(folder).stdin(Stdio::null()).stdout(output).stderr(errors);
    let begin = Instant::now();
    let child = command.spawn()?;
    let used = child.wait4()?;
    let wall = begin.elapsed();
    let nanoseconds = |d: Duration| u64::try_from(d.as_nanos()).unwrap_or(u64::MAX);
    let figures = json!({
        "wall": nanoseconds(wall),
        "user": nanoseconds(used.rusage.utime),
        "system": nanoseconds(used.rusage.stime),
        "peak": used.rusage.maxrss,
        "code": used.status.code(),
    });
    println!("{figures}");
    Ok(())
}
