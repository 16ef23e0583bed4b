//! Devices: every product of CISA's product trees, asked by maker, product name and firmware.
//!
//! The firmware asked is derived from the range text by `told` below, which shares nothing with the program: the
//! bound itself for `<=`, a smaller number for `<`, the members of an enumeration; the bound of `<` and a greater
//! number for `<=` as fixed. What `told` cannot read (prose, options, dates) is asked with a made-up firmware and must
//! be found as "all versions" or stand in `undetermined`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shindan_domain::finding::CheckResult;

use crate::workbench::{Workbench, members, quoted};

/// What the text tells about firmware, read independently of the program.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Told {
    affected: Vec<String>,
    fixed: Option<String>,
}

/// `V3.0.3`, `15.0 SP1`, `02.1a`: letters, digits, dots, perhaps service packs behind it.
fn plain_version(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    let base = words.next()?;
    let letters = base.bytes().take_while(u8::is_ascii_alphabetic).count();
    let rest = base[letters..].strip_prefix('.').unwrap_or(&base[letters..]);
    let number = rest.starts_with(|c: char| c.is_ascii_digit())
        && !rest.to_lowercase().contains('x')
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    let packs = words.all(|word| {
        let mark = word.trim_end_matches(|c: char| c.is_ascii_digit());
        ["", "SP", "HF", "Upd", "Update"].contains(&mark)
    });
    (letters <= 2 && number && packs).then_some(text)
}

/// The last number greater than zero, made one smaller.
fn below(version: &str) -> Option<String> {
    let base = version.split_whitespace().next()?;
    if base != version {
        // 15.0 is below 15.0 SP1.
        return Some(base.to_owned());
    }
    change(version, |n| n.checked_sub(1))
}

fn above(version: &str) -> Option<String> {
    change(version, |n| n.checked_add(1))
}

/// Changes the last number for which there is an answer; keeps its width.
fn change(version: &str, by: impl Fn(u64) -> Option<u64>) -> Option<String> {
    let bytes = version.as_bytes();
    let mut end = bytes.len();
    while end > 0 {
        if !bytes[end - 1].is_ascii_digit() {
            end -= 1;
            continue;
        }
        let start = bytes[..end].iter().rposition(|b| !b.is_ascii_digit()).map_or(0, |at| at + 1);
        if let Some(new) = version[start..end].parse().ok().and_then(&by) {
            return Some(format!(
                "{}{new:0width$}{}",
                &version[..start],
                &version[end..],
                width = end - start
            ));
        }
        end = start;
    }
    None
}

/// Operator and version of `>= V2.0`.
fn constraint(text: &str) -> Option<(&'static str, &str)> {
    let text = text.trim();
    for sign in ["<=", ">=", "<", ">"] {
        if let Some(rest) = text.strip_prefix(sign) {
            return Some((sign, plain_version(rest.trim())?));
        }
    }
    None
}

fn told(text: &str) -> Option<Told> {
    let text = text.trim();
    let text = text.strip_prefix("vers:all/").unwrap_or(text).trim();
    let mut body = text;
    for front in ["All versions", "All Versions", "All firmware versions", "all versions"] {
        body = body.strip_prefix(front).unwrap_or(body).trim_start();
    }
    if body.is_empty() || body == "*" {
        return Some(Told { affected: vec!["1.0".to_owned()], fixed: None });
    }
    if !body.contains(['<', '>']) {
        let members: Vec<&str> = text.split('|').map(str::trim).collect();
        let dotted = members.iter().all(|m| plain_version(m).is_some_and(|v| v.contains('.')));
        let affected = members.into_iter().map(str::to_owned).collect();
        return dotted.then_some(Told { affected, fixed: None });
    }
    // ">= V2.0 < V2.2.28", "> V1.1 and < V1.3.2", ">= 4.4 | <= 4.12"
    let marked = body.replace(" and ", "|").replace(" <", "|<");
    let pieces: Vec<&str> = marked.split('|').filter(|piece| !piece.trim().is_empty()).collect();
    let constraints: Vec<(&str, &str)> = pieces.into_iter().map(constraint).collect::<Option<_>>()?;
    let fixed =
        |sign: &str, version: &str| if sign == "<" { Some(version.to_owned()) } else { above(version) };
    match constraints[..] {
        [("<", version)] => Some(Told { affected: vec![below(version)?], fixed: Some(version.to_owned()) }),
        [("<=", version)] => Some(Told { affected: vec![version.to_owned()], fixed: above(version) }),
        [(">=", version)] => Some(Told { affected: vec![version.to_owned()], fixed: None }),
        [(">", version)] => Some(Told { affected: vec![above(version)?], fixed: None }),
        [(">=", low), (sign @ ("<" | "<="), high)] => {
            Some(Told { affected: vec![low.to_owned()], fixed: fixed(sign, high) })
        }
        [(">", low), ("<", high)] => {
            Some(Told { affected: vec![format!("{low}.1")], fixed: Some(high.to_owned()) })
        }
        [(">", _), ("<=", high)] => Some(Told { affected: vec![high.to_owned()], fixed: above(high) }),
        _ => None,
    }
}

