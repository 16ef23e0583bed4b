//! CSAF: test files and examples of the specification through the whole pipeline.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;
use shindan_app::error::AppError;
use shindan_app::knowledge::{self, BuildOptions};
use shindan_app::progress::Silent;
use shindan_domain::diagnostic::{Code, Diagnostic, Severity};

use crate::workbench::{NOW, Workbench};

/// Mandatory tests whose violation changes what a document means for matching, or makes it unreadable. The reader's own
/// test says the same of single files; here it must also survive ingest and merging.
const AFFECTS_MATCHING: [&str; 17] = [
    "6.1.1",
    "6.1.2",
    "6.1.3",
    "6.1.4",
    "6.1.5",
    "6.1.6",
    "6.1.7",
    "6.1.8",
    "6.1.13",
    "6.1.23",
    "6.1.27.7",
    "6.1.27.8",
    "6.1.27.9",
    "6.1.27.10",
    "6.1.29",
    "6.1.31",
    "6.1.32",
];

/// Diagnostics of a build of one file; a file with nothing to keep is refused with its reasons.
fn diagnostics(bench: &Workbench, file: PathBuf) -> Vec<Diagnostic> {
    let now = NOW.parse().unwrap();
    match knowledge::build(&bench.folder(), &[file], BuildOptions::default(), &bench.author(), now, &Silent) {
        Ok(built) => built.diagnostics,
        Err(AppError::NothingReadable(diagnostics)) => diagnostics,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn validator_files() {
    let Some(folder) = shindan_testdata::path("spec/csaf-2.0/test/validator/data") else { return };
    let list: Value = serde_json::from_slice(&std::fs::read(folder.join("testcases.json")).unwrap()).unwrap();
    let bench = Workbench::new("csaf-validator");
    let (mut invalid, mut valid, mut told) = (0, 0, 0);
    let mut wrong = Vec::new();
    for test in list["tests"].as_array().unwrap() {
        let id = test["id"].as_str().unwrap();
        for file in test["failures"].as_array().into_iter().flatten() {
            let name = file["name"].as_str().unwrap();
            let found = diagnostics(&bench, folder.join(name));
            let quiet = [Code::FileSkipped, Code::AdvisoryWithoutProduct];
            let any = found.iter().any(|d| !quiet.contains(&d.code));
            invalid += 1;
            told += usize::from(any);
            if !any && AFFECTS_MATCHING.contains(&id) {
                wrong.push(format!("{name} ({id}) is invalid and nothing is said"));
            }
        }
        for file in test["valid"].as_array().into_iter().flatten() {
            let name = file["name"].as_str().unwrap();
            valid += 1;
            let errors: Vec<Diagnostic> = diagnostics(&bench, folder.join(name))
                .into_iter()
                .filter(|d| d.severity() == Severity::Error && d.code != Code::AliasFusionRefused)
                .collect();
            if !errors.is_empty() {
                wrong.push(format!("{name} is valid, and yet {errors:?}"));
            }
        }
    }
    println!(
        "CSAF 2.0 validator files: invalid {invalid}, {told} with a diagnostic; valid {valid}, none an error"
    );
    assert!(invalid > 100 && valid > 80, "{invalid} {valid}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_of_both_versions_are_read() {
    for (version, name) in [("2.0", "csaf-examples"), ("2.1", "csaf-examples-newer")] {
        let examples = shindan_testdata::path(&format!("spec/csaf-{version}/examples/csaf"));
        let Some(examples) = examples else { return };
        let bench = Workbench::new(name);
        let built = bench.build(&[examples]);
        // A README lies among them, and is told to be no advisory.
        let errors: Vec<_> = built
            .diagnostics
            .iter()
            .filter(|d| d.severity() == Severity::Error && !d.place.path.ends_with(".md"))
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        println!("CSAF {version} examples: {} advisories", built.summary.advisories);
        assert!(built.summary.advisories >= 15);
    }
    // Lists of documents, and schemas, are no advisories.
    let Some(others) = shindan_testdata::path("spec/csaf-2.1/examples/aggregator") else { return };
    let found = diagnostics(&Workbench::new("csaf-aggregator"), others);
    let codes: BTreeSet<&str> = found.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, BTreeSet::from(["format-unknown"]));
}
