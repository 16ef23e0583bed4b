//! `web-load`: the pages under load (bench/README.md, W6). Builds the product and an installation with a million findings, starts
//! `shindan serve`, and measures: how soon it is ready, its memory, the first byte of each list page, and many people at once.

mod client;
mod installation;
mod mix;
mod open_loop;
mod pages;
mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use client::Client;
use installation::PERSON;
use open_loop::{Outcome, per_mille};
use server::{Memory, Server};

use crate::Failure;
use crate::{machine, workspace};

/// The targets.
const READY: Duration = Duration::from_millis(200);
const IDLE: u64 = 100_000_000;
const FIRST_BYTE: Duration = Duration::from_millis(100);
const P99: Duration = Duration::from_millis(100);
/// So often it is started for the time to be ready.
const STARTS: usize = 10;
/// How long it is left alone before its memory counts as idle.
const REST: Duration = Duration::from_secs(5);

/// What to run.
#[derive(Debug)]
pub struct Options {
    cases: usize,
    clients: usize,
    rate: f64,
    seconds: f64,
    anew: bool,
    product: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments after `web-load`.
    ///
    /// # Errors
    /// In words, for whoever typed them.
    pub fn parse(arguments: &[String]) -> Result<Options, String> {
        let mut options =
            Options { cases: 100_000, clients: 32, rate: 50.0, seconds: 60.0, anew: false, product: None };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            let wrong = |_| format!("{argument}: not a number");
            match argument.as_str() {
                "--cases" => {
                    options.cases = value()?.parse().map_err(|_| format!("{argument}: not a number"))?
                }
                "--clients" => {
                    options.clients = value()?.parse().map_err(|_| format!("{argument}: not a number"))?
                }
                "--rate" => options.rate = value()?.parse().map_err(wrong)?,
                "--seconds" => options.seconds = value()?.parse().map_err(wrong)?,
                "--anew" => options.anew = true,
                "--product" => options.product = Some(PathBuf::from(value()?)),
                other => return Err(format!("{other} is not known")),
            }
        }
        if options.clients == 0 || options.cases == 0 || options.rate <= 0.0 || options.seconds <= 0.0 {
            return Err("there must be cases, clients, a rate and a time".into());
        }
        Ok(options)
    }
}

/// Runs it.
///
/// # Errors
/// When something cannot be built, made or had. A target that is missed is no error: it is printed.
pub fn run(options: &Options) -> Result<(), Failure> {
    let shindan = built(options.product.as_deref())?;
    let data = installation(options, &shindan)?;
    println!("{}\nload before: {}\n", machine::description(), machine::load());
    println!("| what | measured | target | |\n|---|---:|---:|---|");
    let server = ready(&shindan, &data)?;
    let mut client = Client::new(server.address);
    client.log_in(PERSON.0, PERSON.1)?;
    let _warm = client.get("/vulnerabilities/CVE-2026-100000")?;
    std::thread::sleep(REST);
    tell_memory("memory, idle, knowledge base mapped and used once", server.memory(), Some(IDLE));
    let slow = lists(&mut client)?;
    tell_memory("memory after every list page", server.memory(), None);
    let together = people(&mut client, options)?;
    std::thread::sleep(REST);
    tell_memory("memory after that, idle again", server.memory(), None);
    println!("\n### Each page\n\n| page | first time | median | slowest | KB |\n|---|---:|---:|---:|---:|");
    println!("{}", slow.join("\n"));
    println!(
        "\n### {} clients\n\n| request | n | p50 | p99 | slowest |\n|---|---:|---:|---:|---:|",
        options.clients
    );
    println!("{}\n\nload after: {}", together.join("\n"), machine::load());
    Ok(())
}

