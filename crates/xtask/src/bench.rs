//! `bench`: options, the order of things, and the tables.

use std::path::PathBuf;
use std::time::Duration;

use crate::contender::{Measured, Repeats};
use crate::measure::Run;
use crate::results::{self, Reason};
use crate::workloads::{self, Bench};
use crate::{Failure, machine, workspace};

/// What to run.
#[derive(Debug)]
pub struct Options {
    workloads: Vec<String>,
    repeats: usize,
    sizes: Vec<usize>,
    peers_up_to: usize,
    product: Option<PathBuf>,
    profile: String,
}

impl Options {
    /// Reads the arguments after `bench`.
    ///
    /// # Errors
    /// In words, for whoever typed them.
    pub fn parse(arguments: &[String]) -> Result<Options, String> {
        let mut options = Options {
            workloads: Vec::new(),
            repeats: 10,
            sizes: vec![1_000, 10_000, 100_000],
            peers_up_to: 100_000,
            product: None,
            profile: "release".into(),
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "w1" | "w2" | "w3" | "w4" => options.workloads.push(argument.clone()),
                "all" => options.workloads.extend(["w1", "w2", "w3", "w4"].map(str::to_owned)),
                "--repeats" => options.repeats = size(value()?)?.max(1),
                "--sizes" => options.sizes = value()?.split(',').map(size).collect::<Result<_, _>>()?,
                "--peers-up-to" => options.peers_up_to = size(value()?)?,
                "--product" => options.product = Some(PathBuf::from(value()?)),
                "--profile" => options.profile = value()?.clone(),
                other => return Err(format!("{other} is not known")),
            }
        }
        if options.workloads.is_empty() {
            return Err("which workload?".into());
        }
        Ok(options)
    }
}

/// `10k` → 10,000.
fn size(text: &str) -> Result<usize, String> {
    let (digits, factor) = match text.to_ascii_lowercase().strip_suffix(['k', 'm']) {
        Some(digits) => (digits.to_owned(), if text.ends_with(['k', 'K']) { 1_000 } else { 1_000_000 }),
        None => (text.to_owned(), 1),
    };
    digits.parse::<usize>().map(|n| n * factor).map_err(|_| format!("{text} is not a number"))
}

/// Runs the workloads.
///
/// # Errors
/// When a program fails, or when answers differ without a listed reason.
pub fn run(options: &Options) -> Result<(), Failure> {
    let root = shindan_testdata::root();
    if !root.join("osv").is_dir() {
        let path = root.display();
        return Err(
            format!("no test data at {path} (set SHINDAN_TESTDATA to the folder that holds it)").into()
        );
    }
    let product = workspace::product(options.product.as_deref(), &options.profile)?;
    println!("Machine: {}; product built with profile `{}`.", machine::description(), product.profile);
    let mut bench = Bench {
        data: root,
        product,
        repeats: Repeats { short: options.repeats },
        peers_up_to: options.peers_up_to,
        differing: Vec::new(),
    };
    for workload in &options.workloads {
        match workload.as_str() {
            "w1" => workloads::w1(&mut bench)?,
            "w2" => workloads::w2(&mut bench)?,
            "w3" => workloads::w3(&mut bench, &options.sizes)?,
            _ => workloads::w4(&mut bench)?,
        }
    }
    if bench.differing.is_empty() {
        return Ok(());
    }
    Err(format!("answers differ without a listed reason: {}", bench.differing.join(", ")).into())
}

/// One table: title, remarks below it, what the contenders took, and known differences.
#[derive(Debug)]
pub struct Table<'a> {
    /// Title.
    pub title: &'a str,
    /// The target, and particulars of the input.
    pub remarks: Vec<String>,
    /// Load average before and after the runs.
    pub load: (String, String),
    /// The contenders; the first one is the product.
    pub measured: Vec<Measured>,
    /// Differences that are understood.
    pub reasons: &'a [Reason],
}

