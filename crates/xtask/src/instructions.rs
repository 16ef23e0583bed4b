//! `instructions`: how many instructions W2 and W3 with 10,000 components take, counted by valgrind: on a machine that others use, too,
//! this does not depend on who else is at work. Compared with the numbers that were recorded last, in `bench/instructions.json`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::contender::Repeats;
use crate::measure::CommandLine;
use crate::workloads::Bench;
use crate::{Failure, machine, sbom, workspace};

/// Components of W3.
const COMPONENTS: usize = 10_000;
/// More than this above what was recorded is a failure. With one thread, two runs of one program differ by far less.
const ALLOWED: f64 = 0.03;

/// What to do.
#[derive(Debug)]
pub struct Options {
    record: bool,
    product: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments after `instructions`.
    ///
    /// # Errors
    /// In words, for whoever typed them.
    pub fn parse(arguments: &[String]) -> Result<Options, String> {
        let mut options = Options { record: false, product: None };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--record" => options.record = true,
                "--product" => {
                    let file = arguments.next().ok_or("--product needs a value")?;
                    options.product = Some(PathBuf::from(file));
                }
                other => return Err(format!("{other} is not known")),
            }
        }
        Ok(options)
    }
}

/// What was recorded: with which compiler, and millions of instructions by workload.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Recorded {
    /// Day, compiler and valgrind: another one counts other instructions.
    with: String,
    /// By workload, in millions.
    millions: BTreeMap<String, f64>,
}

/// Counts, compares, and with `--record` writes what was counted.
///
/// # Errors
/// When valgrind is missing, a program fails, or a workload takes more than 3 % more instructions than recorded.
pub fn run(options: &Options) -> Result<(), Failure> {
    let data = shindan_testdata::root();
    if !data.join("osv").is_dir() {
        return Err(format!("no test data at {} (set SHINDAN_TESTDATA)", data.display()).into());
    }
    let product = workspace::product(options.product.as_deref(), "release")?;
    let bench = Bench { data, product, repeats: Repeats { short: 1 }, peers_up_to: 0, differing: Vec::new() };
    let counted = Recorded { with: with()?, millions: counted(&bench)? };
    println!("{}\n{}\n", machine::description(), counted.with);
    let file = workspace::root().join("bench/instructions.json");
    let recorded: Recorded = match std::fs::read(&file) {
        Ok(bytes) => {
            serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", file.display()))?
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Recorded::default(),
        Err(error) => return Err(format!("{}: {error}", file.display()).into()),
    };
    let more = compare(&recorded, &counted);
    if options.record {
        std::fs::write(&file, serde_json::to_string_pretty(&counted)? + "\n")?;
        println!("\nrecorded in {}", file.display());
        return Ok(());
    }
    if more.is_empty() {
        return Ok(());
    }
    Err(format!("more instructions than recorded ({}): {}", recorded.with, more.join(", ")).into())
}

/// Prints each workload beside what was recorded. Those that grew by more than is allowed are returned.
fn compare(recorded: &Recorded, counted: &Recorded) -> Vec<String> {
    println!("| workload | millions of instructions | recorded | change |\n|---|---:|---:|---:|");
    let mut more = Vec::new();
    for (name, now) in &counted.millions {
        let Some(before) = recorded.millions.get(name).filter(|before| **before > 0.0) else {
            println!("| {name} | {now:.1} | – | – |");
            continue;
        };
        let change = now / before - 1.0;
        println!("| {name} | {now:.1} | {before:.1} | {:+.1} % |", change * 100.0);
        if change > ALLOWED {
            more.push(name.clone());
        }
    }
    more
}

fn counted(bench: &Bench) -> Result<BTreeMap<String, f64>, Failure> {
    let data = bench.knowledge("kb-everything", &bench.everything())?;
    let lock = bench.data.join("lock/Cargo.lock");
    let sbom = workspace::folder("inputs")?.join(format!("sbom-{COMPONENTS}.cdx.json"));
    let records = bench.records()?;
    sbom::write_cyclonedx(&sbom, sbom::Source::new(&records).packages(COMPONENTS))?;
    let mut millions = BTreeMap::new();
    for (name, input) in [("W2, 883 packages", &lock), ("W3, 10,000 components", &sbom)] {
        let command = bench.check_row("instructions", &data, input, false)?.command?;
        millions.insert(name.to_owned(), instructions(&command)? as f64 / 1e6);
    }
    Ok(millions)
}

/// Instructions of one run, on one thread, so that they do not depend on who came first.
fn instructions(command: &CommandLine) -> Result<u64, Failure> {
    let counts = workspace::folder("instructions")?.join("callgrind.out");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(format!("--callgrind-out-file={}", counts.display()))
        .args(&command.words)
        .env("RAYON_NUM_THREADS", "1")
        .current_dir(&command.folder)
        .output()
        .map_err(|error| {
            format!("valgrind cannot be started ({error}); on Debian: apt-get install valgrind")
        })?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} ended with {}: {told}", command.words.join(" "), output.status).into());
    }
    total(&std::fs::read_to_string(&counts)?)
        .ok_or_else(|| format!("{} tells no total", counts.display()).into())
}

/// The total that callgrind writes at the end of its file: `totals: 12345`.
fn total(file: &str) -> Option<u64> {
    let line = file
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("totals: ").or(line.strip_prefix("summary: ")))?;
    line.split_whitespace().next()?.parse().ok()
}

fn with() -> Result<String, Failure> {
    let version = |program: &str| -> Result<String, Failure> {
        let output = Command::new(program).arg("--version").output();
        let output = output.map_err(|error| format!("{program} cannot be started: {error}"))?;
        Ok(String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned())
    };
    Ok(format!("{}, {}", version("rustc")?, version("valgrind")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(millions: &[(&str, f64)]) -> Recorded {
        let millions = millions.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        Recorded { with: String::new(), millions }
    }

    #[test]
    fn the_total_is_found() {
        assert_eq!(total("events: Ir\nfn=(1)\n0 12\n\ntotals: 123456\n"), Some(123_456));
        assert_eq!(total("events: Ir\n"), None);
        assert_eq!(total("totals: many\n"), None);
    }

    #[test]
    fn what_grew_is_told_and_what_is_new_is_not_refused() {
        let recorded = of(&[("W2", 10.0), ("W3", 100.0)]);
        assert_eq!(compare(&recorded, &of(&[("W2", 10.2), ("W3", 90.0), ("W9", 5.0)])), [""; 0]);
        assert_eq!(compare(&recorded, &of(&[("W2", 10.4), ("W3", 104.0)])), ["W2", "W3"]);
    }
}
