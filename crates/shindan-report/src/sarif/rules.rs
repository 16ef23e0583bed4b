//! Rules: vulnerabilities, and reasons why nothing could be judged.

use std::io::Write;

use rustc_hash::FxHashMap;
use serde::Serialize;
use shindan_domain::diagnostic::Code;
use shindan_domain::finding::{CheckResult, VulnerabilityFacts};

use super::Message;
use crate::json::raw;
use crate::json::views::{CvssView, EpssView, KevView};
use crate::words::Words;
use crate::{links, phrases};

/// A rule that results refer to.
#[derive(Clone, Copy)]
enum Rule<'a> {
    Vulnerability(&'a VulnerabilityFacts),
    Reason(Code),
}

/// Every rule of an answer, each once.
pub(super) struct Rules<'a> {
    list: Vec<Rule<'a>>,
    by_vulnerability: FxHashMap<&'a str, usize>,
    by_reason: FxHashMap<Code, usize>,
}

impl<'a> Rules<'a> {
    pub fn of(result: &'a CheckResult) -> Self {
        let mut rules = Rules {
            list: Vec::new(),
            by_vulnerability: FxHashMap::default(),
            by_reason: FxHashMap::default(),
        };
        let found = result.findings.iter().chain(result.not_affected.iter().map(|stated| &stated.finding));
        for finding in found {
            rules.add(&finding.vulnerability);
        }
        for entry in &result.undetermined {
            match entry.vulnerability.as_deref() {
                Some(facts) => rules.add(facts),
                None => rules.add_reason(entry.code),
            }
        }
        rules
    }

    fn add(&mut self, facts: &'a VulnerabilityFacts) {
        let next = self.list.len();
        if *self.by_vulnerability.entry(&facts.id).or_insert(next) == next {
            self.list.push(Rule::Vulnerability(facts));
        }
    }

    fn add_reason(&mut self, code: Code) {
        let next = self.list.len();
        if *self.by_reason.entry(code).or_insert(next) == next {
            self.list.push(Rule::Reason(code));
        }
    }

    /// Where the rule of a vulnerability stands (§3.27.6).
    pub fn index(&self, facts: &VulnerabilityFacts) -> Option<usize> {
        self.by_vulnerability.get(facts.id.as_str()).copied()
    }

    /// Where the rule of a reason stands.
    pub fn index_of_reason(&self, code: Code) -> Option<usize> {
        self.by_reason.get(&code).copied()
    }

    /// Writes them (§3.19.23).
    pub fn write(&self, words: &Words, out: &mut impl Write) -> Result<(), serde_json::Error> {
        for (index, rule) in self.list.iter().enumerate() {
            if index > 0 {
                raw(out, b",")?;
            }
            match rule {
                Rule::Vulnerability(facts) => {
                    serde_json::to_writer(&mut *out, &VulnerabilityRule::of(facts, words))?
                }
                Rule::Reason(code) => serde_json::to_writer(&mut *out, &ReasonRule::of(*code, words))?,
            }
        }
        Ok(())
    }
}

/// The identifier of the rule of a reason.
pub(super) fn reason_id(code: Code) -> String {
    format!("undetermined/{code}")
}

/// §3.49
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VulnerabilityRule<'a> {
    id: &'a str,
    short_description: Message<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    help: Message<String>,
    properties: VulnerabilityProperties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VulnerabilityProperties<'a> {
    /// A score from 0.0 to 10.0 as text, as code hosts read it.
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    security_severity: Option<String>,
    tags: Vec<&'static str>,
    kind: &'static str,
    aliases: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    cvss: Option<CvssView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kev: Option<KevView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epss: Option<EpssView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_end: Option<&'a str>,
}

impl<'a> VulnerabilityRule<'a> {
    fn of(facts: &'a VulnerabilityFacts, words: &Words) -> Self {
        let mut tags = vec!["security", facts.kind.as_str()];
        if facts.kev.is_some() {
            tags.push("known-exploited");
        }
        VulnerabilityRule {
            id: &facts.id,
            short_description: Message { text: named(facts, words) },
            help_uri: links::page_of(&facts.id).map(|page| page.url),
            help: Message { text: help(facts, words) },
            properties: VulnerabilityProperties {
                security_severity: facts.cvss.as_ref().map(|cvss| phrases::tenths(cvss.score_x10)),
                tags,
                kind: facts.kind.as_str(),
                aliases: &facts.aliases,
                cvss: facts.cvss.as_ref().map(CvssView::from),
                kev: facts.kev.as_ref().map(KevView::from),
                epss: facts.epss.as_ref().map(EpssView::from),
                published: facts.published.map(|time| time.to_string()),
                support_end: facts.support_end.as_deref(),
            },
        }
    }
}

/// The title; the identifier where there is none, for a text must not be empty (§3.11.3).
fn named(facts: &VulnerabilityFacts, words: &Words) -> String {
    let title = phrases::title(facts, words).trim();
    if title.is_empty() { facts.id.clone() } else { title.to_owned() }
}

/// What is known about it, a line each (§3.49.13).
fn help(facts: &VulnerabilityFacts, words: &Words) -> String {
    let mut lines = vec![format!("{} {}", facts.id, phrases::title(facts, words)).trim().to_owned()];
    let scores = phrases::scores(facts, words);
    if !scores.is_empty() {
        lines.push(scores);
    }
    let others: Vec<&str> = facts.aliases.iter().map(String::as_str).filter(|a| *a != facts.id).collect();
    if !others.is_empty() {
        lines.push(words.get("aliases", &[("ids", (&others.join(", ")).into())]));
    }
    if facts.kev.is_some() {
        lines.push(words.t("reading-kev"));
    }
    lines.push(words.t("sarif-help-levels"));
    lines.join("\n")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReasonRule {
    id: String,
    short_description: Message<String>,
    help: Message<String>,
    properties: ReasonProperties,
}

#[derive(Serialize)]
struct ReasonProperties {
    tags: [&'static str; 1],
}

impl ReasonRule {
    fn of(code: Code, words: &Words) -> Self {
        ReasonRule {
            id: reason_id(code),
            short_description: Message { text: phrases::reason(code, words) },
            help: Message { text: phrases::next_step(code, words) },
            properties: ReasonProperties { tags: ["undetermined"] },
        }
    }
}
