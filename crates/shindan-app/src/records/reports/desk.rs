//! What the reports have in common: the records as of a day, and how names, days, documents and gaps are written.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::approval::{Given, Word};
use shindan_domain::calendar::day;
use shindan_domain::case::{Case, priority_term};
use shindan_domain::evidence::Document;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::priority::Decision;
use shindan_domain::process::{Label, Reason};
use shindan_domain::record_id::PersonId;
use shindan_domain::register::Register;
use shindan_domain::term::Term;
use shindan_report::paper::{Block, Cell, Column, Layout, Paper, Table, Tone};
use shindan_report::words::Value;
use shindan_report::{Lang, Words, dates};
use uuid::Uuid;

use super::super::facts::{AsOf, end_of};
use super::super::{Records, RecordsError};
use super::ReportOrder;
use crate::clock::day_in_japan;
use crate::data_folder::DataFolder;
use crate::register;

/// The records as of a day, and the words.
pub(super) struct Desk<'r> {
    pub records: &'r Records,
    /// Every record at the end of [`Desk::day`].
    pub all: AsOf,
    pub order: ReportOrder,
    /// The day for which the report holds.
    pub day: Date,
    /// Entries up to this moment were looked at.
    pub until: Timestamp,
    pub words: Words,
    /// The register of assets as it was at that moment.
    pub register: Register,
    now: Timestamp,
    entries: u64,
}

impl<'r> Desk<'r> {
    /// Folds the records up to the end of the day.
    pub fn open(records: &'r Records, order: &ReportOrder, now: Timestamp) -> Result<Self, RecordsError> {
        let today = day_in_japan(now);
        let day = order.as_of.unwrap_or(today);
        if day > today {
            return Err(RecordsError::Invalid { field: "--as-of".to_owned(), value: day.to_string() });
        }
        let until = end_of(day, now);
        let entries = records.store().last_until(until)?;
        let all = AsOf::read(records, until)?;
        let mut stored = register::load_records(&DataFolder::new(records.root()))?.records;
        stored.retain(|record| record.at <= until);
        let (register, words) = (Register::of(&stored), Words::new(order.lang));
        Ok(Desk { records, all, order: *order, day, until, words, register, now, entries })
    }

    /// A paper with its head: when and from what it was made.
    pub fn paper(&self, subject: impl Into<String>, layout: Layout) -> Paper {
        let installation = self.records.store().installation();
        let mut paper = Paper::new(self.words.term(self.order.kind.term()), subject);
        paper.layout = layout;
        if self.order.kind.needs().period.is_some() {
            paper.about.push(self.get(
                "report-about-period",
                &[
                    ("from", dates::date(self.order.from, &self.words).as_str().into()),
                    ("to", dates::date(self.order.to, &self.words).as_str().into()),
                ],
            ));
        }
        paper.about.push(self.get(
            "report-about-as-of",
            &[
                ("day", dates::date(self.day, &self.words).as_str().into()),
                ("until", dates::moment(self.until, &self.words).as_str().into()),
            ],
        ));
        paper.about.push(self.get(
            "report-about-ledger",
            &[
                ("prefix", installation.prefix.as_str().into()),
                ("installation", installation.id.to_string().as_str().into()),
                ("entries", self.entries.into()),
            ],
        ));
        let made = dates::moment(self.now, &self.words);
        paper.about.push(self.get("report-about-made", &[("made", made.as_str().into())]));
        if self.entries == 0 {
            paper.cautions.push(self.t("report-caution-nothing"));
        }
        if self.day < day_in_japan(self.now) {
            paper.cautions.push(self.t("report-caution-names"));
        }
        if self.order.kind.needs().period.is_some() && self.order.to > self.day {
            let until = dates::date(self.day, &self.words);
            paper.cautions.push(self.get("report-caution-running", &[("day", until.as_str().into())]));
        }
        paper
    }

    /// A text.
    pub fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// A text with values.
    pub fn get(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        self.words.get(key, values)
    }

