//! Writes the sample paper as PDF, to look at and to measure: `cargo run -p shindan-pdf --example paper -- ROWS ja|en FILE`.

// What measures reads the clock.
#![allow(clippy::disallowed_methods, clippy::print_stdout)]

use std::time::Instant;

use shindan_report::Lang;
use shindan_report::sample::paper::paper;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rows, lang, file] = arguments.as_slice() else {
        return Err("usage: paper ROWS ja|en FILE".into());
    };
    let (rows, lang): (usize, Lang) = (rows.parse()?, lang.parse()?);
    let paper = paper(lang, rows);
    let started = Instant::now();
    let bytes = shindan_pdf::pdf(&paper, lang, "2026-11-27T01:02:03Z".parse()?)?;
    println!("{rows} rows: {} bytes in {:.2?}", bytes.len(), started.elapsed());
    std::fs::write(file, bytes)?;
    Ok(())
}
