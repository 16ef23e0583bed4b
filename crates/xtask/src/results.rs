//! What each contender answered, and whether they agree.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::Failure;

/// A set of (component as purl, advisory).
pub type Answer = BTreeSet<(String, String)>;

/// `pkg:cargo/a@1.0.0%2Bb?x=y` → `pkg:cargo/a@1.0.0+b`: one spelling, so that only different answers differ.
fn plain(purl: &str) -> String {
    let purl = purl.split(['?', '#']).next().unwrap_or_default();
    purl.replace("%2B", "+").replace("%40", "@").replace("%21", "!")
}

fn json(path: &Path) -> Result<Value, Failure> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(serde_json::from_slice(&bytes).map_err(|e| format!("{}: {e}", path.display()))?)
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> Result<&str, Failure> {
    Ok(value.as_str().ok_or("an answer lacks a name")?)
}

/// The answer of `shindan check` and `shindan who`.
pub fn shindan(path: &Path) -> Result<Answer, Failure> {
    let json = json(path)?;
    let mut answer = Answer::new();
    for finding in array(&json["findings"]) {
        let purl = plain(text(&finding["component"]["purl"])?);
        for advisory in array(&finding["advisories"]) {
            answer.insert((purl.clone(), text(advisory)?.to_owned()));
        }
    }
    Ok(answer)
}

/// The answer of cargo-audit: vulnerabilities and warnings. Yanked packages are no advisory and are left out.
pub fn cargo_audit(path: &Path) -> Result<Answer, Failure> {
    let json = json(path)?;
    let mut answer = Answer::new();
    let warnings = json["warnings"].as_object().ok_or("cargo-audit answered without warnings")?;
    let all = array(&json["vulnerabilities"]["list"]).iter().chain(warnings.values().flat_map(array));
    for one in all.filter(|one| one["advisory"].is_object()) {
        let (name, version) = (text(&one["package"]["name"])?, text(&one["package"]["version"])?);
        answer.insert((format!("pkg:cargo/{name}@{version}"), text(&one["advisory"]["id"])?.to_owned()));
    }
    Ok(answer)
}

/// The answer of trivy.
pub fn trivy(path: &Path) -> Result<Answer, Failure> {
    let json = json(path)?;
    let mut answer = Answer::new();
    for result in array(&json["Results"]) {
        for found in array(&result["Vulnerabilities"]) {
            let purl = plain(text(&found["PkgIdentifier"]["PURL"])?);
            answer.insert((purl, text(&found["VulnerabilityID"])?.to_owned()));
        }
    }
    Ok(answer)
}

/// A difference that is understood: which entries, on whose side, and why.
#[derive(Debug, Clone, Copy)]
pub struct Reason {
    /// The peer it is about (start of its name).
    pub peer: &'static str,
    /// True if only the peer has the entry, false if only the product has it.
    pub only_peer: bool,
    /// Which components (purl) and advisories (id).
    pub applies: fn(&str, &str) -> bool,
    /// In words.
    pub text: &'static str,
}

/// How a peer's answer differs from the product's.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Listed reasons, with the number of entries.
    pub explained: Vec<(&'static str, usize)>,
    /// Entries without a listed reason.
    pub unexplained: Vec<String>,
}

/// Compares; every difference must have a listed reason.
pub fn compare(product: &Answer, peer_name: &str, peer: &Answer, reasons: &[Reason]) -> Comparison {
    let mut comparison = Comparison::default();
    let only_product = product.difference(peer).map(|entry| (false, entry));
    let only_peer = peer.difference(product).map(|entry| (true, entry));
    for (only_peer, (component, advisory)) in only_product.chain(only_peer) {
        let reason = reasons.iter().find(|r| {
            peer_name.starts_with(r.peer) && r.only_peer == only_peer && (r.applies)(component, advisory)
        });
        match reason {
            Some(reason) => match comparison.explained.iter_mut().find(|(text, _)| *text == reason.text) {
                Some((_, count)) => *count += 1,
                None => comparison.explained.push((reason.text, 1)),
            },
            None => {
                let who = if only_peer { peer_name } else { "shindan" };
                comparison.unexplained.push(format!("only {who}: {component} {advisory}"));
            }
        }
    }
    comparison
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(entries: &[(&str, &str)]) -> Answer {
        entries.iter().map(|(c, a)| ((*c).to_owned(), (*a).to_owned())).collect()
    }

    #[test]
    fn a_difference_needs_a_reason() {
        let ours = answer(&[("pkg:pypi/a@1", "PYSEC-1"), ("pkg:cargo/b@1", "RUSTSEC-1")]);
        let theirs = answer(&[("pkg:cargo/b@1", "RUSTSEC-1"), ("pkg:cargo/c@1", "RUSTSEC-2")]);
        let reason = Reason {
            peer: "trivy",
            only_peer: false,
            applies: |component, advisory| component.starts_with("pkg:pypi/") && advisory == "PYSEC-1",
            text: "known",
        };
        let comparison = compare(&ours, "trivy", &theirs, &[reason]);
        assert_eq!(comparison.explained, [("known", 1)]);
        assert_eq!(comparison.unexplained, ["only trivy: pkg:cargo/c@1 RUSTSEC-2"]);
        assert!(compare(&ours, "trivy", &ours, &[]).unexplained.is_empty());
    }
}
