//! 役割分担合意書 on paper: one self-contained page that is printed and signed (SPEC.md section 4, Evidence and reports).

mod paper;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use jiff::Timestamp;
use serde_json::{Value, json};
use shindan_domain::agreement::{
    Agreement, AgreementStage, Content, Coverage, Difference, Duty, DutyTopic, Involvement, Member,
};
use shindan_domain::approval::{Given, Word};
use shindan_domain::process::Shown;
use shindan_domain::record_id::PersonId;

pub use paper::agreement_paper;

use crate::dates;
use crate::records::{Names, shown_text};
use crate::table::{Style, layout};
use crate::words::{Lang, Words};

/// An agreement, and what is to be known besides it.
#[derive(Debug, Clone, Copy)]
pub struct AgreementPage<'a> {
    /// The agreement.
    pub agreement: &'a Agreement,
    /// Its display number.
    pub number: Option<&'a str>,
    /// Names of people who confirmed, unless they were erased.
    pub people: &'a BTreeMap<PersonId, String>,
    /// When the page was made.
    pub made: Timestamp,
}

#[derive(Template)]
#[template(path = "agreement.html")]
struct Page<'a> {
    w: &'a Words,
    title: &'a str,
    state: String,
    warning: Option<String>,
    facts: Vec<(String, String)>,
    short_hash: String,
    hash: String,
    parties: Vec<PartyView>,
    groups: Vec<Group>,
    legend: Vec<(&'static str, String)>,
    remarks: Vec<RemarkView>,
    signatures: Vec<SignatureView>,
    differences: Vec<DifferenceView>,
    between: Option<String>,
    footer: String,
}

struct PartyView {
    letter: String,
    name: String,
    part: String,
    signs: String,
}

struct Group {
    topic: String,
    rows: Vec<Row>,
}

struct Row {
    number: usize,
    key: String,
    text: String,
    covers: Vec<String>,
    marks: Vec<&'static str>,
    first: String,
    completed: String,
}

struct RemarkView {
    duty: String,
    party: String,
    stance: String,
    comment: String,
    on: String,
}

struct SignatureView {
    name: String,
    part: String,
    given: Option<String>,
}

struct DifferenceView {
    kind: String,
    duty: String,
    party: String,
    before: String,
    after: String,
}

/// The mark of an involvement in the table.
pub fn mark(involvement: Involvement) -> &'static str {
    match involvement {
        Involvement::Does => "◎",
        Involvement::Supports => "○",
        Involvement::IsInformed => "△",
        Involvement::Approves => "□",
    }
}

/// An agreement as one HTML file, to be printed on A4 and signed.
///
/// # Errors
/// Only what formatting into a string can report, which does not happen with the views of this crate.
pub fn agreement_html(page: &AgreementPage<'_>, words: &Words) -> Result<String, askama::Error> {
    view(page, words).render()
}

fn view<'a>(page: &AgreementPage<'a>, words: &'a Words) -> Page<'a> {
    let agreement = page.agreement;
    let content = &agreement.content;
    let hash = content.hash().to_string();
    let made = dates::moment(page.made, words);
    let mut facts = vec![
        (words.t("agreement-system"), content.system.clone()),
        (words.t("agreement-version"), content.version.to_string()),
        (words.t("agreement-from"), dates::date(content.from, words)),
        (words.t("agreement-review"), dates::date(content.review, words)),
    ];
    facts.extend(page.number.map(|number| (words.t("agreement-number"), number.to_owned())));
    let (differences, between) = changes(agreement, words);
    Page {
        w: words,
        title: &content.title,
        state: words.term(agreement.state().term()),
        warning: warning(agreement, words),
        facts,
        short_hash: grouped(&hash),
        parties: content.parties.iter().enumerate().map(|(index, one)| party(index, one, words)).collect(),
        groups: groups(agreement, words),
        legend: Involvement::ALL.iter().map(|one| (mark(*one), words.term(one.term()))).collect(),
        remarks: remarks(agreement, words),
        signatures: signatures(page, words),
        differences,
        between,
        footer: words.get("agreement-footer", &[("made", (&made).into()), ("hash", (&hash).into())]),
        hash,
    }
}

