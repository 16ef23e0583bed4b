//! Who runs in a workload: the product or a peer, how its answer is read, and how often it runs.

use std::path::Path;
use std::time::Duration;

use crate::Failure;
use crate::measure::{CommandLine, Run};
use crate::results::Answer;

/// How the answer of a program is read from its output.
pub type ReadAnswer = fn(&Path) -> Result<Answer, Failure>;

/// The product or a peer.
#[derive(Debug)]
pub struct Contender {
    /// As shown.
    pub name: String,
    /// What is run; or why it cannot be.
    pub command: Result<CommandLine, String>,
    /// Exit codes that mean "done".
    pub done: &'static [i32],
    /// How the answer is read; `None` if it answers another question and is not compared.
    pub answer: Option<ReadAnswer>,
}

/// A contender after its runs.
#[derive(Debug)]
pub struct Measured {
    /// As shown.
    pub name: String,
    /// The runs; or why there are none.
    pub runs: Result<Vec<Run>, String>,
    /// The answer of the first run, if it is compared.
    pub answer: Option<Answer>,
}

/// How often.
#[derive(Debug, Clone, Copy)]
pub struct Repeats {
    /// Repeats of a run under one second.
    pub short: usize,
}

impl Repeats {
    fn of(self, first: Duration) -> usize {
        if first < Duration::from_secs(1) { self.short } else { self.short.div_ceil(4).max(3) }
    }
}

/// Runs all contenders alternately. The first run of each warms the page cache, tells the answer and how many runs
/// follow, and is not counted.
///
/// # Errors
/// When a contender ends with an exit code that does not mean "done": a benchmark of failures is none.
pub fn run(contenders: Vec<Contender>, repeats: Repeats) -> Result<Vec<Measured>, Failure> {
    struct Running {
        contender: Contender,
        wanted: usize,
        runs: Vec<Run>,
        answer: Option<Answer>,
    }
    let mut running = Vec::new();
    for contender in contenders {
        let (mut wanted, mut answer) = (0, None);
        if let Ok(command) = &contender.command {
            eprintln!("  {}: first run", contender.name);
            let first = checked(&contender, command)?;
            wanted = repeats.of(first.wall);
            if let Some(read) = contender.answer {
                answer = Some(read(Path::new(&command.stdout))?);
            }
        }
        running.push(Running { contender, wanted, runs: Vec::new(), answer });
    }
    let rounds = running.iter().map(|r| r.wanted).max().unwrap_or(0);
    eprintln!("  {rounds} rounds");
    for round in 0..rounds {
        for one in running.iter_mut().filter(|r| round < r.wanted) {
            if let Ok(command) = &one.contender.command {
                one.runs.push(checked(&one.contender, command)?);
            }
        }
    }
    let measured = running.into_iter().map(|r| Measured {
        name: r.contender.name,
        runs: r.contender.command.map(|_| r.runs),
        answer: r.answer,
    });
    Ok(measured.collect())
}

fn checked(contender: &Contender, command: &CommandLine) -> Result<Run, Failure> {
    let run = command.run()?;
    if run.code.is_some_and(|code| contender.done.contains(&code)) {
        return Ok(run);
    }
    let ended = run.code.map_or_else(|| "a signal".to_owned(), |code| format!("code {code}"));
    Err(format!(
        "{} ended with {ended}: {}\n{}",
        contender.name,
        command.words.join(" "),
        command.complaint()
    )
    .into())
}
