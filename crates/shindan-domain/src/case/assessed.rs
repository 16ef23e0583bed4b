//! A case about findings of a security assessment (SPEC.md section 4, ③-1: "measures from the result", "re-test closes them"). The same
//! states and gates as for what matching finds. Only a later assessment, a re-test, tells that a finding is gone: an inventory
//! does not look for what a scanner found.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::event::{Opened, Refreshed};
use super::found::{FoundPlace, Gone, Place, Remediation, RemediationKind, Retest, Score, VulnerabilityFact};
use super::refresh::rests;
use super::settle::ReopenReason;
use super::{Case, CaseEvent, Due, Subject};
use crate::assessment::Fingerprint;
use crate::identifier::{Family, FindingKind, family, is_cve};
use crate::policy::DuePolicy;
use crate::priority::Decision;
use crate::process::{Label, Occurrence, ReasonCode, Refusal};
use crate::record_id::AssessmentPlanId;

/// What a place that an assessment found begins with. No key of an asset or component does.
pub const ASSESSED_PLACE: &str = "assessment:";

/// Key of the place of a finding: its plan and identity, which no new version of the tool changes.
pub fn assessed_place(plan: AssessmentPlanId, fingerprint: Fingerprint) -> String {
    format!("{ASSESSED_PLACE}{plan}:{fingerprint}")
}

/// A finding of an assessment, as a case takes it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessedFinding {
    /// Its identity.
    pub fingerprint: Fingerprint,
    /// Kind of tool: `zap`.
    pub tool: String,
    /// The tool's identifier of the check.
    pub rule: String,
    /// CVE, GHSA and others, as the tool gives them.
    pub identifiers: BTreeSet<String>,
    /// What it is.
    pub kind: FindingKind,
    /// One line.
    pub title: String,
    /// Where it is, for people.
    pub place_label: String,
    /// The component that is hit and its version.
    pub component: Option<(String, Option<String>)>,
    /// By the table of severities.
    pub priority: Decision,
    /// The CVSS score of the finding.
    pub cvss: Option<Score>,
    /// The version that holds the fix.
    pub fixed_version: Option<String>,
}

impl AssessedFinding {
    /// By which identifiers it is known, each with those that mean the same. Several CVEs of one finding are several weaknesses
    /// and never fused; one CVE and one of each other family are one. Without any, the rule stands for the weakness.
    fn weaknesses(&self) -> Vec<(String, BTreeSet<String>)> {
        let mut by_family: BTreeMap<Family, BTreeSet<String>> = BTreeMap::new();
        for identifier in &self.identifiers {
            let known = one_to_one(identifier);
            if let Some((family, identifier)) = known {
                by_family.entry(family).or_default().insert(identifier);
            }
        }
        let every: BTreeSet<String> = by_family.values().flatten().cloned().collect();
        // Families are in the order in which they give the name: CVE, GHSA, others.
        let Some(leading) = by_family.values().flatten().next() else {
            let id = format!("{}:{}", self.tool, self.rule);
            return vec![(id.clone(), BTreeSet::from([id]))];
        };
        if by_family.values().all(|identifiers| identifiers.len() == 1) {
            return vec![(leading.clone(), every)];
        }
        every.into_iter().map(|id| (id.clone(), BTreeSet::from([id]))).collect()
    }

    fn fact(&self, aliases: BTreeSet<String>) -> VulnerabilityFact {
        let documents = self.identifiers.iter().filter(|identifier| one_to_one(identifier).is_none());
        VulnerabilityFact {
            aliases,
            title: self.title.clone(),
            title_ja: None,
            kind: self.kind,
            // The score is that of the finding as a whole: it stands at each of its weaknesses, which can only be too high.
            cvss: self.cvss.clone(),
            kev: None,
            ransomware: false,
            epss: None,
            ssvc: None,
            published: None,
            fixed_versions: self.fixed_version.iter().cloned().collect(),
            advisories: documents.map(|document| document.trim().to_owned()).collect(),
        }
    }

    fn place(&self, vulnerabilities: BTreeSet<String>) -> FoundPlace {
        let components = self.component.iter();
        let components =
            components.map(|(name, version)| (name.clone(), version.iter().cloned().collect())).collect();
        FoundPlace { label: self.place_label.clone(), components, vulnerabilities, priority: self.priority }
    }
}

/// An identifier that names one weakness, in its usual spelling; `None` for documents and anything else.
fn one_to_one(identifier: &str) -> Option<(Family, String)> {
    let identifier = identifier.trim();
    let spelt = if is_cve(identifier) { identifier.to_ascii_uppercase() } else { identifier.to_owned() };
    match family(&spelt) {
        Family::Document => None,
        family => Some((family, spelt)),
    }
}

/// Takes over what a further finding says of the same weakness.
fn join(known: &mut VulnerabilityFact, further: VulnerabilityFact) {
    known.aliases.extend(further.aliases);
    known.fixed_versions.extend(further.fixed_versions);
    known.advisories.extend(further.advisories);
    let score = |fact: &Option<Score>| fact.as_ref().map(|score| score.score_x10);
    if score(&further.cvss) > score(&known.cvss) {
        known.cvss = further.cvss;
    }
}

