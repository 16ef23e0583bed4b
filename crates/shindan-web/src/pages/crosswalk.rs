//! ガイドライン対応表: the annex table itself – control left, requirement right – with what the records of a day show (UI.md, page 11).

use std::collections::BTreeSet;

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use jiff::civil::Date;
use shindan_app::embedded;
use shindan_app::records::{RecordsError, control};
use shindan_domain::control::{ControlStatus, Statement, Verdict};
use shindan_domain::crosswalk::{Catalog, Certainty, Control, Crosswalk, Requirement, Section, Stated};
use shindan_domain::localised::Localised;
use shindan_report::control::ControlReport;
use shindan_report::dates;
use shindan_report::words::Words;
use shindan_server::problem::Problem;

use super::crosswalk_file;
use crate::address::address;
use crate::answer::Answer;
use crate::frame::{Area, Frame, Link};
use crate::listing::{self, Listing};
use crate::visit::{Visit, Web};

/// So many records are named per statement; the rest is counted.
const NAMED: usize = 50;

#[derive(Template)]
#[template(path = "crosswalk.html")]
pub(crate) struct Page {
    frame: Frame,
    /// As of the end of this day in Japan, and the last that can be chosen.
    day: String,
    today: String,
    /// Where files of all this are.
    files: Option<Listing>,
    entries: String,
    counts: Vec<(&'static str, String, usize)>,
    pub(super) tables: Vec<Table>,
    pub(super) demands: Vec<Demand>,
    sources: Vec<String>,
    gaps: Vec<(String, String)>,
}

/// The controls of a guideline.
pub(super) struct Table {
    pub title: String,
    pub groups: Vec<Group>,
}

/// 小項目
pub(super) struct Group {
    pub number: String,
    pub heading: Said,
    pub title: Said,
    pub remark: String,
    pub rows: Vec<Row>,
}

/// 対策項目
pub(super) struct Row {
    pub id: String,
    pub number: String,
    pub mark: Said,
    pub text: Said,
    pub risk: Said,
    pub standing: Standing,
    pub demands: Vec<Asked>,
}

/// A requirement beside a control.
pub(super) struct Asked {
    pub id: String,
    pub number: String,
    pub title: Said,
    pub certainty: Mark,
    pub tone: &'static str,
    pub word: String,
}

/// 要求事項
pub(super) struct Demand {
    pub id: String,
    pub number: String,
    pub item: Said,
    pub title: Said,
    pub text: Said,
    pub variants: Vec<Said>,
    pub controls: Vec<Link>,
    pub standing: Standing,
}

/// How sure a statement about the guideline is, where that is less than "as printed".
#[derive(Debug, Clone, Default)]
pub(crate) struct Mark {
    class: &'static str,
    pub(super) word: String,
}

/// What a guideline says, in our words, with its mark.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said {
    pub(super) text: String,
    pub(super) mark: Mark,
}

/// What the records show.
pub(crate) struct Standing {
    pub(super) tone: &'static str,
    pub(super) word: String,
    pub(super) evidence: usize,
    pub(super) statements: Vec<Shown>,
}

pub(super) struct Shown {
    tone: &'static str,
    pub label: String,
    pub text: String,
    pub records: Vec<Link>,
    pub more: String,
}

/// `GET /evidence`
pub(crate) async fn show(State(web): State<Web>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    web.visit(&parts, page).await
}

/// A day that the address names.
pub(crate) fn day_of(visit: &Visit<'_, '_>, name: &str) -> Result<Option<Date>, Problem> {
    let Some(text) = visit.asked.query(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| invalid(name, &text))
}

/// A part of the address that cannot be understood.
pub(crate) fn invalid(name: &str, value: &str) -> Problem {
    Problem::new("query-invalid", 400).with("name", name).with("value", value)
}

fn page(visit: &mut Visit<'_, '_>) -> Result<Answer, Problem> {
    let (w, now) = (visit.w, visit.session.call.now);
    let day = day_of(visit, "day")?;
    let report = control::report(visit.session.records, &visit.session.who, day, now);
    let report = report.map_err(|error| match error {
        // A day that has not come.
        RecordsError::Invalid { value, .. } => invalid("day", &value),
        other => visit.session.problem(other),
    })?;
    let crosswalk = embedded::crosswalk(&[]).map_err(|error| visit.session.problem(error.into()))?;
    let format = listing::wanted(visit.asked, crosswalk_file::LIST)?;
    let mut frame = visit.frame(Area::Evidence, w.t("web-evid-title"));
    frame.lead = w.t("web-evid-lead");
    frame.primary =
        Some(Link::new(w.t("web-evid-report"), format!("/reports?report=control&day={}", report.as_of)));
    let mut page = filled(frame, &report, &crosswalk, shindan_domain::calendar::day(now), &w);
    let lists = crosswalk_file::lists(visit, &page)?;
    if let Some(format) = format {
        let day = dates::date(report.as_of, &w);
        let shown = w.get("web-evid-as-of", &[("day", (&day).into())]);
        return listing::written(visit, format, &lists, &[shown, page.entries.clone()]);
    }
    page.files = lists.into_iter().next();
    Answer::page(&page)
}

