//! W5: a thousand advisories change, and a portfolio follows: `portfolio FOLDER COMPONENTS [FILE]`, with the
//! figures as JSON in a file. For the benchmarks (`xtask portfolio`).
//! The inputs are generated and the same everywhere: lists of 1,000 components each, 20,000 advisories about 200,000 packages.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example prints and reads the clock")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;
use shindan_app::author::Author;
use shindan_app::check::CheckOptions;
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::knowledge::{self, BuildOptions};
use shindan_app::portfolio;
use shindan_app::progress::Silent;
use shindan_domain::case::Subject;
use shindan_domain::record_id::SystemId;
use shindan_match::index::prints::changed_keys;
use uuid::Uuid;

type Failure = Box<dyn Error>;

const LIST: usize = 1_000;
const PACKAGES: usize = 200_000;
const ADVISORIES: usize = 20_000;
const CHANGED: usize = 1_000;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: portfolio FOLDER COMPONENTS [FILE]";
    let (Some(folder), Some(count)) = (arguments.next(), arguments.next()) else { return Err(usage.into()) };
    let (root, count) = (PathBuf::from(folder), count.parse::<usize>()?);
    let told = arguments.next();
    if root.exists() {
        std::fs::remove_dir_all(&root)?;
    }
    std::fs::create_dir_all(root.join("lists"))?;
    let data = DataFolder::new(root.join("data"));
    let author = Author::before_setup(&data, "benchmark")?;
    learn(&root, &data, &author, 0)?;
    hold(&root, &data, &author, count)?;
    println!("| step | {count} components |\n|---|---:|");
    let (_, stored) = tell("store all lists, once", || Ok(portfolio::renew(&data, false, &Silent)?))?;
    let old = data.map()?;
    learn(&root, &data, &author, CHANGED)?;
    let (keys, _) = tell("changed keys", || {
        let new = data.map()?;
        Ok(changed_keys(&old.open()?.0, &new.open()?.0)?)
    })?;
    let (renewed, changed) =
        tell("changed keys, components concerned, judged again, written and synced", || {
            Ok(portfolio::renew(&data, false, &Silent)?)
        })?;
    println!("| keys, components | {}, {} |", keys.len(), renewed.components());
    let options = |id: &str| CheckOptions {
        now: clock::now(),
        max_age_days: None,
        allow_stale: true,
        only: Some(id.to_owned()),
        register: true,
    };
    let mut times: Vec<Duration> = Vec::new();
    let mut hit = 0;
    for number in 0..50 {
        let began = Instant::now();
        hit += portfolio::who(&data, &options(&id(number * 7)))?.result.findings.len();
        times.push(began.elapsed());
    }
    times.sort();
    println!("| `who`, median of {} (slowest) | {} ({}) |", times.len(), shown(times[25]), shown(times[49]));
    println!("| findings of these | {hit} |");
    if let Some(file) = told {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        let figures = json!({"components": count, "stored": milliseconds(stored),
            "changed": milliseconds(changed), "who": milliseconds(times[25])});
        std::fs::write(file, figures.to_string())?;
    }
    Ok(())
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

fn tell<T>(step: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<(T, Duration), Failure> {
    let (began, ticks) = (Instant::now(), processor_ticks());
    let done = work()?;
    let spent = began.elapsed();
    // On a machine that others use, too, the time of the processors says more than the clock.
    let processors = processor_ticks().zip(ticks).map(|(after, before)| (after - before) * 10);
    let processors = processors.map_or_else(String::new, |spent| format!(" (all processors {spent} ms)"));
    println!("| {step} | {}{processors} |", shown(spent));
    Ok((done, spent))
}

/// What this process used of all processors so far, in hundredths of a second; only Linux tells.
fn processor_ticks() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

fn id(number: usize) -> String {
    format!("CVE-2026-{number:06}")
}

/// Builds the knowledge base; the first `changed` advisories have another fix than before.
fn learn(root: &Path, data: &DataFolder, author: &Author, changed: usize) -> Result<(), Failure> {
    let folder = root.join("advisories");
    std::fs::create_dir_all(&folder)?;
    for number in 0..ADVISORIES {
        let fixed = if number < changed { "5.0.0" } else { "4.0.0" };
        let text = json!({"id": format!("GHSA-{number:06}"), "aliases": [id(number)],
            "modified": "2026-11-01T00:00:00Z", "summary": "generated",
            "affected": [{"package": {"ecosystem": "npm", "name": format!("package-{}", number * 10)},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}]});
        std::fs::write(folder.join(format!("{number}.json")), text.to_string())?;
    }
    let options = BuildOptions { add: false, devices: None };
    knowledge::build(data, &[folder], options, author, clock::now(), &Silent)?;
    Ok(())
}

fn hold(root: &Path, data: &DataFolder, author: &Author, count: usize) -> Result<(), Failure> {
    let mut next = 0x9E37_79B9_usize;
    for list in 0..count.div_ceil(LIST) {
        let component = |_| {
            next = next.wrapping_mul(1_664_525).wrapping_add(1_013_904_223) & 0xFFFF_FFFF;
            let (name, version) =
                (format!("package-{}", (next >> 8) % PACKAGES), format!("{}.0.0", 1 + (next >> 5) % 6));
            json!({"type": "library", "name": name, "version": version, "purl": format!("pkg:npm/{name}@{version}")})
        };
        let components: Vec<_> = (0..LIST.min(count - list * LIST)).map(component).collect();
        let text =
            json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components});
        let path = root.join(format!("lists/{list}.json"));
        std::fs::write(&path, text.to_string())?;
        let subject = Subject::System(SystemId(Uuid::from_u128(list as u128 / 10)));
        portfolio::hold(data, subject, &[path], false, author)?;
    }
    Ok(())
}
