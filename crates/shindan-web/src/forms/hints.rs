//! What the schema of a command does not tell: that a text is a day, a file, a record, several lines, or one of a closed set.

use serde_json::Value;
use shindan_domain::advisory::Justification;
use shindan_domain::agreement::{DutyTopic, Involvement};
use shindan_domain::device::DeviceCategory;
use shindan_domain::inquiry::Way;
use shindan_domain::ledger::Kind;
use shindan_domain::priority::Decision;
use shindan_domain::vocabulary::vocabulary;
use shindan_server::openapi;

use super::field::Of;

/// A field inside a group that the schema does not tell: name, what it holds, whether it is needed.
pub(crate) type Part = (&'static str, Hint, bool);

/// What a text or an object holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hint {
    Line,
    Area,
    Day,
    Moment,
    Number(i64),
    Flag,
    File,
    Record(Kind),
    Id(Kind),
    Inside,
    /// The set of terms, and its values.
    Choice(&'static str, fn() -> Vec<&'static str>),
    Group(&'static [Part]),
    Rows(&'static [Part]),
    Pairs(&'static Hint, &'static Hint),
}

fn categories() -> Vec<&'static str> {
    DeviceCategory::ALL.iter().map(|one| one.as_str()).collect()
}

fn decisions() -> Vec<&'static str> {
    Decision::ALL.iter().map(|one| one.as_str()).collect()
}

fn involvements() -> Vec<&'static str> {
    Involvement::ALL.iter().map(|one| one.as_str()).collect()
}

fn justifications() -> Vec<&'static str> {
    Justification::ALL.iter().map(|one| one.as_str()).collect()
}

fn languages() -> Vec<&'static str> {
    vec!["ja", "en"]
}

fn topics() -> Vec<&'static str> {
    DutyTopic::ALL.iter().map(|one| one.as_str()).collect()
}

fn ways() -> Vec<&'static str> {
    Way::ALL.iter().map(|one| one.as_str()).collect()
}

fn coverages() -> Vec<&'static str> {
    vec!["patching-of-all", "patching-of-category", "patching-of-asset", "every-line", "line-of"]
}

const INVOLVEMENT: Hint = Hint::Choice("involvement", involvements);
const BY_PRIORITY: &[Part] = &[
    ("immediate", Hint::Number(0), true),
    ("out-of-cycle", Hint::Number(0), true),
    ("scheduled", Hint::Number(0), true),
];
const DUE_DATES: &[Part] = &[
    ("decide", Hint::Group(BY_PRIORITY), true),
    ("done", Hint::Group(BY_PRIORITY), true),
    ("verify-after-change", Hint::Number(0), true),
    ("chase-inquiry", Hint::Number(0), true),
    ("review", Hint::Number(0), true),
];
const INTERVALS: &[Part] = &[
    ("confirm", Hint::Number(0), true),
    ("review", Hint::Number(0), true),
    ("judge", Hint::Number(0), true),
];
const COVERS: &[Part] = &[
    ("covers", Hint::Choice("web-coverage", coverages), true),
    ("category", Hint::Choice("device-category", categories), false),
    ("asset", Hint::Record(Kind::Asset), false),
];
const TESTS: &[Part] =
    &[("name", Hint::Line, true), ("expected", Hint::Area, true), ("mandatory", Hint::Flag, true)];
const PLACE: &[Part] =
    &[("environment", Hint::Id(Kind::Environment), false), ("elsewhere", Hint::Line, false)];
const RESPONSIBLE: &[Part] =
    &[("operator", Hint::Id(Kind::Person), false), ("party", Hint::Id(Kind::Party), false)];
const ACTION: &[Part] =
    &[("text", Hint::Area, true), ("responsible", Hint::Group(RESPONSIBLE), true), ("due", Hint::Day, true)];
fn results() -> Vec<&'static str> {
    vec!["changed", "no-change"]
}
const FINDING: &[Part] = &[
    ("result", Hint::Choice("review-result", results), true),
    ("content", Hint::Area, false),
    ("reason", Hint::Area, true),
];
const SUPPORT_ENDS: &[Part] = &[("what", Hint::Line, true), ("until", Hint::Day, true)];

/// The hint for a field of a form.
pub(crate) fn of(of: Of<'_>, path: &str, name: &str) -> Option<Hint> {
    let particular = particular(of, path);
    particular.or_else(|| inside(path)).or_else(|| general(name))
}

