//! The program under test: `shindan demo … --serve` or `shindan serve`, in a temporary folder, ended with the story.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Outcome, web};

/// Long enough for a debug build beside four others on two cores.
const START: Duration = Duration::from_secs(120);

/// A running program. It is killed, and its folder removed, when this is dropped.
pub struct Program {
    child: Child,
    folder: PathBuf,
    /// The hospital's port, or that of the empty installation.
    pub port: u16,
}

/// Where the executable is (`SHINDAN_PROGRAM`).
pub fn executable() -> Outcome<PathBuf> {
    let Some(path) = std::env::var_os("SHINDAN_PROGRAM").map(PathBuf::from) else {
        return Err(
            "SHINDAN_PROGRAM is not set: the path of the executable `shindan` that is to be tested, for \
                    example SHINDAN_PROGRAM=$PWD/target/debug/shindan"
                .to_owned(),
        );
    };
    path.canonicalize()
        .map_err(|error| format!("SHINDAN_PROGRAM={}: {error} (build it first: cargo build)", path.display()))
}

impl Program {
    /// The demo's hospital (its vendor listens at the next port), on the days on which its story was written down: stories name
    /// records by their numbers, which begin with the year.
    pub fn demo(name: &str) -> Outcome<Program> {
        Program::start(name, |command, data, port| {
            command.arg("demo").arg(data).args(["--serve", "--last-day", "2024-12-22"]);
            command.args(["--listen", &format!("127.0.0.1:{port}")]);
        })
    }

    /// `shindan serve` on an empty folder. Nobody has an account yet; [`Program::told`] has the address of the set-up.
    pub fn empty(name: &str) -> Outcome<Program> {
        Program::start(name, |command, data, port| {
            command.arg("serve").arg("--data-dir").arg(data).args(["--listen", &format!("127.0.0.1:{port}")]);
        })
    }

    fn start(name: &str, arguments: impl Fn(&mut Command, &Path, u16)) -> Outcome<Program> {
        let executable = executable()?;
        let folder = std::env::temp_dir().join(format!("shindan-e2e-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let port = web::free_ports()?;
        let file = |name: &str| File::create(folder.join(name)).map_err(|error| format!("{name}: {error}"));
        let mut command = Command::new(executable);
        command.stdin(Stdio::null()).stdout(file("stdout")?).stderr(file("stderr")?);
        arguments(&mut command, &folder.join("data"), port);
        let child = command.spawn().map_err(|error| format!("cannot start shindan: {error}"))?;
        let mut program = Program { child, folder, port };
        program.wait()?;
        Ok(program)
    }

    /// Waits until the log-in is answered; says what the program said if it ends before.
    fn wait(&mut self) -> Outcome {
        let began = Instant::now();
        loop {
            let answer = web::ask(self.port, "GET", "/login", Duration::from_secs(5));
            if answer.is_ok_and(|answer| {
                answer.starts_with(b"HTTP/1.1 200") || answer.starts_with(b"HTTP/1.1 303")
            }) {
                return Ok(());
            }
            let ended = self.child.try_wait().map_err(|error| format!("cannot wait for shindan: {error}"))?;
            if ended.is_some() || began.elapsed() > START {
                return Err(format!("shindan does not answer:\n{}", self.told()));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What it printed until now; what it complained of first.
    pub fn told(&self) -> String {
        ["stderr", "stdout"]
            .iter()
            .map(|name| {
                std::fs::read_to_string(self.folder.join(name)).unwrap_or_else(|error| error.to_string())
            })
            .collect()
    }

    /// What went wrong inside of it, its last lines.
    pub fn complaints(&self) -> String {
        let text =
            std::fs::read_to_string(self.folder.join("stderr")).unwrap_or_else(|error| error.to_string());
        let lines = text
            .lines()
            .filter(|line| line.contains("panicked") || line.contains("ERROR"))
            .collect::<Vec<_>>();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }

    /// The folder of this run, for files that a story makes.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
        // A folder that stays is in the temporary files, and no reason to fail.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
