//! 役割分担合意: who does what, what was said about each duty, who has signed, and in what two versions differ that the reader chooses
//! (UI.md, page 9). It stands on the page of the record, beside the steps.

use std::collections::BTreeSet;

use jiff::civil::Date;
use shindan_app::records::agreement_files;
use shindan_domain::agreement::{
    Agreement, AgreementStage, Difference, Discussion, Duty as Agreed, Involvement, Stance,
};
use shindan_domain::approval::{Given, Word};
use shindan_domain::evidence::Document;
use shindan_domain::ledger::Stream;
use shindan_domain::process::Shown;
use shindan_domain::record_id::{AgreementId, PersonId};
use shindan_report::agreement::mark;
use shindan_report::dates;
use shindan_report::records::{Names, shown_text};
use shindan_report::words::Words;
use shindan_server::problem::Problem;

use super::value::{List, values};
use crate::address::{address, encoded};
use crate::forms::steps::Steps;
use crate::frame::Link;
use crate::visit::Visit;

/// What only an agreement shows.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The page of the record.
    pub action: String,
    pub legend: String,
    pub parties: Vec<Party>,
    pub duties: Vec<Duty>,
    pub versions: Vec<Signed>,
    /// Numbers of the versions that can be compared, and whether they are compared now: from, to.
    pub numbers: Vec<(u32, bool, bool)>,
    pub differs: Option<List>,
}

/// A party, and whether it has signed what is proposed or in force.
#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub name: String,
    pub part: String,
    pub signs: bool,
    pub signed: Option<String>,
}

/// A duty.
#[derive(Debug, Clone)]
pub(crate) struct Duty {
    pub key: String,
    pub topic: String,
    pub text: String,
    /// For each party: the mark, and its word.
    pub marks: Vec<(&'static str, String)>,
    pub tone: &'static str,
    pub agreed: String,
    pub remarks: Vec<Said>,
    pub links: Vec<Link>,
}

/// What a party said about a duty.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub on: String,
    pub party: String,
    pub tone: &'static str,
    pub stance: String,
    pub comment: String,
    pub way: String,
    pub by: String,
    pub document: Option<Link>,
}

/// A version that every party signed.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub number: u32,
    pub from: String,
    pub review: String,
    pub by: Vec<String>,
}

/// The part of an agreement.
///
/// # Errors
/// Those of reading it; a version in the address that there is not.
pub(crate) fn part(
    visit: &Visit<'_, '_>,
    stream: Stream,
    names: &Names,
    steps: &Steps,
) -> Result<Part, Problem> {
    let w = visit.w;
    let (records, who) = (&*visit.session.records, &visit.session.who);
    let problem = |error| visit.session.problem(error);
    let id = AgreementId(stream.id);
    let (agreement, _) = agreement_files::readable(records, who, id).map_err(problem)?;
    let asked = |name: &str| visit.asked.query(name).and_then(|text| text.parse::<u32>().ok());
    let (from, to, all) =
        agreement_files::diff(records, who, id, asked("from"), asked("to")).map_err(problem)?;
    let legend = Involvement::ALL.iter().map(|one| format!("{} {}", mark(*one), w.term(one.term())));
    let legend = legend.collect::<Vec<_>>().join("　");
    let mut numbers: BTreeSet<u32> = agreement.versions.iter().map(|one| one.content.version).collect();
    numbers.insert(agreement.content.version);
    let cell = |cell: Option<Shown>| cell.map(|shown| values(&shown, names, &w)).unwrap_or_default();
    let differs = List {
        title: w.get("web-evid-differs", &[("from", u64::from(from).into()), ("to", u64::from(to).into())]),
        columns: Difference::COLUMNS.map(|label| w.label_of(label)).into(),
        rows: all.iter().map(|one| one.row().into_iter().map(cell).collect()).collect(),
        files: None,
    };
    Ok(Part {
        action: address(stream),
        legend,
        parties: parties(visit, &agreement),
        duties: duties(visit, (stream, &agreement), steps),
        versions: agreement.versions.iter().rev().map(|one| signed(visit, one)).collect(),
        numbers: numbers.iter().map(|number| (*number, *number == from, *number == to)).collect(),
        differs: (from != to).then_some(differs),
    })
}

/// A day in Japan.
pub(crate) fn date(on: Date, w: &Words) -> String {
    shown_text(&on.into(), &Names::default(), w)
}

/// A kept document.
pub(crate) fn document(document: &Document) -> Link {
    Link::new(&document.name, format!("/documents/{}", document.sha256))
}

/// What a person is called.
pub(crate) fn person(visit: &Visit<'_, '_>, person: PersonId) -> String {
    visit.session.records.name(person).unwrap_or_else(|| visit.w.t("records-name-erased"))
}

/// By whom, when and how a word was given.
pub(crate) fn word(visit: &Visit<'_, '_>, given: &Given) -> String {
    let who = match (&given.word, given.giver()) {
        (_, Some(giver)) => person(visit, giver),
        (Word::Paper { signer, .. } | Word::PartnerFile { signer, .. }, None) => signer.clone(),
        (Word::Software, None) => person(visit, given.recorded_by),
    };
    let means = visit.w.term(given.word.means().term());
    format!("{} {who}（{means}）", dates::minute(given.at, &visit.w))
}

