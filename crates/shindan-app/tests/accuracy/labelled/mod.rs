//! The labelled set: answers that nobody publishes, written down by people, against the whole pipeline.
//!
//! `cargo test -p shindan-app --test accuracy labelled -- --nocapture` prints precision and recall for each set. A set is a
//! folder of `sets/`: advisories, an inventory, and `labels.csv` with one line for each pair of component and
//! vulnerability. What the program finds and no label names is a failure, so a set is always complete.
mod label;
mod score;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use label::{Answer, Label};
use score::Score;
use shindan_domain::finding::CheckResult;
use shindan_domain::inventory::{Asset, Component};

use crate::workbench::Workbench;

fn sets() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accuracy/labelled/sets");
    let mut sets: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    sets.sort();
    sets
}

/// How labels call a component: the number of its device, or name and version as the inventory writes them.
fn called(component: &Component, asset: Option<&Asset>) -> String {
    match (asset, &component.version) {
        (Some(asset), _) if !asset.asset_id.is_empty() => asset.asset_id.clone(),
        (_, Some(version)) => format!("{} {version}", component.name),
        (_, None) => component.name.clone(),
    }
}

/// What the program answers about each pair. A component that could not be judged at all stands as `*`.
fn answers(result: &CheckResult) -> BTreeMap<(String, String), Answer> {
    let mut answers = BTreeMap::new();
    for entry in &result.undetermined {
        let vulnerability =
            entry.vulnerability.as_ref().map_or_else(|| "*".to_owned(), |facts| facts.id.clone());
        answers
            .insert((called(&entry.component, entry.asset.as_deref()), vulnerability), Answer::Undetermined);
    }
    for turned in &result.not_affected {
        let finding = &turned.finding;
        let name = called(&finding.component, finding.asset.as_deref());
        answers.insert((name, finding.vulnerability.id.clone()), Answer::NotAffected);
    }
    for finding in &result.findings {
        let name = called(&finding.component, finding.asset.as_deref());
        answers.insert((name, finding.vulnerability.id.clone()), Answer::Affected);
    }
    answers
}

/// Asks one set and compares; what is wrong is said in `faults`.
fn measure(set: &Path, faults: &mut Vec<String>) -> Score {
    let name = set.file_name().unwrap().to_string_lossy().into_owned();
    let labels = label::read(&set.join("labels.csv"));
    let bench = Workbench::with(&format!("labelled-{name}"), &[set.join("advisories")]);
    let answers = answers(&bench.check(&set.join("inventory")));
    let mut score = Score::new(&name);
    for (pair, label) in &labels {
        // A component that could not be judged at all leaves every question about it open.
        let as_a_whole = || answers.get(&(pair.0.clone(), "*".to_owned()));
        let given = answers.get(pair).or_else(as_a_whole).copied().unwrap_or(Answer::NotAffected);
        score.count(label.truth, given);
        if given != label.expected() {
            faults.push(format!("{name}: {} {}: {given}, {}", pair.0, pair.1, label.describe()));
        }
    }
    for (pair, given) in answers.iter().filter(|(pair, _)| !labels.contains_key(*pair)) {
        faults.push(format!("{name}: {} {}: {given}, and no label says anything", pair.0, pair.1));
    }
    score
}

#[test]
fn answers_agree_with_the_labels() {
    let mut faults = Vec::new();
    let scores: Vec<Score> = sets().iter().map(|set| measure(set, &mut faults)).collect();
    eprintln!("{}", score::table(&scores));
    assert!(faults.is_empty(), "{} answers are not as labelled:\n{}", faults.len(), faults.join("\n"));
    let pairs: usize = scores.iter().map(Score::pairs).sum();
    assert!(pairs >= 100, "{pairs} labels: the set has shrunk");
}

#[test]
fn labels_say_why() {
    for set in sets() {
        let labels: BTreeMap<(String, String), Label> = label::read(&set.join("labels.csv"));
        assert!(labels.values().any(|l| l.truth == Answer::Affected), "{}: nothing affected", set.display());
        assert!(labels.values().any(|l| l.truth == Answer::NotAffected), "{}: all affected", set.display());
        for (pair, label) in labels {
            assert!(!label.why.is_empty(), "{}: {pair:?} gives no reason", set.display());
        }
    }
}