/// The first 16 digits in groups, to be compared by eye and read aloud.
fn grouped(hash: &str) -> String {
    let digits: Vec<char> = hash.chars().take(16).collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn warning(agreement: &Agreement, words: &Words) -> Option<String> {
    match &agreement.stage {
        AgreementStage::Draft | AgreementStage::Proposed { .. } => Some(words.t("agreement-not-in-force")),
        AgreementStage::InForce => {
            let causes: Vec<String> = agreement
                .open_reopenings()
                .map(|open| {
                    let what = open.cause.asset.clone().unwrap_or_else(|| open.cause.text.clone());
                    format!("{} ({what})", words.term(open.cause.kind.term()))
                })
                .collect();
            let text = causes.join(separator(words));
            (!text.is_empty()).then(|| words.get("agreement-was-reopened", &[("causes", (&text).into())]))
        }
        AgreementStage::Ended { at, .. } => {
            let day = dates::day(*at, words);
            Some(words.get("agreement-has-ended", &[("date", (&day).into())]))
        }
    }
}

fn separator(words: &Words) -> &'static str {
    match words.lang() {
        Lang::Ja => "、",
        Lang::En => ", ",
    }
}

/// A, B, C … over the columns of the table.
fn letter(index: usize) -> String {
    let letter = u32::try_from(index).ok().filter(|index| *index < 26).and_then(|i| char::from_u32(65 + i));
    letter.map_or_else(|| (index + 1).to_string(), |letter| letter.to_string())
}

fn party(index: usize, member: &Member, words: &Words) -> PartyView {
    let signs = if member.signs { "agreement-signs" } else { "agreement-signs-not" };
    PartyView {
        letter: letter(index),
        name: member.name.clone(),
        part: words.term(member.part.term()),
        signs: words.t(signs),
    }
}

/// The table: duties under their topics, in the order in which the topics first appear.
fn groups(agreement: &Agreement, words: &Words) -> Vec<Group> {
    let content = &agreement.content;
    let mut seen = BTreeSet::new();
    let topics: Vec<DutyTopic> =
        content.duties.iter().map(|duty| duty.topic).filter(|topic| seen.insert(*topic)).collect();
    let mut number = 0;
    let mut group = |topic: DutyTopic| {
        let of_topic = content.duties.iter().filter(|duty| duty.topic == topic);
        let rows = of_topic.map(|duty| {
            number += 1;
            row(number, duty, agreement, words)
        });
        Group { rows: rows.collect(), topic: words.term(topic.term()) }
    };
    topics.into_iter().map(&mut group).collect()
}

fn row(number: usize, duty: &Duty, agreement: &Agreement, words: &Words) -> Row {
    let marks = agreement.content.parties.iter();
    let marks = marks.map(|one| duty.involvement.get(&one.name).map_or("", |involvement| mark(*involvement)));
    let said = agreement.discussion.get(&duty.key);
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    Row {
        number,
        key: duty.key.clone(),
        text: duty.text.clone(),
        covers: duty.covers.iter().map(|one| coverage(one, words)).collect(),
        marks: marks.collect(),
        first: day(said.and_then(|said| said.first)),
        completed: day(said.and_then(|said| said.completed)),
    }
}

/// What a duty covers, in words.
pub fn coverage(coverage: &Coverage, words: &Words) -> String {
    let kind = words.term(coverage.kind().term());
    match coverage {
        Coverage::PatchingOfCategory { category } => format!("{kind}: {}", words.term(category.term())),
        Coverage::PatchingOfAsset { asset } | Coverage::LineOf { asset } => format!("{kind}: {asset}"),
        Coverage::PatchingOfAll | Coverage::EveryLine => kind,
    }
}

fn remarks(agreement: &Agreement, words: &Words) -> Vec<RemarkView> {
    let mut all = Vec::new();
    for duty in &agreement.content.duties {
        let said = agreement.discussion.get(&duty.key).map(|one| one.remarks.as_slice()).unwrap_or_default();
        let commented = said.iter().map(|one| &one.remark).filter(|remark| !remark.comment.is_empty());
        all.extend(commented.map(|remark| RemarkView {
            duty: duty.key.clone(),
            party: remark.party.clone(),
            stance: words.term(remark.stance.term()),
            comment: remark.comment.clone(),
            on: remark.on.to_string(),
        }));
    }
    all
}