/// Fields that mean something else in this form than in others.
fn particular(of: Of<'_>, path: &str) -> Option<Hint> {
    use Hint as H;
    Some(match (of.kind, of.command, path) {
        ("change", "consent", "from" | "until") | ("device", "stop", "since") => H::Moment,
        ("case", "inherit", "from") => H::Record(Kind::Case),
        ("case", "analyse", "departs") => H::Choice("priority", decisions),
        ("case", "prove-fixed" | "replace" | "show-effect", "asset" | "assets") => H::Inside,
        ("case", "replace", "successor") => H::Record(Kind::Asset),
        ("change", "run-test", "place") => H::Group(PLACE),
        ("change", "plan-tests", "tests") => H::Rows(TESTS),
        ("change", "apply" | "confirm-after" | "fail" | "leave-out" | "roll-back", "asset" | "assets") => {
            H::Inside
        }
        // Heard or read elsewhere; what the record shows must not be offered.
        ("exchange", "confirm", "fingerprint") | ("agreement", "confirm", "content") => H::Line,
        ("agreement", "add-duty", "duty") => H::Line,
        ("instruction", "new", "operator") => H::Record(Kind::Person),
        ("device", "plan-updates", "responsible") => H::Record(Kind::Party),
        ("instruction", "judge", "action") => H::Group(ACTION),
        ("review", "review", "finding") => H::Group(FINDING),
        ("policy", "new", "due_dates") => H::Group(DUE_DATES),
        ("policy", "new", "confirmation_interval") => H::Group(INTERVALS),
        ("agreement", _, "covers") => H::Rows(COVERS),
        ("agreement", "add-duty", "involvement") => H::Pairs(&H::Inside, &INVOLVEMENT),
        ("agreement", "assign", "involvement") => INVOLVEMENT,
        ("agreement", "take", "parties") | ("task", "agreement-import", "parties") => {
            H::Pairs(&H::Line, &H::Record(Kind::Party))
        }
        ("agreement", "change-duty", "topic") => H::Choice("duty-topic", topics),
        ("agreement", "add-party", "party") => H::Record(Kind::Party),
        ("agreement", _, "party") => H::Inside,
        ("agreement", "agree" | "discuss", "way") => H::Choice(Way::SET, ways),
        ("device", "new" | "change", "support_ends") => H::Rows(SUPPORT_ENDS),
        ("inquiry", "new", "form") | ("task", "source-proposals", "language") => {
            H::Choice("web-language", languages)
        }
        ("task", "source-proposals", "names") => H::Line,
        ("assessment", "ask-exception", "notice") => H::File,
        ("assessment", "explain", "report" | "target") => H::Inside,
        ("assessment", "import-reports", "mapping.columns") => H::Pairs(&H::Line, &H::Line),
        ("assessment-plan", "state-deliverable", "answer" | "request") => H::File,
        ("assessment-plan", "state-deliverable", "why" | "place") => H::Area,
        ("assessment-plan", "new", "release") => H::Record(Kind::Release),
        ("assessment-plan", "trigger", "release") => H::Line,
        ("patch", "verify", "release") => H::File,
        ("patch", "verify", "certificates" | "checksums" | "checksums_signature" | "cms" | "keys") => H::File,
        ("patch", "verify", "packages" | "release_signature" | "signatures" | "sigstore" | "trust_root") => {
            H::File
        }
        ("patch", "show-effect", "rematch" | "scan" | "statement") => H::File,
        ("inquiry", "answer", "answers.question") => H::Inside,
        ("instruction", "report", "statement") => H::Area,
        ("asset", "new", "asset") => H::Line,
        _ => return None,
    })
}

/// Fields inside groups that several forms have.
fn inside(path: &str) -> Option<Hint> {
    use Hint as H;
    Some(match path {
        "paper.scan" | "partner_file.file" | "partner_file.signature" | "partner_file.key" => H::File,
        "decision_table.rules" | "decision_table.table" | "alternative.document" => H::File,
        "paper.person" => H::Record(Kind::Person),
        "paper.signer" | "partner_file.signer" | "line.description" => H::Line,
        _ => return None,
    })
}