/// The executable, with the features of the whole workspace, as it is delivered.
fn built(given: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(given) = given {
        return given.canonicalize().map_err(|error| format!("{}: {error}", given.display()).into());
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--release", "--workspace", "--bins"]).current_dir(workspace::root());
    if !build.status()?.success() {
        return Err("cargo build failed".into());
    }
    Ok(workspace::target().join(format!("release/shindan{}", std::env::consts::EXE_SUFFIX)))
}

/// The installation: made once, kept for the next run, which goes on with what the one before wrote.
fn installation(options: &Options, shindan: &Path) -> Result<PathBuf, Failure> {
    let folder = workspace::folder("web-load")?.join(options.cases.to_string());
    let done = folder.join("made");
    if options.anew || !done.exists() {
        eprintln!("making an installation with {} cases", options.cases);
        installation::make(shindan, &folder, &shindan_testdata::root(), options.cases)?;
        std::fs::write(&done, "")?;
    }
    Ok(folder.join("data"))
}

fn ready(shindan: &Path, data: &Path) -> Result<Server, Failure> {
    let mut times = Vec::new();
    let mut last = Server::start(shindan, data)?;
    for _ in 1..STARTS {
        times.push(last.ready);
        drop(last);
        last = Server::start(shindan, data)?;
    }
    times.push(last.ready);
    times.sort();
    let (median, slowest) = (per_mille(&times, 500), per_mille(&times, 1000));
    let measured = format!("{} (slowest {})", shown(median), shown(slowest));
    row(&format!("ready, median of {STARTS} starts"), &measured, &shown(READY), Some(slowest <= READY));
    tell_memory("memory right after the start", last.memory(), None);
    Ok(last)
}

fn tell_memory(what: &str, memory: Option<Memory>, target: Option<u64>) {
    let Some(Memory { private, mapped }) = memory else { return row(what, "not told here", "", None) };
    let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    let measured = format!(
        "{}: {} private, {} mapped files",
        megabytes(private + mapped),
        megabytes(private),
        megabytes(mapped)
    );
    let met = target.map(|target| private + mapped <= target);
    row(what, &measured, &target.map(megabytes).unwrap_or_default(), met);
}

/// The list pages, and their rows for the table.
fn lists(client: &mut Client) -> Result<Vec<String>, Failure> {
    let mut rows = Vec::new();
    let (mut over, mut slowest) = (0, (Duration::ZERO, String::new()));
    let asked = pages::all(client)?;
    let count = asked.len();
    for asked in asked {
        let taken = pages::measure(client, asked)?;
        let pages::Taken { asked, first, median, slowest: worst, bytes } = taken;
        over += usize::from(worst > FIRST_BYTE);
        if worst > slowest.0 {
            slowest = (worst, asked.what.clone());
        }
        let mark = if worst > FIRST_BYTE { " **missed**" } else { "" };
        rows.push(format!(
            "| {} | {} | {} | {}{mark} | {} |",
            asked.what,
            shown(first),
            shown(median),
            shown(worst),
            bytes / 1000
        ));
    }
    let measured = format!("{} ({}); {over} over", shown(slowest.0), slowest.1);
    row(
        &format!("first byte of {count} list pages, slowest"),
        &measured,
        &shown(FIRST_BYTE),
        Some(over == 0),
    );
    Ok(rows)
}

/// Many people at once, and the rows of each kind of request.
fn people(client: &mut Client, options: &Options) -> Result<Vec<String>, Failure> {
    let count = (options.rate * options.seconds).round() as usize;
    let requests = mix::Stock::gather(client, count)?.requests(count);
    let timed: Vec<_> = open_loop::arrivals(options.rate, count, 1).into_iter().zip(requests).collect();
    let outcomes = open_loop::run(client, options.clients, &timed)?;
    let failed = outcomes.iter().filter(|outcome| !outcome.answered).count();
    let sorted = |outcomes: &[Outcome]| {
        let mut times: Vec<Duration> = outcomes.iter().map(|outcome| outcome.latency).collect();
        times.sort();
        times
    };
    let times = sorted(&outcomes);
    let p99 = per_mille(&times, 990);
    let what = format!(
        "{} clients, {} requests a second for {} s, from the intended time to the last byte",
        options.clients, options.rate, options.seconds
    );
    let measured = format!(
        "p50 {}, p99 {}, slowest {}, errors {failed} of {}",
        shown(per_mille(&times, 500)),
        shown(p99),
        shown(per_mille(&times, 1000)),
        outcomes.len()
    );
    row(&what, &measured, &format!("p99 {}", shown(P99)), Some(p99 <= P99 && failed == 0));
    let mut kinds: BTreeMap<&str, Vec<Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        kinds.entry(outcome.what).or_default().push(outcome);
    }
    let line = |(what, outcomes): (&str, Vec<Outcome>)| {
        let times = sorted(&outcomes);
        let [p50, p99, slowest] = [500, 990, 1000].map(|share| shown(per_mille(&times, share)));
        format!("| {what} | {} | {p50} | {p99} | {slowest} |", times.len())
    };
    Ok(kinds.into_iter().map(line).collect())
}

fn row(what: &str, measured: &str, target: &str, met: Option<bool>) {
    let met = match met {
        Some(true) => "met",
        Some(false) => "**missed**",
        None => "",
    };
    let target = if target.is_empty() { "–".to_owned() } else { format!("≤ {target}") };
    println!("| {what} | {measured} | {target} | {met} |");
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_refused() {
        let parse = |text: &str| Options::parse(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let options = parse("--cases 1000 --rate 20 --anew").unwrap();
        assert_eq!((options.cases, options.rate, options.clients, options.anew), (1_000, 20.0, 32, true));
        assert!(parse("--cases many").is_err());
        assert!(parse("--clients 0").is_err());
        assert!(parse("--rate").is_err());
        assert!(parse("--loud").is_err());
    }
}