fn parties(visit: &Visit<'_, '_>, agreement: &Agreement) -> Vec<Party> {
    let last = agreement.versions.last();
    let given = |name: &str| match &agreement.stage {
        AgreementStage::Proposed { confirmed, .. } => confirmed.get(name).map(|one| &one.given),
        AgreementStage::InForce => last.and_then(|version| version.confirmed.get(name)),
        AgreementStage::Draft | AgreementStage::Ended { .. } => None,
    };
    let party = |one: &shindan_domain::agreement::Member| Party {
        name: one.name.clone(),
        part: visit.w.term(one.part.term()),
        signs: one.signs,
        signed: given(&one.name).map(|given| word(visit, given)),
    };
    agreement.content.parties.iter().map(party).collect()
}

fn duties(visit: &Visit<'_, '_>, (stream, agreement): (Stream, &Agreement), steps: &Steps) -> Vec<Duty> {
    let w = visit.w;
    let signing: Vec<&str> = agreement.content.signatories().map(|one| one.name.as_str()).collect();
    let form = |command: &str, field: &str, key: &str| {
        let place = format!("{}/do/{command}", address(stream));
        let offered = steps.offers(&place).is_ok();
        let text = w.t(&format!("form-agreement-{command}"));
        offered.then(|| Link::new(text, format!("{place}?{field}={}", encoded(key))))
    };
    let one = |duty: &Agreed| {
        let discussion = agreement.discussion.get(&duty.key);
        let agreed = |name: &&&str| discussion.is_some_and(|said| said.agreed.contains(**name));
        let agreed = signing.iter().filter(agreed).count();
        let whole = agreed == signing.len() && !signing.is_empty();
        let count = [("done", (agreed as u64).into()), ("of", (signing.len() as u64).into())];
        let marks = agreement.content.parties.iter().map(|party| {
            let involved = duty.involvement.get(&party.name);
            involved.map_or(("", String::new()), |one| (mark(*one), w.term(one.term())))
        });
        let links =
            [("agree", "duties"), ("discuss", "duties"), ("change-duty", "duty"), ("remove-duty", "duty")];
        Duty {
            key: duty.key.clone(),
            topic: w.term(duty.topic.term()),
            text: duty.text.clone(),
            marks: marks.collect(),
            tone: if whole { "proven" } else { "scheduled" },
            agreed: w.get("web-agree-count", &count),
            remarks: discussion.map(|said| remarks(visit, said)).unwrap_or_default(),
            links: links.iter().filter_map(|(command, field)| form(command, field, &duty.key)).collect(),
        }
    };
    agreement.content.duties.iter().map(one).collect()
}

fn remarks(visit: &Visit<'_, '_>, discussion: &Discussion) -> Vec<Said> {
    let w = visit.w;
    let said = discussion.remarks.iter().rev().map(|recorded| Said {
        on: date(recorded.remark.on, &w),
        party: recorded.remark.party.clone(),
        tone: if recorded.remark.stance == Stance::Agreed { "proven" } else { "late" },
        stance: w.term(recorded.remark.stance.term()),
        comment: recorded.remark.comment.clone(),
        way: w.term(recorded.remark.way.term()),
        by: person(visit, recorded.by),
        document: recorded.remark.document.as_ref().map(document),
    });
    said.collect()
}

fn signed(visit: &Visit<'_, '_>, version: &shindan_domain::agreement::Version) -> Signed {
    let w = visit.w;
    let by = version.confirmed.iter().map(|(name, given)| format!("{name}：{}", word(visit, given)));
    Signed {
        number: version.content.version,
        from: date(version.content.from, &w),
        review: date(version.content.review, &w),
        by: by.collect(),
    }
}

#[cfg(test)]
impl Part {
    /// A part as it could be.
    pub(crate) fn sample() -> Part {
        let text = || "<運用>".to_owned();
        let said = Said {
            on: text(),
            party: text(),
            tone: "late",
            stance: text(),
            comment: text(),
            way: text(),
            by: text(),
            document: Some(Link::new("<運用>", "/documents/00")),
        };
        Part {
            action: "/records/agreement/1".to_owned(),
            legend: text(),
            parties: vec![
                Party { name: text(), part: text(), signs: true, signed: Some(text()) },
                Party { name: text(), part: text(), signs: false, signed: None },
            ],
            duties: vec![Duty {
                key: text(),
                topic: text(),
                text: text(),
                marks: vec![("◎", text()), ("", String::new())],
                tone: "scheduled",
                agreed: text(),
                remarks: vec![said],
                links: vec![Link::new("<運用>", "/records/agreement/1/do/agree?duties=1")],
            }],
            versions: vec![Signed { number: 1, from: text(), review: text(), by: vec![text()] }],
            numbers: vec![(1, true, false), (2, false, true)],
            differs: Some(List { title: text(), columns: vec![text()], rows: Vec::new(), files: None }),
        }
    }
}
