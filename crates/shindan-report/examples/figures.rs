//! Writes a page with every figure in both languages, to look at them: `cargo run --example figures --features sample > figures.html`.

#![allow(clippy::print_stdout)] // that is what it is for

use shindan_report::figure::STYLE;
use shindan_report::sample::figures::figures;
use shindan_report::words::{Lang, Words};

fn main() {
    println!(
        "<!doctype html><meta charset=utf-8><style>body{{margin:8px;font-family:sans-serif}}{STYLE}</style>"
    );
    for lang in Lang::ALL {
        for (name, figure) in figures(&Words::new(lang)) {
            let svg = figure.svg.unwrap_or_default();
            println!("<h3>{name} {lang}: {}</h3>{svg}<p>{}</p>", figure.title, figure.said.join("<br>"));
        }
    }
}