#[test]
fn the_oracle_itself() {
    let table: [(&str, &[&str], Option<&str>); 11] = [
        ("> V1.1 and < V1.3.2", &["V1.1.1"], Some("V1.3.2")),
        (">= V2.0 < V2.2.28", &["V2.0"], Some("V2.2.28")),
        ("vers:all/<V3.0.3", &["V3.0.2"], Some("V3.0.3")),
        ("All versions < V05.30", &["V05.29"], Some("V05.30")),
        ("< 15.0 SP1", &["15.0"], Some("15.0 SP1")),
        ("<= 2.09", &["2.09"], Some("2.10")),
        (">= 4.4 | <= 4.12", &["4.4"], Some("4.13")),
        ("5.1 | 6.0", &["5.1", "6.0"], None),
        ("vers:all/*", &["1.0"], None),
        ("< V4.0.0", &["V3.0.0"], Some("V4.0.0")),
        (">= V5.1.1", &["V5.1.1"], None),
    ];
    for (text, affected, fixed) in table {
        let told = told(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(told.affected, affected, "{text}");
        assert_eq!(told.fixed.as_deref(), fixed, "{text}");
    }
    for text in
        ["All BIOS versions < V2", "distributed < april 1, 2018", "HD 16 | HD23", "<= V7.x", "No version"]
    {
        assert_eq!(told(text), None, "{text}");
    }
}

/// A version branch of a product tree with what its advisory says about it.
struct Branch {
    advisory: String,
    maker: String,
    product: String,
    text: String,
    /// CVE numbers for which it is `known_affected`.
    cves: BTreeSet<String>,
    /// Another version branch of the same product in the same advisory: what is fixed here may be affected there.
    siblings: bool,
}

fn walk(branch: &Value, path: &[(&str, &str)], out: &mut Vec<(String, String, String, String)>) {
    let mut path = path.to_vec();
    path.push((branch["category"].as_str().unwrap(), branch["name"].as_str().unwrap()));
    if let Some(product) = branch.get("product") {
        let of = |category: &str| {
            path.iter().find(|(c, _)| c.starts_with(category)).map(|(_, name)| (*name).to_owned()).unwrap()
        };
        let id = product["product_id"].as_str().unwrap().to_owned();
        out.push((id, of("vendor"), of("product_name"), of("product_version")));
    }
    for child in branch["branches"].as_array().into_iter().flatten() {
        walk(child, &path, out);
    }
}

fn branches() -> Option<Vec<Branch>> {
    let path = shindan_testdata::path("csaf/cisa-2017-2021.zip")?;
    let mut out = Vec::new();
    for (_, document) in members(&path) {
        let mut products = Vec::new();
        for branch in document["product_tree"]["branches"].as_array().into_iter().flatten() {
            walk(branch, &[], &mut products);
        }
        let mut count: BTreeMap<(String, String), usize> = BTreeMap::new();
        for (_, maker, product, _) in &products {
            *count.entry((maker.trim().to_owned(), product.trim().to_owned())).or_default() += 1;
        }
        for (id, maker, product, text) in products {
            let mut cves = BTreeSet::new();
            let mut affected = false;
            for vulnerability in document["vulnerabilities"].as_array().into_iter().flatten() {
                let list = vulnerability["product_status"]["known_affected"].as_array();
                if list.is_some_and(|l| l.iter().any(|p| p == id.as_str())) {
                    affected = true;
                    cves.extend(vulnerability["cve"].as_str().map(str::to_owned));
                }
            }
            if affected {
                let siblings = count[&(maker.trim().to_owned(), product.trim().to_owned())] > 1;
                let advisory = document["document"]["tracking"]["id"].as_str().unwrap().to_owned();
                out.push(Branch { advisory, maker, product, text, cves, siblings });
            }
        }
    }
    Some(out)
}

/// What was answered about one asset: (advisory, product as the advisory names it) → CVE numbers.
#[derive(Default)]
struct Answer {
    found: BTreeMap<(String, String), BTreeSet<String>>,
    /// Of one vulnerability, whichever advisory is named: several that leave it open are one entry.
    undetermined: BTreeSet<String>,
    nothing_known: bool,
}

fn answers(result: &CheckResult) -> BTreeMap<String, Answer> {
    let mut out: BTreeMap<String, Answer> = BTreeMap::new();
    for finding in &result.findings {
        let asset = finding.asset.as_ref().unwrap().asset_id.clone();
        for basis in finding.bases() {
            let key = (basis.advisory.clone(), basis.identifier.clone());
            let found = &mut out.entry(asset.clone()).or_default().found;
            found.entry(key).or_default().insert(finding.vulnerability.id.clone());
        }
    }
    for entry in &result.undetermined {
        let asset = entry.asset.as_ref().unwrap().asset_id.clone();
        let answer = out.entry(asset).or_default();
        match &entry.vulnerability {
            Some(vulnerability) => {
                answer.undetermined.insert(vulnerability.id.clone());
            }
            None => answer.nothing_known = true,
        }
    }
    out
}

#[derive(Default)]
struct Score {
    branches: usize,
    pairs: usize,
    found: usize,
    undetermined: usize,
    prose: usize,
    prose_found: usize,
    prose_undetermined: usize,
    /// Texts that the program reads as a range without 1.0 in it.
    prose_outside: BTreeMap<String, usize>,
    fixed_asked: usize,
    fixed_clear: usize,
    fixed_undetermined: usize,
    siblings: usize,
    missed: Vec<String>,
    alarms: Vec<String>,
    undetermined_texts: BTreeMap<String, usize>,
}

#[test]
fn known_affected_products_are_found_and_fixed_firmware_is_not() {
    let Some(branches) = branches() else { return };
    let bench = Workbench::with("devices", &[shindan_testdata::path("csaf/cisa-2017-2021.zip").unwrap()]);
    let mut rows = String::from("asset_id,maker,model,firmware\n");
    let mut row = |id: String, branch: &Branch, firmware: &str| {
        let fields = [id.as_str(), branch.maker.trim(), branch.product.trim(), firmware].map(quoted);
        rows.push_str(&fields.join(","));
        rows.push('\n');
    };
    for (number, branch) in branches.iter().enumerate() {
        match told(&branch.text) {
            Some(told) => {
                for (member, firmware) in told.affected.iter().enumerate() {
                    row(format!("A{number}.{member}"), branch, firmware);
                }
                if let Some(firmware) = told.fixed {
                    row(format!("F{number}"), branch, &firmware);
                }
            }
            None => row(format!("P{number}"), branch, "1.0"),
        }
    }
    let list = bench.write("devices.csv", rows);
    let result = bench.check(&list);
    assert!(result.inputs[0].diagnostics.is_empty(), "{:?}", result.inputs[0].diagnostics);
    let answers = answers(&result);
    let mut score = Score::default();
    for (number, branch) in branches.iter().enumerate() {
        score.branches += 1;
        judge(number, branch, &answers, &mut score);
    }
    report(&score);
    let asked = score.found + score.missed.len();
    assert!(score.branches > 6000 && asked > 10_000, "{asked} pairs of {}", score.branches);
    let not_found = score.missed.len() + score.undetermined;
    assert!(not_found * 100 <= asked, "99 % are to be found: {not_found} of {asked} are not");
    assert!(score.alarms.is_empty(), "fixed firmware is found");
}

fn judge(number: usize, branch: &Branch, answers: &BTreeMap<String, Answer>, score: &mut Score) {
    let nothing = Answer::default();
    let name = format!("{} / {}", branch.maker.trim(), branch.product.trim());
    let what = format!("{} {name} {:?}", branch.advisory, branch.text);
    let Some(told) = told(&branch.text) else {
        score.prose += 1;
        let answer = answers.get(&format!("P{number}")).unwrap_or(&nothing);
        if answer.found.keys().any(|(a, _)| *a == branch.advisory) {
            score.prose_found += 1;
        } else if branch.open(answer) {
            score.prose_undetermined += 1;
        } else {
            *score.prose_outside.entry(branch.text.trim().to_owned()).or_default() += 1;
        }
        return;
    };
    for (member, firmware) in told.affected.iter().enumerate() {
        let answer = answers.get(&format!("A{number}.{member}")).unwrap_or(&nothing);
        for cve in &branch.cves {
            score.pairs += 1;
            let of = |(advisory, _): &(String, String)| *advisory == branch.advisory;
            if answer.found.iter().any(|(key, cves)| of(key) && cves.contains(cve)) {
                score.found += 1;
            } else if answer.undetermined.contains(cve) {
                score.undetermined += 1;
                *score.undetermined_texts.entry(branch.text.clone()).or_default() += 1;
            } else {
                let why = if answer.nothing_known { "nothing known" } else { "not found" };
                score.missed.push(format!("{what} asked {firmware:?} {cve}: {why}"));
            }
        }
    }
    let Some(fixed) = &told.fixed else { return };
    if branch.siblings {
        score.siblings += 1;
        return;
    }
    score.fixed_asked += 1;
    let answer = answers.get(&format!("F{number}")).unwrap_or(&nothing);
    if answer.found.contains_key(&(branch.advisory.clone(), name)) {
        score.alarms.push(format!("{what} asked {fixed:?}"));
    } else if branch.open(answer) {
        score.fixed_undetermined += 1;
    } else {
        score.fixed_clear += 1;
    }
}

impl Branch {
    /// True if some vulnerability of the branch could not be judged.
    fn open(&self, answer: &Answer) -> bool {
        self.cves.iter().any(|cve| answer.undetermined.contains(cve))
    }
}

fn report(score: &Score) {
    println!("devices: {} known_affected version branches", score.branches);
    println!(
        "  asked with affected firmware: {} pairs of product and CVE; found {}, undetermined {}, missed {}",
        score.pairs,
        score.found,
        score.undetermined,
        score.missed.len()
    );
    println!(
        "  asked with fixed firmware: {} products; clear {}, undetermined {}, found (wrong) {}; not asked because \
         the advisory has other ranges for the product {}",
        score.fixed_asked,
        score.fixed_clear,
        score.fixed_undetermined,
        score.alarms.len(),
        score.siblings
    );
    println!(
        "  texts that the oracle cannot read, asked with 1.0: {}; found {}, undetermined {}, outside a range {}",
        score.prose,
        score.prose_found,
        score.prose_undetermined,
        score.prose_outside.values().sum::<usize>()
    );
    for (text, count) in &score.prose_outside {
        println!("  OUTSIDE {count:3} {text}");
    }
    for line in &score.missed {
        println!("  MISSED {line}");
    }
    for line in &score.alarms {
        println!("  ALARM {line}");
    }
    let mut texts: Vec<_> = score.undetermined_texts.iter().collect();
    texts.sort_by_key(|(text, count)| (std::cmp::Reverse(**count), *text));
    for (text, count) in texts {
        println!("  UNDETERMINED {count:5} {text}");
    }
}