fn filled(frame: Frame, report: &ControlReport, crosswalk: &Crosswalk, today: Date, w: &Words) -> Page {
    let until = dates::minute(report.until, w);
    let count = |verdict| report.lines.iter().filter(|line| line.status.verdict == verdict).count();
    let counts = [Verdict::Gaps, Verdict::Undetermined, Verdict::Met, Verdict::NotApplicable];
    let view = View { report, crosswalk, w };
    let catalogs = crosswalk.catalogs();
    let of = |catalog: &Catalog| {
        let from = &catalog.provenance;
        let page = from.page.as_deref().unwrap_or_default();
        let published = dates::written(&from.published, w);
        [text(&from.issuer, w), text(&from.document, w), &from.version, &published, page].join(" ")
    };
    Page {
        frame,
        files: None,
        day: report.as_of.to_string(),
        today: today.to_string(),
        entries: w.get("control-entries", &[("entries", report.entries.into()), ("until", (&until).into())]),
        counts: counts.map(|verdict| (tone(verdict), w.term(verdict.term()), count(verdict))).into(),
        tables: catalogs.iter().filter(|c| !c.controls.is_empty()).map(|c| view.table(c)).collect(),
        demands: crosswalk.requirements().map(|(catalog, one)| view.demand(catalog, one)).collect(),
        sources: catalogs.iter().map(of).collect(),
        gaps: catalogs
            .iter()
            .flat_map(|catalog| &catalog.gaps)
            .map(|gap| (text(&gap.subject, w).to_owned(), text(&gap.reason, w).to_owned()))
            .collect(),
    }
}

struct View<'a> {
    report: &'a ControlReport,
    crosswalk: &'a Crosswalk,
    w: &'a Words,
}

impl View<'_> {
    fn table(&self, catalog: &Catalog) -> Table {
        let of = |section: Option<&Section>| {
            let id = section.map(|section| section.id.as_str());
            let own = catalog.controls.iter().filter(|control| control.section.as_deref() == id);
            Group {
                number: section.map(|section| section.number.clone()).unwrap_or_default(),
                heading: section.map(|section| said(&section.heading, self.w)).unwrap_or_default(),
                title: section.map(|section| said(&section.title, self.w)).unwrap_or_default(),
                remark: section
                    .and_then(|section| section.remark.as_ref())
                    .map(|remark| text(remark, self.w).to_owned())
                    .unwrap_or_default(),
                rows: own.map(|control| self.row(catalog, control)).collect(),
            }
        };
        let groups = catalog.sections.iter().map(Some).chain([None]).map(of);
        Table {
            title: text(&catalog.title, self.w).to_owned(),
            groups: groups.filter(|group| !group.rows.is_empty()).collect(),
        }
    }

    fn row(&self, catalog: &Catalog, control: &Control) -> Row {
        let links = self.crosswalk.links(catalog, control).into_iter();
        let asked = links.filter_map(|link| {
            let (_, requirement) = self.crosswalk.requirement(&link.requirement)?;
            let standing = self.standing(&requirement.id);
            Some(Asked {
                id: requirement.id.clone(),
                number: requirement.number.clone(),
                title: said(&requirement.title, self.w),
                certainty: mark(link.certainty, self.w),
                tone: standing.tone,
                word: standing.word,
            })
        });
        let sign = control.mark.value().map(|mark| mark.as_str().to_owned());
        Row {
            id: control.id.clone(),
            number: control.number.clone(),
            mark: Said { text: sign.unwrap_or_default(), mark: mark(control.mark.certainty(), self.w) },
            text: said(&control.text, self.w),
            risk: said(&control.risk, self.w),
            standing: self.standing(&control.id),
            demands: asked.collect(),
        }
    }

    fn demand(&self, catalog: &Catalog, one: &Requirement) -> Demand {
        let target = format!("{}/{}", catalog.id, one.id);
        let controls = self.crosswalk.controls_for(&target).into_iter();
        let item = one.item.value().cloned().unwrap_or_default();
        let variant = |variant: &shindan_domain::crosswalk::Variant| Said {
            text: text(&variant.text, self.w).to_owned(),
            mark: mark(variant.certainty, self.w),
        };
        Demand {
            id: one.id.clone(),
            number: one.number.clone(),
            item: Said { text: item, mark: mark(one.item.certainty(), self.w) },
            title: said(&one.title, self.w),
            text: said(&one.text, self.w),
            variants: one.variants.iter().map(variant).collect(),
            controls: controls.map(|(_, one)| Link::new(&one.number, format!("#c-{}", one.id))).collect(),
            standing: self.standing(&one.id),
        }
    }

    /// What the records show about a row; of one that no rule knows, that nobody looked.
    fn standing(&self, id: &str) -> Standing {
        let line = self.report.lines.iter().find(|line| line.status.control == id);
        let Some(ControlStatus { verdict, shown, gaps, undetermined, .. }) = line.map(|line| &line.status)
        else {
            let word = self.w.t("web-evid-no-rule");
            return Standing { tone: "undetermined", word, evidence: 0, statements: Vec::new() };
        };
        let mut statements = Vec::new();
        let kinds = [("control-gap", "immediate", gaps), ("control-open", "undetermined", undetermined)];
        for (key, tone, all) in kinds.into_iter().chain([("control-shown", "proven", shown)]) {
            statements.extend(all.iter().map(|one| self.shown(one, self.w.t(key), tone)));
        }
        let all = shown.iter().chain(gaps).chain(undetermined).flat_map(|one| &one.records);
        Standing {
            tone: tone(*verdict),
            word: self.w.term(verdict.term()),
            evidence: all.map(|record| record.stream).collect::<BTreeSet<_>>().len(),
            statements,
        }
    }

    fn shown(&self, statement: &Statement, label: String, tone: &'static str) -> Shown {
        let all = &statement.records;
        let rest = all.len().saturating_sub(NAMED);
        let more = || self.w.get("refresh-more", &[("count", rest.into())]);
        let named = all.iter().take(NAMED);
        // The register as a whole has no number.
        let called = |record: &shindan_domain::control::RecordRef| match record.number.as_str() {
            "register" => self.w.t("term-subject-register"),
            number => number.to_owned(),
        };
        Shown {
            tone,
            label,
            text: self.w.reason(&statement.reason),
            records: named.map(|record| Link::new(called(record), address(record.stream))).collect(),
            more: if rest > 0 { more() } else { String::new() },
        }
    }
}

fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Gaps => "immediate",
        Verdict::Undetermined => "undetermined",
        Verdict::Met => "proven",
        Verdict::NotApplicable => "quiet",
    }
}

fn text<'a>(text: &'a Localised, w: &Words) -> &'a str {
    text.get(w.lang().as_str())
}

fn said(stated: &Stated<Localised>, w: &Words) -> Said {
    let value = stated.value().map(|value| text(value, w).to_owned());
    Said { text: value.unwrap_or_default(), mark: mark(stated.certainty(), w) }
}

fn mark(certainty: Certainty, w: &Words) -> Mark {
    let class = match certainty {
        Certainty::Read => return Mark::default(),
        Certainty::Inferred => "inferred",
        Certainty::Unreadable => "unreadable",
    };
    Mark { class, word: w.label("certainty", certainty.as_str()) }
}

#[cfg(test)]
impl super::samples::Sample for Page {
    const NAME: &'static str = "crosswalk";

    fn sample(frame: Frame) -> Page {
        let inferred = || Said {
            text: "<運用>".to_owned(),
            mark: Mark { class: "inferred", word: "inferred".to_owned() },
        };
        let standing = || Standing {
            tone: "immediate",
            word: "gaps".to_owned(),
            evidence: 2,
            statements: vec![Shown {
                tone: "immediate",
                label: "gap".to_owned(),
                text: "<運用>".to_owned(),
                records: vec![Link::new("CASE-1", "/records/case/1")],
                more: "3 more".to_owned(),
            }],
        };
        let asked = Asked {
            id: "kikaku-9".to_owned(),
            number: "企画管理編 9".to_owned(),
            title: inferred(),
            certainty: inferred().mark,
            tone: "proven",
            word: "met".to_owned(),
        };
        let row = Row {
            id: "2-2".to_owned(),
            number: "②-2".to_owned(),
            mark: inferred(),
            text: inferred(),
            risk: inferred(),
            standing: standing(),
            demands: vec![asked],
        };
        let group = Group {
            number: "②".to_owned(),
            heading: inferred(),
            title: inferred(),
            remark: "remark".to_owned(),
            rows: vec![row],
        };
        let demand = Demand {
            id: "kikaku-9".to_owned(),
            number: "企画管理編 9".to_owned(),
            item: inferred(),
            title: inferred(),
            text: inferred(),
            variants: vec![inferred()],
            controls: vec![Link::new("②-2", "#c-2-2")],
            standing: standing(),
        };
        Page {
            frame,
            files: Some(listing::sample()),
            day: "2026-11-27".to_owned(),
            today: "2026-11-27".to_owned(),
            entries: "entries".to_owned(),
            counts: vec![("proven", "met".to_owned(), 3)],
            tables: vec![Table { title: "annex".to_owned(), groups: vec![group] }],
            demands: vec![demand],
            sources: vec!["source".to_owned()],
            gaps: vec![("what".to_owned(), "why".to_owned())],
        }
    }
}
