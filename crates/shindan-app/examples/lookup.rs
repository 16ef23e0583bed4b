//! How long it takes to map a knowledge base, open it and look one vulnerability up, without a process start and a
//! command line: `lookup DATA_FOLDER ID`. For the benchmarks (W4).
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::time::{Duration, Instant};

use shindan_app::data_folder::DataFolder;

const REPEATS: usize = 1_000;

#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(id)) = (arguments.next(), arguments.next()) else {
        return Err("usage: lookup DATA_FOLDER ID".into());
    };
    let folder = DataFolder::new(folder);
    let mut times: Vec<[Duration; 2]> = Vec::with_capacity(REPEATS);
    for _ in 0..REPEATS {
        let begin = Instant::now();
        let mapped = folder.map()?;
        let (index, _) = mapped.open()?;
        let opened = begin.elapsed();
        let found = index.find(&id)?.ok_or("the identifier is not known")?;
        for number in found.vulnerabilities {
            std::hint::black_box(index.vulnerability(number)?);
        }
        times.push([opened, begin.elapsed()]);
    }
    let median = |of: usize| {
        let mut all: Vec<Duration> = times.iter().map(|t| t[of]).collect();
        all.sort();
        all[all.len() / 2].as_secs_f64() * 1e6
    };
    let (opened, answered) = (median(0), median(1));
    println!(
        "In process: map and open {opened:.0} µs, with one lookup {answered:.0} µs (median of {REPEATS})."
    );
    Ok(())
}