    /// A text with another one in brackets.
    pub fn aside(&self, text: &str, aside: &str) -> String {
        self.get("report-aside", &[("text", text.into()), ("aside", aside.into())])
    }

    /// The name of a field.
    pub fn label(&self, label: Label) -> String {
        self.words.label_of(label)
    }

    /// The words of a term.
    pub fn term(&self, term: Term) -> String {
        self.words.term(term)
    }

    /// Columns of texts by field and share of the width.
    pub fn columns(&self, columns: &[(Label, u8)]) -> Vec<Column> {
        columns.iter().map(|(label, share)| Column::text(self.label(*label), *share)).collect()
    }

    /// A table that says what was looked at where it has no rows.
    pub fn table(&self, title: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>, empty: String) -> Block {
        Block::Table(Table { title: self.t(title), columns, rows, empty })
    }

    /// Something that should be there and is not.
    pub fn not_recorded(&self) -> Cell {
        Cell::toned(self.t("report-not-recorded"), Tone::Undetermined)
    }

    /// Something that does not belong here.
    pub fn not_applicable(&self) -> Cell {
        Cell::toned(self.t("report-not-applicable"), Tone::Quiet)
    }

    /// A text that a person gave, or that it is not recorded.
    pub fn text(&self, text: &str) -> Cell {
        if text.trim().is_empty() { self.not_recorded() } else { text.into() }
    }

    /// A text that may be missing.
    pub fn maybe(&self, text: Option<String>) -> Cell {
        text.map_or_else(|| self.not_recorded(), |text| self.text(&text))
    }

    /// Several lines, or that nothing is recorded.
    pub fn lines(&self, lines: Vec<String>) -> Cell {
        self.text(&lines.join("\n"))
    }

    /// What a person is called.
    pub fn person(&self, person: PersonId) -> String {
        let id = person.0.to_string();
        self.records
            .name(person)
            .unwrap_or_else(|| self.get("report-person-without-name", &[("id", id.as_str().into())]))
    }

    /// A person and when.
    pub fn by(&self, person: PersonId, at: Timestamp) -> String {
        format!("{}\n{}", self.person(person), self.at(at))
    }

    /// The display number of a record, else what it is called.
    pub fn number(&self, stream: Stream) -> String {
        let known = self.all.numbers.get(&stream).cloned();
        known.or_else(|| self.records.called(stream)).unwrap_or_else(|| stream.id.to_string())
    }

    /// What a person or a party is called.
    pub fn number_or_name(&self, stream: Stream) -> String {
        match stream.kind {
            Kind::Person => self.person(PersonId(stream.id)),
            _ => self.title(stream).unwrap_or_else(|| self.number(stream)),
        }
    }

    /// The title of a record, as it is now.
    pub fn title(&self, stream: Stream) -> Option<String> {
        let record = self.records.store().record(stream).ok().flatten()?;
        Some(record.row.title).filter(|title| !title.is_empty())
    }

    /// Number and name of a record.
    pub fn named(&self, stream: Stream) -> Result<String, RecordsError> {
        let Some(record) = self.records.store().record(stream)? else { return Ok(stream.id.to_string()) };
        let (number, title) = (self.all.numbers.get(&stream).cloned(), record.row.title);
        let parts: Vec<String> =
            number.or(record.row.number).into_iter().chain([title]).filter(|part| !part.is_empty()).collect();
        Ok(if parts.is_empty() { stream.id.to_string() } else { parts.join(" ") })
    }

    /// A day in a table.
    pub fn date(&self, date: Date) -> String {
        date.to_string()
    }

    /// A moment in a table.
    pub fn at(&self, at: Timestamp) -> String {
        dates::minute(at, &self.words)
    }

    /// A last day, with how long it has passed.
    pub fn due(&self, due: Option<Date>) -> Cell {
        match due {
            None => self.not_recorded(),
            Some(due) if due < self.day => {
                let late = self.get("report-late", &[("days", late(due, self.day).into())]);
                Cell::toned(format!("{}\n{late}", self.date(due)), Tone::Late)
            }
            Some(due) => self.date(due).into(),
        }
    }