/// What fields of this name hold, unless said otherwise.
fn general(name: &str) -> Option<Hint> {
    use Hint as H;
    Some(match name {
        "card" | "document" | "documents" | "file" | "files" | "form" | "inventories" | "key" | "lists"
        | "retired" | "signature" | "template" => H::File,
        "alternative_until" | "dated" | "due" | "expires" | "first_due" | "from" | "next" | "on"
        | "planned_for" | "review" | "settle_by" | "taken" | "until" => H::Day,
        "checked" | "told_at" => H::Moment,
        "actual" | "because" | "comment" | "content" | "departs_because" | "description" | "differences"
        | "how" | "intended" | "measures" | "method" | "note" | "provisions" | "reason" | "risk"
        | "roll_back" | "set_up" | "text" | "alternative" => H::Area,
        "asset" | "assets" => H::Record(Kind::Asset),
        "case" | "cases" => H::Record(Kind::Case),
        "deployment" => H::Record(Kind::Deployment),
        "environment" => H::Record(Kind::Environment),
        "institution" | "maker" | "owner" | "party" | "patcher" | "provider" | "without_signature"
        | "parties" => H::Record(Kind::Party),
        "operator" => H::Record(Kind::Party),
        "patch" => H::Record(Kind::Patch),
        "plan" => H::Record(Kind::AssessmentPlan),
        "product" => H::Record(Kind::Product),
        "release" => H::Record(Kind::Release),
        "responsible" | "tester" => H::Record(Kind::Person),
        "site" | "sites" => H::Record(Kind::Site),
        "sources" => H::Record(Kind::Source),
        "system" | "systems" => H::Record(Kind::System),
        "duties" | "duty" | "fingerprint" | "findings" | "item" | "other" | "primary" | "test" | "token" => {
            H::Inside
        }
        "justification" => H::Choice("justification", justifications),
        _ => return None,
    })
}

/// The set of terms that has these values, for their words; of several, the smallest.
pub(crate) fn set_of(values: &[String]) -> String {
    let known = vocabulary();
    let mut sets: Vec<&'static str> = known.iter().map(|term| term.set).collect();
    sets.dedup();
    let fits = |set: &&'static str| {
        values.iter().all(|value| known.iter().any(|term| term.set == *set && term.value == value.as_str()))
    };
    let size = |set: &&'static str| known.iter().filter(|term| term.set == *set).count();
    let smallest = sets.into_iter().filter(fits).min_by_key(size);
    smallest.unwrap_or("web-choice").to_owned()
}

/// The schema that a reference means.
pub(crate) fn resolved(schema: &Value) -> Option<Value> {
    let name = schema["$ref"].as_str()?.rsplit('/').next()?;
    openapi::document()["components"]["schemas"].get(name).cloned()
}

/// In which order fields stand: who and what, then the judgement, days, words, files, and how the word was given.
const ORDER: &[&str] = &[
    "title",
    "name",
    "party",
    "parties",
    "without_signature",
    "kind",
    "category",
    "system",
    "systems",
    "site",
    "sites",
    "release",
    "deployment",
    "product",
    "version",
    "environment",
    "plan",
    "case",
    "cases",
    "control",
    "asset",
    "assets",
    "item",
    "test",
    "duty",
    "duties",
    "topic",
    "findings",
    "primary",
    "other",
    "target",
    "targets",
    "range",
    "ranges",
    "network",
    "file",
    "form",
    "card",
    "files",
    "lists",
    "digests",
    "expected",
    "maker",
    "obtained_from",
    "channel",
    "applicability",
    "justification",
    "verdict",
    "treatment",
    "result",
    "concerns",
    "fitness",
    "patient_safety",
    "confidentiality",
    "availability",
    "likelihood",
    "risk",
    "measures",
    "departs",
    "departs_because",
    "comparison",
    "intended",
    "actual",
    "means",
    "way",
    "by",
    "question",
    "affected",
    "may_patch",
    "covers",
    "involvement",
    "finding",
    "place",
    "direction",
    "data",
    "protocol",
    "mechanism",
    "set_up",
    "service",
    "operator",
    "provider",
    "owner",
    "patcher",
    "institution",
    "responsible",
    "role",
    "roles",
    "purpose",
    "scope",
    "days",
    "from",
    "until",
    "due",
    "first_due",
    "planned_for",
    "on",
    "since",
    "checked",
    "told",
    "told_at",
    "interval_days",
    "interval_hours",
    "every_days",
    "by_policy",
    "next",
    "review",
    "stop_minutes",
    "roll_back",
    "questions",
    "answered_by",
    "answers",
    "tests",
    "requirements",
    "text",
    "description",
    "content",
    "statement",
    "how",
    "method",
    "what",
    "comment",
    "alternative",
    "alternative_until",
    "reason",
    "because",
    "note",
    "action",
    "retired",
    "successor",
    "fingerprint",
    "rematch",
    "scan",
    "signer",
    "person",
    "signature",
    "key",
];

/// The place of a field among the others of its form.
pub(crate) fn place(name: &str) -> usize {
    const LAST: [&str; 5] = ["document", "documents", "thresholds", "paper", "partner_file"];
    if let Some(at) = LAST.iter().position(|last| *last == name) {
        return ORDER.len() + 1 + at;
    }
    ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len())
}
