//! Findings, statements and open questions as rows of a spreadsheet. Which columns there are stands here once, for CSV
//! and for the sheets of the workbook; each writer chooses among them.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use shindan_domain::diagnostic::{Code, Diagnostic, Params, Severity};
use shindan_domain::finding::{CheckResult, Decided, Finding, NotAffected, Undetermined, VulnerabilityFacts};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{Asset, Component};

use crate::labels::Labels;
use crate::words::{Words, severity_key};
use crate::{digest, phrases};

/// What one row is about.
#[derive(Clone, Copy)]
pub(crate) enum Record<'a> {
    /// 該当
    Finding(&'a Finding),
    /// 影響なしの表明
    NotAffected(&'a NotAffected),
    /// 判定不能
    Undetermined(&'a Undetermined),
    /// What could not be read, or a remark about the answer as a whole.
    Diagnostic(&'a Diagnostic),
}

macro_rules! columns {
    ($($(#[$meta:meta])* $name:ident = $key:literal, $width:literal;)*) => {
        /// A column. Its order here is the order in CSV.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Column {
            $($(#[$meta])* $name,)*
        }

        impl Column {
            /// All, in the order of CSV.
            pub const ALL: &'static [Column] = &[$(Column::$name,)*];

            /// The key of the word above the column.
            pub fn key(self) -> &'static str {
                match self { $(Column::$name => $key,)* }
            }

            /// The width that its contents need at most, in half-width characters; what is longer is wrapped.
            pub fn width(self) -> u16 {
                match self { $(Column::$name => $width,)* }
            }
        }
    };
}

columns! {
    /// Finding, statement or open question.
    Kind = "col-record", 16;
    /// What to do first.
    Priority = "col-priority", 14;
    /// The identifier.
    Vulnerability = "col-vulnerability", 19;
    /// Title in the reader's language if there is one.
    Title = "col-title", 38;
    /// Vulnerability, end of support …
    FindingKind = "col-finding-kind", 16;
    /// Name of the component, maker and model of a device.
    Component = "col-name", 28;
    /// Version or firmware.
    Version = "col-version", 14;
    /// Number of the asset, or the system that the input describes.
    Place = "col-place", 15;
    /// Where the asset stands.
    Site = "col-site", 15;
    /// 種別
    AssetKind = "col-asset-kind", 16;
    /// 公開範囲
    Exposure = "col-exposure", 16;
    /// 更新責任者
    PatchedBy = "col-patched-by", 18;
    /// Versions that contain the fix.
    Fixed = "col-fixed", 16;
    /// What to do about it.
    Next = "col-do", 34;
    /// Known to be exploited.
    Exploited = "exploited", 12;
    /// A number.
    CvssScore = "col-cvss", 8;
    /// The vector the score comes from.
    CvssVector = "col-cvss-vector", 30;
    /// A number.
    Epss = "col-epss", 9;
    /// The range that contains the version.
    Range = "col-range", 18;
    /// By which identity.
    Method = "col-method", 24;
    /// How sure.
    Confidence = "confidence", 10;
    /// Why it could not be judged, in short.
    Reason = "col-reason", 26;
    /// The path to the priority; why it could not be judged; who says that it is not affected.
    Explanation = "col-explanation", 60;
    /// Every advisory behind it.
    Advisories = "col-advisory-ids", 24;
    /// Other names of the vulnerability.
    Aliases = "col-aliases", 24;
    /// Whose statement it rests on.
    Source = "col-source", 18;
    /// Document and place inside it.
    Document = "col-document", 34;
    /// The first day without support.
    SupportEnd = "col-support-end", 14;
    /// The inventory.
    Input = "col-input", 28;
    /// Where in the inventory.
    Pointer = "col-pointer", 16;
    /// As written.
    Purl = "col-purl", 34;
    /// As written.
    Cpe = "col-cpe", 34;
    /// A stable code: `finding`, `not-affected`, or that of the reason why it could not be judged.
    Code = "col-code", 22;
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text of the answer, or words that were made for this row.
    Text(Cow<'a, str>),
    /// Words that many rows share.
    Shared(Rc<str>),
    /// Decimal text that is a number.
    Number(Cow<'a, str>),
    /// `YYYY-MM-DD`, or whatever its source wrote instead.
    Day(&'a str),
}

impl Cell<'_> {
    /// The cell as text.
    pub fn text(&self) -> &str {
        match self {
            Cell::Empty => "",
            Cell::Text(text) | Cell::Number(text) => text,
            Cell::Shared(text) => text,
            Cell::Day(text) => text,
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Text(Cow::Borrowed(text)) }
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.unwrap_or_default().into()
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        if text.is_empty() { Cell::Empty } else { Cell::Text(Cow::Owned(text)) }
    }
}

impl From<Rc<str>> for Cell<'_> {
    fn from(text: Rc<str>) -> Self {
        Cell::Shared(text)
    }
}

/// Every record of an answer: what could not be read, findings, statements, open questions.
pub(crate) fn all(result: &CheckResult) -> impl Iterator<Item = Record<'_>> {
    let diagnostics = troubles(result).map(Record::Diagnostic);
    let findings = result.findings.iter().map(Record::Finding);
    let stated = result.not_affected.iter().map(Record::NotAffected);
    let questions = result.undetermined.iter().map(Record::Undetermined);
    diagnostics.chain(findings).chain(stated).chain(questions)
}

/// What a reader must know before trusting the answer: remarks about it, and parts of inputs that could not be read.
pub(crate) fn troubles(result: &CheckResult) -> impl Iterator<Item = &Diagnostic> {
    let unreadable = result.inputs.iter().flat_map(|input| &input.diagnostics);
    result.remarks.iter().chain(unreadable.filter(|d| d.severity() == Severity::Error))
}

/// Makes cells. Sentences that findings share are made once each: there may be a million rows.
pub(crate) struct Cells<'a> {
    result: &'a CheckResult,
    labels: Labels<'a>,
    paths: Remembered<*const Decided>,
    reasons: Remembered<(Code, *const Params)>,
    next: Remembered<Code>,
}

/// The result keeps every value alive while this lives, so that an address stands for one value.
type Remembered<K> = RefCell<FxHashMap<K, Rc<str>>>;

impl<'a> Cells<'a> {
    pub fn new(result: &'a CheckResult, words: &'a Words) -> Self {
        Cells {
            result,
            labels: Labels::new(words),
            paths: RefCell::default(),
            reasons: RefCell::default(),
            next: RefCell::default(),
        }
    }

    /// What stands in this column of the row about `record`.
    pub fn cell(&self, record: Record<'a>, column: Column) -> Cell<'a> {
        match record {
            Record::Finding(finding) => self.of_finding(finding, column),
            Record::NotAffected(stated) => self.of_statement(stated, column),
            Record::Undetermined(entry) => self.of_question(entry, column),
            Record::Diagnostic(diagnostic) => self.of_diagnostic(diagnostic, column),
        }
    }

    fn of_finding(&self, finding: &'a Finding, column: Column) -> Cell<'a> {
        let labels = &self.labels;
        let basis = finding.bases().first();
        match column {
            Column::Kind => labels.text("record-finding").into(),
            Column::Code => "finding".into(),
            Column::Priority => labels.label("priority", finding.priority().as_str()).into(),
            Column::Fixed => finding.fixed_versions().join(", ").into(),
            Column::Next => phrases::action(finding, labels.words()).into(),
            Column::Range => match basis.map(|b| b.range.as_str()) {
                Some("*") => labels.text("range-all").into(),
                range => range.into(),
            },
            Column::Method => basis.map_or(Cell::Empty, |b| labels.label("method", b.method.as_str()).into()),
            Column::Confidence => {
                basis.map_or(Cell::Empty, |b| labels.label("confidence", b.confidence.as_str()).into())
            }
            Column::Explanation => self.path(&finding.decided),
            Column::Advisories => finding.advisories().join(", ").into(),
            Column::Source => distinct(finding.bases(), |b| &b.source).into(),
            Column::Document => distinct(finding.bases(), |b| &b.place).into(),
            Column::Reason => Cell::Empty,
            _ => {
                let facts = self.of_facts(&finding.vulnerability, column);
                facts.unwrap_or_else(|| {
                    self.of_subject(&finding.component, finding.asset.as_deref(), finding.input, column)
                })
            }
        }
    }

    fn of_statement(&self, stated: &'a NotAffected, column: Column) -> Cell<'a> {
        match column {
            Column::Kind => self.labels.text("record-not-affected").into(),
            Column::Code => "not-affected".into(),
            // What to do was settled by whoever made the statement.
            Column::Next => Cell::Empty,
            Column::Reason => phrases::status_of(stated, self.labels.words()).into(),
            Column::Explanation => phrases::opinions(stated, self.labels.words()).into(),
            Column::Source => distinct(&stated.opinions, |o| &o.source).into(),
            Column::Document => distinct(&stated.opinions, |o| &o.place).into(),
            Column::Advisories => distinct(&stated.opinions, |o| &o.advisory).into(),
            _ => self.of_finding(&stated.finding, column),
        }
    }

    fn of_question(&self, entry: &'a Undetermined, column: Column) -> Cell<'a> {
        let words = self.labels.words();
        match column {
            Column::Kind => self.labels.text("undetermined").into(),
            Column::Code => entry.code.as_str().into(),
            Column::Vulnerability if entry.vulnerability.is_none() => {
                self.labels.text("any-vulnerability").into()
            }
            Column::Reason => phrases::reason(entry.code, words).into(),
            Column::Next => {
                remembered(&self.next, entry.code, || phrases::next_step(entry.code, words)).into()
            }
            Column::Explanation => {
                let key = (entry.code, Arc::as_ptr(&entry.params));
                remembered(&self.reasons, key, || words.code(entry.code, &entry.params)).into()
            }
            Column::Advisories => entry.advisory.as_deref().into(),
            Column::Priority
            | Column::Fixed
            | Column::Range
            | Column::Method
            | Column::Confidence
            | Column::Source
            | Column::Document => Cell::Empty,
            _ => {
                let facts = entry.vulnerability.as_deref().and_then(|facts| self.of_facts(facts, column));
                facts.unwrap_or_else(|| {
                    self.of_subject(&entry.component, entry.asset.as_deref(), entry.input, column)
                })
            }
        }
    }

    fn of_diagnostic(&self, diagnostic: &'a Diagnostic, column: Column) -> Cell<'a> {
        let place = &diagnostic.place;
        match column {
            Column::Kind => self.labels.label("severity", severity_key(diagnostic.severity())).into(),
            Column::Code => diagnostic.code.as_str().into(),
            Column::Explanation => self.labels.words().code(diagnostic.code, &diagnostic.params).into(),
            Column::Input => place.path.as_str().into(),
            Column::Pointer => match (place.line, &place.field) {
                (Some(line), _) => format!("line {line}").into(),
                (None, field) => field.as_deref().into(),
            },
            _ => Cell::Empty,
        }
    }

    /// What is known about the vulnerability; `None` for columns about what it hits.
    fn of_facts(&self, facts: &'a VulnerabilityFacts, column: Column) -> Option<Cell<'a>> {
        Some(match column {
            Column::Vulnerability => facts.id.as_str().into(),
            Column::Title => phrases::title(facts, self.labels.words()).into(),
            Column::FindingKind => self.labels.label("kind", facts.kind.as_str()).into(),
            Column::Exploited => match facts.kev {
                Some(_) => self.labels.text("yes").into(),
                None => Cell::Empty,
            },
            Column::CvssScore => facts
                .cvss
                .as_ref()
                .map_or(Cell::Empty, |cvss| Cell::Number(Cow::Owned(phrases::tenths(cvss.score_x10)))),
            Column::CvssVector => facts.cvss.as_ref().map(|cvss| cvss.vector.as_str()).into(),
            Column::Epss => {
                facts.epss.as_ref().map_or(Cell::Empty, |epss| Cell::Number(Cow::Borrowed(&epss.score)))
            }
            Column::Aliases => {
                let others: Vec<&str> =
                    facts.aliases.iter().map(String::as_str).filter(|alias| *alias != facts.id).collect();
                others.join(", ").into()
            }
            Column::SupportEnd if facts.kind == FindingKind::EndOfLife => {
                facts.support_end.as_deref().map(Cell::Day)?
            }
            _ => return None,
        })
    }

    /// What is there. Columns that belong elsewhere are empty.
    fn of_subject(
        &self,
        component: &'a Component,
        asset: Option<&'a Asset>,
        input: usize,
        column: Column,
    ) -> Cell<'a> {
        let labels = &self.labels;
        match column {
            Column::Component => component.name.as_str().into(),
            Column::Version => match digest::version_of(component) {
                Some(version) => version.into(),
                None => labels.text("version-unknown").into(),
            },
            Column::Place => {
                let id = asset.map(|a| a.asset_id.as_str()).filter(|id| !id.is_empty());
                id.unwrap_or_else(|| digest::name_of(self.result, input)).into()
            }
            Column::Site => asset.and_then(|a| a.place.as_deref()).into(),
            Column::AssetKind => match asset.and_then(|a| a.kind) {
                Some(kind) => labels.label("asset-kind", kind.as_str()).into(),
                None => asset.and_then(|a| a.kind_text.as_deref()).into(),
            },
            Column::Exposure => match asset.and_then(|a| a.exposure) {
                Some(exposure) => labels.label("exposure", exposure.as_str()).into(),
                None => asset.and_then(|a| a.exposure_text.as_deref()).into(),
            },
            Column::PatchedBy => match asset {
                Some(asset) => match asset.patched_by.as_deref() {
                    Some(who) => who.into(),
                    None => labels.text("unsettled").into(),
                },
                None => Cell::Empty,
            },
            Column::SupportEnd => asset.and_then(|a| a.support_end.as_deref()).map_or(Cell::Empty, Cell::Day),
            Column::Input => digest::path_of(self.result, input).into(),
            Column::Pointer => component.pointer.as_str().into(),
            Column::Purl => component.purl.as_deref().into(),
            Column::Cpe => component.cpe.as_deref().into(),
            _ => Cell::Empty,
        }
    }

    fn path(&self, decided: &Arc<Decided>) -> Cell<'a> {
        if decided.path.is_empty() {
            return Cell::Empty;
        }
        let make = || phrases::path(&decided.path, self.labels.words());
        remembered(&self.paths, Arc::as_ptr(decided), make).into()
    }
}

fn remembered<K: Eq + std::hash::Hash>(
    known: &Remembered<K>,
    key: K,
    make: impl FnOnce() -> String,
) -> Rc<str> {
    Rc::clone(known.borrow_mut().entry(key).or_insert_with(|| make().into()))
}

/// Each text once, in the order of the first.
fn distinct<T>(all: &[T], text: impl Fn(&T) -> &String) -> String {
    let mut texts: Vec<&str> = Vec::with_capacity(all.len());
    for text in all.iter().map(text).filter(|t| !t.is_empty()) {
        if !texts.contains(&text.as_str()) {
            texts.push(text);
        }
    }
    texts.join(", ")
}