    /// Whose word it is, how it was given, and when.
    pub fn given(&self, given: &Given) -> String {
        let recorder = self.person(given.recorded_by);
        let lines = match &given.word {
            Word::Software => return self.by(given.recorded_by, given.at),
            Word::PartnerFile { signer, document, .. } | Word::Paper { signer, document, .. } => {
                let means = self.term(given.word.means().term());
                let values = [("signer", signer.into()), ("means", (&means).into())];
                let recorded = [("recorder", (&recorder).into())];
                [
                    self.get("report-word-of", &values),
                    self.get("report-recorded-by", &recorded),
                    self.document(document),
                ]
            }
        };
        format!("{}\n{}", lines.join("\n"), self.at(given.at))
    }

    /// A document with the hash of its content.
    pub fn document(&self, document: &Document) -> String {
        format!("{}\nSHA-256 {}", document.name, document.sha256)
    }

    /// Documents, one below the other.
    pub fn documents(&self, documents: &[Document]) -> Cell {
        self.lines(documents.iter().map(|document| self.document(document)).collect())
    }

    /// A priority.
    pub fn priority(&self, priority: Decision) -> Cell {
        let tone = match priority {
            Decision::Immediate => Tone::Immediate,
            Decision::OutOfCycle => Tone::Late,
            Decision::Scheduled => Tone::Scheduled,
            Decision::Defer => Tone::Quiet,
        };
        Cell::toned(self.term(priority_term(priority)), tone)
    }

    /// What is missing, one line each.
    pub fn reasons(&self, reasons: &[Reason]) -> Vec<String> {
        reasons.iter().map(|reason| self.words.reason(reason)).collect()
    }

    /// Whether a moment lies in the period.
    pub fn in_period(&self, at: Timestamp) -> bool {
        (self.order.from..=self.order.to).contains(&day(at))
    }

    /// What an asset is called; its key in the register where nothing names it.
    pub fn asset(&self, key: &str) -> String {
        let known = self.all.assets.values().find(|asset| asset.particulars.key == key);
        let known = known.map(|asset| asset.particulars.name.clone());
        let dossier = || {
            let device = self.all.devices.values().find(|device| device.key == key);
            device.map(|device| device.name.clone())
        };
        let listed = || self.register.assets.get(key).map(|known| known.asset.label().to_owned());
        let name = known.or_else(dossier).or_else(listed);
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| key.to_owned())
    }

    /// What a case is about.
    pub fn subject(&self, case: &Case) -> Result<String, RecordsError> {
        match case.subject.stream() {
            Some(stream) => self.named(stream),
            None => Ok(self.term(case.subject.term())),
        }
    }

    /// Vulnerabilities of a case with their titles.
    pub fn vulnerabilities(&self, case: &Case) -> Cell {
        let title = |fact: &shindan_domain::case::found::VulnerabilityFact| match self.words.lang() {
            Lang::Ja => fact.title_ja.clone().unwrap_or_else(|| fact.title.clone()),
            Lang::En => fact.title.clone(),
        };
        self.lines(case.vulnerabilities.iter().map(|(id, fact)| format!("{id} {}", title(fact))).collect())
    }

    /// Places of a case as they are called.
    pub fn places(&self, case: &Case) -> Cell {
        self.lines(case.places.values().map(|place| place.found.label.clone()).collect())
    }

    /// Records of a kind in the order of their numbers.
    pub fn sorted<'a, P>(&self, kind: Kind, records: &'a BTreeMap<Uuid, P>) -> Vec<(Stream, &'a P)> {
        let mut sorted: Vec<(Stream, &P)> =
            records.iter().map(|(id, record)| (Stream::new(kind, *id), record)).collect();
        sorted.sort_by_key(|(stream, _)| (self.number(*stream), stream.id));
        sorted
    }
}

/// Whole days from one day to another; 0 if it is not later.
pub(super) fn late(due: Date, today: Date) -> u64 {
    u64::try_from((today - due).get_days()).unwrap_or(0)
}