/// Prints a table as Markdown and compares the answers. Returns the names of those that differ without a reason.
pub fn print(table: &Table<'_>) -> Vec<String> {
    println!("\n### {}\n", table.title);
    println!(
        "| | wall, median | minimum | user CPU | system CPU | peak memory | answers | against the first row |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    let baseline = table.measured.first().and_then(|m| m.runs.as_ref().ok()).map(|runs| median(runs, wall));
    for measured in &table.measured {
        print_row(measured, baseline);
    }
    println!();
    println!("Load average {} before, {} after the runs.", table.load.0, table.load.1);
    for remark in &table.remarks {
        println!("{remark}");
    }
    print_comparisons(table)
}

fn print_row(measured: &Measured, baseline: Option<Duration>) {
    let runs = match &measured.runs {
        Ok(runs) => runs,
        Err(reason) => {
            println!("| {} | {reason} | | | | | | |", measured.name);
            return;
        }
    };
    let middle = median(runs, wall);
    let least = runs.iter().map(|r| r.wall).min().unwrap_or_default();
    let peak = runs.iter().map(|r| r.peak).max().unwrap_or(0) as f64 / 1e6;
    let answers = measured.answer.as_ref().map_or_else(|| "–".to_owned(), |a| a.len().to_string());
    let ratio = baseline.filter(|b| !b.is_zero()).map_or(1.0, |b| middle.as_secs_f64() / b.as_secs_f64());
    println!(
        "| {} (n = {}) | {} | {} | {} | {} | {peak:.1} MB | {answers} | {ratio:.1} × |",
        measured.name,
        runs.len(),
        shown(middle),
        shown(least),
        shown(median(runs, |r| r.user)),
        shown(median(runs, |r| r.system)),
    );
}

fn print_comparisons(table: &Table<'_>) -> Vec<String> {
    const SHOWN: usize = 10;
    let mut differing = Vec::new();
    let Some(product) = table.measured.first().and_then(|m| m.answer.as_ref()) else { return differing };
    for peer in table.measured.iter().skip(1) {
        let Some(answer) = &peer.answer else { continue };
        let comparison = results::compare(product, &peer.name, answer, table.reasons);
        let (explained, unexplained) = (&comparison.explained, &comparison.unexplained);
        if explained.is_empty() && unexplained.is_empty() {
            println!("{}: the same answers.", peer.name);
        }
        for (reason, count) in explained {
            println!("{}: {count} differ: {reason}", peer.name);
        }
        for entry in unexplained.iter().take(SHOWN) {
            println!("{}: DIFFERS without a listed reason: {entry}", peer.name);
        }
        if unexplained.len() > SHOWN {
            println!("{}: and {} more", peer.name, unexplained.len() - SHOWN);
        }
        if !unexplained.is_empty() {
            differing.push(format!("{} in {}", peer.name, table.title));
        }
    }
    differing
}

fn wall(run: &Run) -> Duration {
    run.wall
}

/// The median, of an even number of runs the mean of the two in the middle.
pub fn median(runs: &[Run], of: impl Fn(&Run) -> Duration) -> Duration {
    let mut all: Vec<Duration> = runs.iter().map(of).collect();
    all.sort();
    let upper = all.get(all.len() / 2).copied().unwrap_or_default();
    let lower = all.get(all.len().saturating_sub(1) / 2).copied().unwrap_or_default();
    (lower + upper) / 2
}

fn shown(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1e3;
    match milliseconds {
        0.0..100.0 => format!("{milliseconds:.1} ms"),
        0.0..10_000.0 => format!("{milliseconds:.0} ms"),
        _ => format!("{:.1} s", milliseconds / 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size("10k"), Ok(10_000));
        assert_eq!(size("1M"), Ok(1_000_000));
        assert_eq!(size("7"), Ok(7));
        assert!(size("many").is_err());
    }

    #[test]
    fn options_are_read_and_refused() {
        let parse = |text: &str| Options::parse(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let options = parse("w3 --sizes 1k,1m --repeats 3").unwrap();
        assert_eq!((options.workloads.len(), options.repeats), (1, 3));
        assert_eq!(options.sizes, [1_000, 1_000_000]);
        assert!(parse("--repeats 3").is_err());
        assert!(parse("w9").is_err());
        assert!(parse("w2 --sizes").is_err());
    }

    #[test]
    fn medians() {
        let run = |ms: u64| Run {
            wall: Duration::from_millis(ms),
            user: Duration::ZERO,
            system: Duration::ZERO,
            peak: 0,
            code: Some(0),
        };
        assert_eq!(median(&[run(9), run(1), run(2)], wall), Duration::from_millis(2));
        assert_eq!(median(&[run(4), run(1), run(2), run(9)], wall), Duration::from_millis(3));
        assert_eq!(median(&[], wall), Duration::ZERO);
    }
}
