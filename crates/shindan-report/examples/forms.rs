//! Time, size and memory of each form for an answer with many findings:
//! `cargo run --release -p shindan-report --features sample --example forms -- [FINDINGS]`
//!
//! Each form is made in a process of its own, so that the greatest memory is its own. The first line is the answer
//! without any form.

// What measures reads the clock.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::io::{self, Write};
use std::process::Command;
use std::time::Instant;

use shindan_domain::finding::CheckResult;
use shindan_report::{Lang, Words, csv, excel, html, json, sample, sarif, table, vex};

const FORMS: [&str; 8] = ["none", "json", "csv", "sarif", "cyclonedx-vex", "html", "xlsx", "table"];

/// Counts bytes instead of keeping them, as a pipe does.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = arguments.first().map_or(Ok(100_000), |text| text.parse())?;
    if let Some(form) = arguments.get(1) {
        return one(form, count);
    }
    println!("{count} findings\n{:<14} {:>9} {:>12} {:>12}", "form", "seconds", "bytes", "peak KiB");
    for form in FORMS {
        let done =
            Command::new(std::env::current_exe()?).args([count.to_string().as_str(), form]).status()?;
        if !done.success() {
            return Err(format!("{form}: {done}").into());
        }
    }
    Ok(())
}

fn one(form: &str, count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let result = sample::many(count);
    let begun = Instant::now();
    let bytes = write(form, &result)?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{form:<14} {seconds:>9.2} {bytes:>12} {:>12}", peak());
    Ok(())
}

fn write(form: &str, result: &CheckResult) -> Result<u64, Box<dyn std::error::Error>> {
    let words = Words::new(Lang::Ja);
    let mut out = Counted(0);
    match form {
        "none" => {}
        "json" => json::write_check(result, &[], &mut out)?,
        "csv" => csv::check(result, &words, &mut out)?,
        "sarif" => sarif::check(result, &words, 0, &mut out)?,
        "cyclonedx-vex" => vex::check(result, &words, &mut out)?,
        "html" => out.write_all(html::check(result, &words, &html::Options::default())?.as_bytes())?,
        "xlsx" => out.write_all(&excel::check(result, &words, &excel::Options::default())?)?,
        "table" => out.write_all(table::check(result, &words, &table::Style::default()).as_bytes())?,
        other => return Err(format!("no form {other}; one of {}", FORMS.join(", ")).into()),
    }
    Ok(out.0)
}

/// The greatest memory of this process, where the system tells it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "?".to_owned(), |text| text.trim().trim_end_matches("kB").trim().to_owned())
}
