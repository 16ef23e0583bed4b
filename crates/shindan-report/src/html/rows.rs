//! The rows of the table of findings, made one at a time while the page is written: there may be ten thousand.

use std::rc::Rc;

use shindan_domain::finding::{CheckResult, Confidence, Finding, MatchBasis, VexOpinion};
use shindan_domain::inventory::Asset;
use shindan_domain::priority::PathStep;

use super::view::class;
use crate::digest;
use crate::labels::Labels;
use crate::phrases;

/// One finding as the table shows it.
pub(super) struct Row<'a> {
    result: &'a CheckResult,
    finding: &'a Finding,
    labels: &'a Labels<'a>,
    /// Set on the first row of each priority, so that the cards can lead there.
    first: bool,
}

/// The findings in their order.
pub(super) fn rows<'a>(result: &'a CheckResult, labels: &'a Labels<'a>) -> impl Iterator<Item = Row<'a>> {
    let mut seen = [false; 4];
    result.findings.iter().map(move |finding| {
        let mark = &mut seen[finding.priority().rank()];
        let first = !std::mem::replace(mark, true);
        Row { result, finding, labels, first }
    })
}

/// A finding that somebody denies.
pub(super) struct Denied<'a> {
    pub row: Row<'a>,
    opinions: &'a [VexOpinion],
}

/// What is denied, in its order.
pub(super) fn denied<'a>(
    result: &'a CheckResult,
    labels: &'a Labels<'a>,
) -> impl Iterator<Item = Denied<'a>> {
    result.not_affected.iter().map(move |denied| {
        let row = Row { result, finding: &denied.finding, labels, first: false };
        Denied { row, opinions: &denied.opinions }
    })
}

impl Denied<'_> {
    /// Who says so, and why: lines.
    pub fn opinions(&self) -> impl Iterator<Item = Vec<String>> {
        self.opinions.iter().map(|opinion| phrases::opinion(opinion, self.row.labels.words()))
    }
}

impl<'a> Row<'a> {
    /// Opinions to the contrary, each as one sentence.
    pub fn disputed(&self) -> impl Iterator<Item = String> {
        let words = self.labels.words();
        self.finding.grounds.disputed.iter().map(move |opinion| {
            let lines = phrases::opinion(opinion, words).join(" ");
            words.get("disputed", &[("opinion", (&lines).into())])
        })
    }

    pub fn class(&self) -> &'static str {
        class(self.finding.priority())
    }

    pub fn anchor(&self) -> Option<&'static str> {
        self.first.then(|| self.class())
    }

    pub fn rank(&self) -> usize {
        self.finding.priority().rank()
    }

    pub fn priority(&self) -> Rc<str> {
        self.labels.label("priority", self.finding.priority().as_str())
    }

    pub fn id(&self) -> &'a str {
        &self.finding.vulnerability.id
    }

    pub fn title(&self) -> &'a str {
        phrases::title(&self.finding.vulnerability, self.labels.words())
    }

    /// The particulars below the title, joined by the template.
    pub fn kind(&self) -> Option<Rc<str>> {
        let kind = self.finding.vulnerability.kind;
        let is_plain = kind == shindan_domain::identifier::FindingKind::Vulnerability;
        (!is_plain).then(|| self.labels.label("kind", kind.as_str()))
    }

    pub fn no_support_since(&self) -> Option<String> {
        phrases::no_support_since(&self.finding.vulnerability, self.labels.words())
    }

    pub fn no_fix(&self) -> Rc<str> {
        self.labels.text(phrases::no_fix(&self.finding.vulnerability))
    }

    pub fn exploited(&self) -> bool {
        self.finding.vulnerability.kev.is_some()
    }

    pub fn cvss(&self) -> Option<String> {
        let cvss = self.finding.vulnerability.cvss.as_ref()?;
        Some(format!("CVSS {}.{}", cvss.score_x10 / 10, cvss.score_x10 % 10))
    }

    pub fn epss(&self) -> Option<&'a str> {
        self.finding.vulnerability.epss.as_ref().map(|e| e.score.as_str())
    }

    /// Every other name: one-to-one identifiers and advisories.
    pub fn names(&self) -> Vec<&'a str> {
        let all = self.finding.vulnerability.aliases.iter().chain(self.finding.advisories());
        let mut names: Vec<&str> = all.map(String::as_str).filter(|n| *n != self.id()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    pub fn component(&self) -> &'a str {
        &self.finding.component.name
    }

    pub fn version(&self) -> Option<&'a str> {
        digest::version_of(&self.finding.component)
    }

    pub fn place(&self) -> &'a str {
        digest::place_of(self.result, self.finding)
    }

    /// Where the asset stands and of what kind it is.
    pub fn asset(&self) -> Option<&'a Asset> {
        self.finding.asset.as_deref()
    }

    pub fn asset_kind(&self) -> Option<Rc<str>> {
        let kind = self.asset()?.kind?;
        Some(self.labels.label("asset-kind", kind.as_str()))
    }

    pub fn fixed(&self) -> &'a [String] {
        self.finding.fixed_versions()
    }

    /// The range of the surest basis.
    pub fn range(&self) -> Rc<str> {
        match self.finding.bases().first().map(|b| b.range.as_str()) {
            Some("*") => self.labels.text("range-all"),
            Some(range) => range.into(),
            None => "".into(),
        }
    }

    /// True if the surest basis is not sure: it must show without opening the particulars.
    pub fn is_unsure(&self) -> bool {
        self.finding.bases().first().is_some_and(|b| b.confidence == Confidence::Low)
    }

    pub fn bases(&self) -> impl Iterator<Item = BasisView<'a>> {
        let labels = self.labels;
        self.finding.bases().iter().map(move |basis| BasisView { basis, labels })
    }

    pub fn steps(&self) -> impl Iterator<Item = StepView<'a>> {
        let labels = self.labels;
        self.finding.path().iter().map(move |step| StepView { step, labels })
    }

    pub fn has_path(&self) -> bool {
        !self.finding.path().is_empty()
    }
}

/// One way in which the match was made.
pub(super) struct BasisView<'a> {
    pub basis: &'a MatchBasis,
    labels: &'a Labels<'a>,
}

impl BasisView<'_> {
    pub fn method(&self) -> Rc<str> {
        self.labels.label("method", self.basis.method.as_str())
    }

    pub fn confidence(&self) -> Rc<str> {
        self.labels.label("confidence", self.basis.confidence.as_str())
    }

    /// How the name was read, where it is not the device's own.
    pub fn reading(&self) -> Option<Rc<str>> {
        Some(self.labels.label("reading-of-name", self.basis.reading?.as_str()))
    }

    pub fn range(&self) -> Rc<str> {
        if self.basis.range == "*" { self.labels.text("range-all") } else { self.basis.range.as_str().into() }
    }
}

/// One decision point on the path.
pub(super) struct StepView<'a> {
    pub step: &'a PathStep,
    labels: &'a Labels<'a>,
}

impl StepView<'_> {
    pub fn point(&self) -> Rc<str> {
        self.labels.label("point", self.step.point)
    }

    pub fn value(&self) -> Rc<str> {
        self.labels.label(phrases::value_family(self.step.point), self.step.value)
    }

    pub fn origin(&self) -> Rc<str> {
        self.labels.label("origin", self.step.origin)
    }
}