/// Who has confirmed this content and how; who has not gets a field to sign.
fn signatures(page: &AgreementPage<'_>, words: &Words) -> Vec<SignatureView> {
    let agreement = page.agreement;
    let hash = agreement.content.hash();
    let last = agreement.versions.last().filter(|version| version.hash == hash);
    let given = |name: &str| -> Option<&Given> {
        let working = agreement.confirmed().and_then(|confirmed| confirmed.get(name)).map(|one| &one.given);
        working.or_else(|| last.and_then(|version| version.confirmed.get(name)))
    };
    let view = |member: &Member| SignatureView {
        name: member.name.clone(),
        part: words.term(member.part.term()),
        given: given(&member.name).map(|given| confirmed(given, page.people, words)),
    };
    agreement.content.signatories().map(view).collect()
}

fn confirmed(given: &Given, people: &BTreeMap<PersonId, String>, words: &Words) -> String {
    let signer = match &given.word {
        Word::Software => people.get(&given.recorded_by).cloned().unwrap_or_else(|| words.t("unknown")),
        Word::PartnerFile { signer, .. } | Word::Paper { signer, .. } => signer.clone(),
    };
    let (at, means) = (dates::moment(given.at, words), words.term(given.word.means().term()));
    let values = [("signer", (&signer).into()), ("at", (&at).into()), ("means", (&means).into())];
    words.get("agreement-confirmed-by", &values)
}

/// In what the content differs from the last version before it.
fn changes(agreement: &Agreement, words: &Words) -> (Vec<DifferenceView>, Option<String>) {
    let content = &agreement.content;
    let before = agreement.versions.iter().rfind(|version| version.content.version < content.version);
    let Some(before) = before.map(|version| &version.content) else { return (Vec::new(), None) };
    let (from, to) = (before.version.to_string(), content.version.to_string());
    let heading = words.get("agreement-changes", &[("from", (&from).into()), ("to", (&to).into())]);
    (differences(before, content, words), Some(heading))
}

fn differences(before: &Content, after: &Content, words: &Words) -> Vec<DifferenceView> {
    let all = shindan_domain::agreement::differences(before, after);
    let names = Names::default();
    let text = |value: &Option<Shown>| {
        value.as_ref().map(|value| shown_text(value, &names, words)).unwrap_or_default()
    };
    let view = |one: &Difference| DifferenceView {
        kind: words.term(one.kind.term()),
        duty: one.duty.clone().unwrap_or_default(),
        party: one.party.clone().unwrap_or_default(),
        before: text(&one.before),
        after: text(&one.after),
    };
    all.iter().map(view).collect()
}

/// In what two versions differ, for the terminal.
pub fn difference_table((from, to): (u32, u32), all: &[Difference], words: &Words, style: &Style) -> String {
    let mut out = String::new();
    let (from, to) = (from.to_string(), to.to_string());
    let values = [("from", (&from).into()), ("to", (&to).into())];
    if all.is_empty() {
        layout::line(&mut out, &words.get("agreement-diff-none", &values));
        return out;
    }
    layout::heading(&mut out, &words.get("agreement-changes", &values));
    let mut table = layout::table(&Difference::COLUMNS.map(|label| words.label_of(label)), style);
    let names = Names::default();
    for one in all {
        let cell = |value: &Option<Shown>| {
            layout::plain(value.as_ref().map(|value| shown_text(value, &names, words)).unwrap_or_default())
        };
        table.add_row(one.row().iter().map(cell).collect::<Vec<_>>());
    }
    layout::put(&mut out, &table);
    out
}

/// In what two versions differ, for programs: schema `shindan.agreement-diff/1`.
pub fn difference_json((from, to): (u32, u32), all: &[Difference]) -> Value {
    let one = |one: &Difference| {
        json!({
            "kind": one.kind, "duty": one.duty, "party": one.party,
            "before": one.before.as_ref().map(value), "after": one.after.as_ref().map(value),
        })
    };
    let all: Vec<Value> = all.iter().map(one).collect();
    json!({"schema": "shindan.agreement-diff/1", "from": from, "to": to, "differences": all})
}

/// What is shown, without words.
fn value(shown: &Shown) -> Value {
    match shown {
        Shown::Term(term) => json!(term.value),
        Shown::Day(day) => json!(day),
        Shown::Flag(flag) => json!(flag),
        Shown::List(all) => all.iter().map(value).collect(),
        other => json!(shown_text(other, &Names::default(), &Words::new(Lang::En))),
    }
}

#[cfg(test)]
mod tests;
