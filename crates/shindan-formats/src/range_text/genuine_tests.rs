//! Version texts of the genuine CISA CSAF and JVN files. Set `SHINDAN_PRINT_TEXTS` to see every one of them with what
//! was made of it.

use std::collections::BTreeMap;
use std::io::Read;

use shindan_domain::version::{Scheme, VersionClaim};

use super::parse;

fn names(branch: &serde_json::Value, out: &mut BTreeMap<String, u32>) {
    if branch.get("product").is_some()
        && let Some(name) = branch["name"].as_str()
    {
        *out.entry(name.to_owned()).or_default() += 1;
    }
    for child in branch["branches"].as_array().into_iter().flatten() {
        names(child, out);
    }
}

fn print_if_asked(label: &str, text: &str, count: u32, claim: &VersionClaim) {
    if std::env::var_os("SHINDAN_PRINT_TEXTS").is_some() {
        let shown = match claim {
            VersionClaim::All => "all".to_owned(),
            VersionClaim::Undetermined { .. } => "?".to_owned(),
            VersionClaim::Ranged { ranges, except } => {
                format!(
                    "{}{}",
                    ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "),
                    if except.is_empty() { "" } else { " EXCEPT" }
                )
            }
        };
        eprintln!("{label}\t{count}\t{text:?}\t{shown}");
    }
}

#[test]
fn csaf_version_texts() {
    let Some(path) = shindan_testdata::path("csaf/cisa-2017-2021.zip") else { return };
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut texts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut bytes = Vec::new();
        archive.by_index(index).unwrap().read_to_end(&mut bytes).unwrap();
        let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        for branch in document["product_tree"]["branches"].as_array().into_iter().flatten() {
            names(branch, &mut texts);
        }
    }
    let (mut all, mut ranged, mut undetermined) = (0, 0, 0);
    for (text, count) in &texts {
        let claim = parse(text, Scheme::Generic).claim;
        print_if_asked("CSAF", text, *count, &claim);
        match claim {
            VersionClaim::All => all += count,
            VersionClaim::Ranged { .. } => ranged += count,
            VersionClaim::Undetermined { .. } => undetermined += count,
        }
    }
    let total = all + ranged + undetermined;
    eprintln!(
        "CSAF version branches: {total} in {} distinct texts; all {all}, ranged {ranged}, undetermined {undetermined}",
        texts.len()
    );
    // Most of the rest are models, options, dates and serial numbers that stand where a version should.
    assert!(total == 6600 && undetermined <= 780, "{undetermined} of {total} undetermined");
}

#[test]
fn jvn_version_texts() {
    let (mut parsed, mut undetermined) = (0, 0);
    for folder in ["jvn/feeds/detail", "jvn/myjvn/examples/hnd"] {
        let Some(path) = shindan_testdata::path(folder) else { return };
        for entry in std::fs::read_dir(path).unwrap() {
            let Ok(text) = std::fs::read_to_string(entry.unwrap().path()) else { continue };
            for piece in text.split("<VersionNumber>").skip(1) {
                let text = piece.split('<').next().unwrap();
                let claim = parse(text, Scheme::Generic).claim;
                print_if_asked("JVN", text, 1, &claim);
                match claim {
                    VersionClaim::Undetermined { .. } => undetermined += 1,
                    _ => parsed += 1,
                }
            }
        }
    }
    eprintln!("JVN version texts: parsed {parsed}, undetermined {undetermined}");
    assert_eq!(undetermined, 0, "every genuine JVN text at hand is understood");
    assert!(parsed >= 40, "only {parsed} texts found");
}