impl Case {
    /// Opens one case for findings that share `target`, a rule or an identifier; each is a place of it. Due dates come from an
    /// approved policy, as for any case. `None` without a finding.
    ///
    /// Findings of priority *defer* open no case by themselves (SPEC.md section 3); the caller passes them if a person asks.
    pub fn open_for_assessment(
        subject: Subject,
        target: String,
        findings: &[AssessedFinding],
        plan: AssessmentPlanId,
        policy: Option<&DuePolicy>,
        at: Timestamp,
    ) -> Option<CaseEvent> {
        let priority = findings.iter().map(|finding| finding.priority).min()?;
        let mut vulnerabilities: BTreeMap<String, VulnerabilityFact> = BTreeMap::new();
        let mut places: BTreeMap<String, FoundPlace> = BTreeMap::new();
        for finding in findings {
            let mut hitting = BTreeSet::new();
            for (id, aliases) in finding.weaknesses() {
                let fact = finding.fact(aliases);
                match vulnerabilities.get_mut(&id) {
                    Some(known) => join(known, fact),
                    None => drop(vulnerabilities.insert(id.clone(), fact)),
                }
                hitting.insert(id);
            }
            let found = finding.place(hitting);
            match places.get_mut(&assessed_place(plan, finding.fingerprint)) {
                Some(known) => {
                    known.vulnerabilities.extend(found.vulnerabilities);
                    known.priority = known.priority.min(found.priority);
                    for (name, versions) in found.components {
                        known.components.entry(name).or_default().extend(versions);
                    }
                }
                None => drop(places.insert(assessed_place(plan, finding.fingerprint), found)),
            }
        }
        Some(CaseEvent::Opened(Box::new(Opened {
            subject,
            remediation: Remediation {
                kind: RemediationKind::Assessment,
                component: shared_component(findings),
                target,
            },
            vulnerabilities,
            places,
            priority,
            due: policy.and_then(|policy| Due::of(policy, priority, at)),
        })))
    }

    /// True if it is about what an assessment found.
    pub fn is_assessed(&self) -> bool {
        self.remediation.kind == RemediationKind::Assessment
    }

    /// What a later assessment changes. `seen` and `gone`: keys of places ([`assessed_place`]) that it found, and those where it
    /// looked, came to its end and found nothing any more; other places than those of the case are passed over, and what is in
    /// both is there. The same report twice changes nothing, and neither does one of a scan that is older than what is known.
    ///
    /// What is found again begins again; a case that rests is opened again.
    ///
    /// # Errors
    /// [`ReasonCode::DocumentMissing`] for an empty report; [`ReasonCode::DateInFuture`] for a scan that has not begun yet.
    pub fn retested(
        &self,
        seen: &BTreeSet<String>,
        gone: &BTreeSet<String>,
        retest: &Retest,
        by: &Occurrence,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        retest.document.check()?;
        if retest.at > by.at {
            let refusal = Refusal::new(ReasonCode::DateInFuture);
            return Err(refusal.with("field", Label::At.as_str()).with("date", retest.at));
        }
        let mut refreshed = Refreshed::default();
        if !self.is_assessed() {
            return Ok(Vec::new());
        }
        for (key, place) in &self.places {
            if seen.contains(key) {
                refreshed.places.extend(self.found_by(place, retest).map(|found| (key.clone(), found)));
            } else if gone.contains(key) && self.is_gone_by(place, retest) {
                let looked_for = place.found.vulnerabilities.union(&place.past).cloned().collect();
                refreshed.gone.insert(key.clone(), looked_for);
            }
        }
        if refreshed == Refreshed::default() {
            return Ok(Vec::new());
        }
        let was_gone = |key| self.places.get(key).is_some_and(|place| place.gone.is_some());
        let again = rests(self) && refreshed.places.keys().any(was_gone);
        refreshed.retest = Some(retest.clone());
        let mut events = vec![CaseEvent::Refreshed(Box::new(refreshed))];
        events.extend(again.then(|| {
            let because = ReopenReason::MatchedAgain;
            CaseEvent::Reopened { because, note: String::new() }
        }));
        Ok(events)
    }

    /// The place as a re-test found it, if that matters: it was gone, or a decision is in force and the re-test began after it.
    /// Nothing by a scan that is not newer than what is known.
    fn found_by(&self, place: &Place, retest: &Retest) -> Option<FoundPlace> {
        let known = place.seen.max(place.gone.as_ref().map(Gone::at));
        // Reports of one run are one re-test: what one of them still finds is there, whichever scan began first.
        let same_run = matches!(&place.gone, Some(Gone::Retested { retest: gone, .. }) if gone.assessment == retest.assessment);
        let newer = same_run || known.is_none_or(|known| retest.at > known);
        let matters = place.gone.is_some() || self.decided_at.is_some_and(|since| retest.at > since);
        let vulnerabilities = place.found.vulnerabilities.union(&place.past).cloned().collect();
        (newer && matters).then(|| FoundPlace { vulnerabilities, ..place.found.clone() })
    }

    /// True if it is gone by this re-test and was there until now, or if this is the first re-test that proves the decision in
    /// force. A scan from before the case was opened, or before one that found it, tells nothing.
    fn is_gone_by(&self, place: &Place, retest: &Retest) -> bool {
        if retest.at <= self.noticed || place.seen.is_some_and(|seen| retest.at <= seen) {
            return false;
        }
        match self.decided_at {
            _ if place.gone.is_none() => true,
            Some(since) => retest.at > since && !place.is_retested_after(since),
            None => false,
        }
    }
}

/// The component, if all findings are about the same.
fn shared_component(findings: &[AssessedFinding]) -> Option<String> {
    let name = |finding: &AssessedFinding| finding.component.as_ref().map(|(name, _)| name.clone());
    let first = findings.first().and_then(name)?;
    findings.iter().all(|finding| name(finding).as_ref() == Some(&first)).then_some(first)
}
