//! Benchmarks of shindan beside its peers: `cargo run --release -p xtask -- bench w2`; how right they are on the labelled
//! set: `… -- labelled`. The rules are in
//! `bench/README.md`. Nothing here is linked with the product: it is started as anyone would start it.

mod bench;
mod contender;
mod floor;
mod growth;
mod instructions;
mod labelled;
mod link_order;
mod machine;
mod measure;
mod osv;
mod peers;
mod plot;
mod portfolio;
mod records;
mod results;
mod sbom;
mod web_load;
mod workloads;
mod workspace;

use std::process::ExitCode;

/// What went wrong, in words; a benchmark has no callers that could do anything about it.
pub type Failure = Box<dyn std::error::Error>;

const USAGE: &str = "\
cargo run --release -p xtask -- bench w1|w2|w3|w4|all [options]
  --repeats N      repeats of a run under one second (default 10, at least 1); a quarter of it, at least 3, above
  --sizes LIST     sizes of W3, such as 1k,10k,100k,1m (default 1k,10k,100k)
  --peers-up-to N  largest size of W3 that peers are asked for (default 100k)
  --product FILE   measure this executable instead of building one
  --profile NAME   profile to build the product with: release (default) or dist

cargo run --release -p xtask -- growth [options]
  how time and memory grow with components, advisories and the portfolio; plots in target/bench/plots
  --up-to N        largest number of components (default 1000000)
  --plots FOLDER   where the plots go
  --product FILE   measure this executable instead of building one

cargo run --release -p xtask -- instructions [--record] [--product FILE]
  instructions of W2 and W3 (10,000 components), counted by valgrind, against bench/instructions.json

cargo run --release -p xtask -- link-order
  which functions run in a short answer, into crates/shindan/link-order.txt; before a release, after changes of dependencies

cargo run --release -p xtask -- records
  100,000 findings turned into cases, and looked at again with nothing changed

cargo run --release -p xtask -- portfolio
  W5: 1,000 advisories change, 100,000 and 1,000,000 stored components follow; who is hit by one vulnerability

cargo run --release -p xtask -- web-load [options]
  W6: the pages over a million findings: time to be ready, memory, first byte of each list page, 32 people at once
  --cases N        cases of the installation that is made (default 100000, ten findings each)
  --clients N      how many (default 32)
  --rate N         requests a second of all together (default 50)
  --seconds N      how long (default 60)
  --anew           make the installation anew
  --product FILE   measure this executable instead of building one

cargo run --release -p xtask -- labelled
  the labelled set: precision and recall of the product, and of trivy where it runs and reads the input";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((verb, rest)) if verb == "bench" => match bench::Options::parse(rest) {
            Ok(options) => bench::run(&options),
            Err(reason) => {
                eprintln!("{reason}\n\n{USAGE}");
                return ExitCode::from(2);
            }
        },
        Some((verb, rest)) if verb == "web-load" => match web_load::Options::parse(rest) {
            Ok(options) => web_load::run(&options),
            Err(reason) => {
                eprintln!("{reason}\n\n{USAGE}");
                return ExitCode::from(2);
            }
        },
        Some((verb, rest)) if verb == "growth" => match growth::Options::parse(rest) {
            Ok(options) => growth::run(&options),
            Err(reason) => {
                eprintln!("{reason}\n\n{USAGE}");
                return ExitCode::from(2);
            }
        },
        Some((verb, rest)) if verb == "instructions" => match instructions::Options::parse(rest) {
            Ok(options) => instructions::run(&options),
            Err(reason) => {
                eprintln!("{reason}\n\n{USAGE}");
                return ExitCode::from(2);
            }
        },
        Some((verb, [])) if verb == "labelled" => labelled::run(),
        Some((verb, [])) if verb == "link-order" => link_order::run(),
        Some((verb, [])) if verb == "records" => records::run(),
        Some((verb, [])) if verb == "portfolio" => portfolio::run(),
        Some((verb, rest)) if verb == measure::VERB => measure::serve(rest),
        Some((verb, rest)) if verb == floor::VERB => floor::serve(rest),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
