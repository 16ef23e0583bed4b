//! `shindan.crosswalk/1`: the guideline packs with both languages, and what a check evidences of them.

use std::io::Write;

use serde::Serialize;
use shindan_domain::crosswalk::wording::{self, WordingRecord};
use shindan_domain::crosswalk::{
    Catalog, Certainty, Control, ControlEvidence, Crosswalk, EvidenceItem, Gap, Link, Mark, Provenance,
    Requirement, Section, Stated, Variant,
};
use shindan_domain::diagnostic::Params;
use shindan_domain::localised::Localised;

use super::write_line;
use crate::words::{EnglishText, evidence_text};

/// Writes every loaded pack as one line of JSON, with the official wording where the user has imported it.
///
/// # Errors
/// Only what `writer` reports.
pub fn write_crosswalk<W: Write>(
    crosswalk: &Crosswalk,
    records: &[WordingRecord],
    writer: W,
) -> Result<(), serde_json::Error> {
    let catalogs = crosswalk.catalogs().iter().map(|c| CatalogView::of(crosswalk, c, records)).collect();
    write_line(writer, &CrosswalkView { schema: "shindan.crosswalk/1", catalogs })
}

#[derive(Serialize)]
struct CrosswalkView<'a> {
    schema: &'static str,
    catalogs: Vec<CatalogView<'a>>,
}

#[derive(Serialize)]
struct CatalogView<'a> {
    id: &'a str,
    version: &'a str,
    title: LocalisedView<'a>,
    provenance: ProvenanceView<'a>,
    sections: Vec<SectionView<'a>>,
    controls: Vec<ControlView<'a>>,
    requirements: Vec<RequirementView<'a>>,
    gaps: Vec<GapView<'a>>,
}

impl<'a> CatalogView<'a> {
    fn of(crosswalk: &'a Crosswalk, catalog: &'a Catalog, records: &'a [WordingRecord]) -> Self {
        let control = |c| ControlView::of(crosswalk, catalog, c, records);
        let requirement = |r| RequirementView::of(catalog, r, records);
        CatalogView {
            id: &catalog.id,
            version: &catalog.version,
            title: (&catalog.title).into(),
            provenance: (&catalog.provenance).into(),
            sections: catalog.sections.iter().map(SectionView::from).collect(),
            controls: catalog.controls.iter().map(control).collect(),
            requirements: catalog.requirements.iter().map(requirement).collect(),
            gaps: catalog.gaps.iter().map(GapView::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct LocalisedView<'a> {
    ja: &'a str,
    en: &'a str,
}

impl<'a> From<&'a Localised> for LocalisedView<'a> {
    fn from(text: &'a Localised) -> Self {
        LocalisedView { ja: &text.ja, en: &text.en }
    }
}

/// A value with its certainty; `value` is `null` exactly if it is unreadable.
#[derive(Serialize)]
struct StatedView<T> {
    value: Option<T>,
    certainty: &'static str,
}

impl<T> StatedView<T> {
    fn of<'a, V>(stated: &'a Stated<V>, view: impl FnOnce(&'a V) -> T) -> Self {
        StatedView { value: stated.value().map(view), certainty: stated.certainty().as_str() }
    }
}

fn localised(stated: &Stated<Localised>) -> StatedView<LocalisedView<'_>> {
    StatedView::of(stated, LocalisedView::from)
}

#[derive(Serialize)]
struct ProvenanceView<'a> {
    document: LocalisedView<'a>,
    issuer: LocalisedView<'a>,
    version: &'a str,
    published: &'a str,
    page: Option<&'a str>,
    url: Option<&'a str>,
    remark: Option<LocalisedView<'a>>,
}

impl<'a> From<&'a Provenance> for ProvenanceView<'a> {
    fn from(provenance: &'a Provenance) -> Self {
        ProvenanceView {
            document: (&provenance.document).into(),
            issuer: (&provenance.issuer).into(),
            version: &provenance.version,
            published: &provenance.published,
            page: provenance.page.as_deref(),
            url: provenance.url.as_deref(),
            remark: provenance.remark.as_ref().map(LocalisedView::from),
        }
    }
}

#[derive(Serialize)]
struct LinkView<'a> {
    requirement: &'a str,
    certainty: &'static str,
}

impl<'a> From<&'a Link> for LinkView<'a> {
    fn from(link: &'a Link) -> Self {
        LinkView { requirement: &link.requirement, certainty: Certainty::as_str(link.certainty) }
    }
}

#[derive(Serialize)]
struct SectionView<'a> {
    number: &'a str,
    id: &'a str,
    title: StatedView<LocalisedView<'a>>,
    heading: StatedView<LocalisedView<'a>>,
    links: Vec<LinkView<'a>>,
    remark: Option<LocalisedView<'a>>,
}

impl<'a> From<&'a Section> for SectionView<'a> {
    fn from(section: &'a Section) -> Self {
        SectionView {
            number: &section.number,
            id: &section.id,
            title: localised(&section.title),
            heading: localised(&section.heading),
            links: section.links.iter().map(LinkView::from).collect(),
            remark: section.remark.as_ref().map(LocalisedView::from),
        }
    }
}

#[derive(Serialize)]
struct ControlView<'a> {
    number: &'a str,
    id: &'a str,
    section: Option<&'a str>,
    page: StatedView<u32>,
    text: StatedView<LocalisedView<'a>>,
    mark: StatedView<&'static str>,
    risk: StatedView<LocalisedView<'a>>,
    /// Its own and those of its section.
    links: Vec<LinkView<'a>>,
    check_evidence: Vec<&'static str>,
    /// The wording of the page, where it was imported.
    official: Option<OfficialView<'a>>,
}

impl<'a> ControlView<'a> {
    fn of(
        crosswalk: &'a Crosswalk,
        catalog: &'a Catalog,
        control: &'a Control,
        records: &'a [WordingRecord],
    ) -> Self {
        ControlView {
            official: wording::of_control(records, &catalog.id, &control.number)
                .map(|(c, record)| OfficialView::of(&c.text, c.certainty, &c.variants, record)),
            number: &control.number,
            id: &control.id,
            section: control.section.as_deref(),
            page: StatedView::of(&control.page, |page| *page),
            text: localised(&control.text),
            mark: StatedView::of(&control.mark, |mark| Mark::as_str(*mark)),
            risk: localised(&control.risk),
            links: crosswalk.links(catalog, control).into_iter().map(LinkView::from).collect(),
            check_evidence: control.check_evidence.iter().map(|e| e.as_str()).collect(),
        }
    }
}

#[derive(Serialize)]
struct RequirementView<'a> {
    number: &'a str,
    id: &'a str,
    title: StatedView<LocalisedView<'a>>,
    text: StatedView<LocalisedView<'a>>,
    item: StatedView<&'a str>,
    variants: Vec<VariantView<'a>>,
    check_evidence: Vec<&'static str>,
    /// The wording of the page, where it was imported.
    official: Option<OfficialView<'a>>,
}

impl<'a> RequirementView<'a> {
    fn of(catalog: &'a Catalog, requirement: &'a Requirement, records: &'a [WordingRecord]) -> Self {
        RequirementView {
            official: wording::of_requirement(records, &catalog.id, &requirement.number)
                .map(|(r, record)| OfficialView::of(&r.text, r.certainty, &r.variants, record)),
            number: &requirement.number,
            id: &requirement.id,
            title: localised(&requirement.title),
            text: localised(&requirement.text),
            item: StatedView::of(&requirement.item, String::as_str),
            variants: requirement.variants.iter().map(VariantView::from).collect(),
            check_evidence: requirement.check_evidence.iter().map(|e| e.as_str()).collect(),
        }
    }
}

/// The official wording, in Japanese as it stands on the page.
#[derive(Serialize)]
struct OfficialView<'a> {
    text: Option<&'a str>,
    certainty: &'static str,
    variants: &'a [String],
    path: &'a str,
    sha256: &'a str,
    imported_at: String,
}

impl<'a> OfficialView<'a> {
    fn of(
        text: &'a Option<String>,
        certainty: Certainty,
        variants: &'a [String],
        record: &'a WordingRecord,
    ) -> Self {
        OfficialView {
            text: text.as_deref(),
            certainty: certainty.as_str(),
            variants,
            path: &record.path,
            sha256: &record.sha256,
            imported_at: record.imported_at.to_string(),
        }
    }
}

#[derive(Serialize)]
struct VariantView<'a> {
    text: LocalisedView<'a>,
    certainty: &'static str,
}

impl<'a> From<&'a Variant> for VariantView<'a> {
    fn from(variant: &'a Variant) -> Self {
        VariantView { text: (&variant.text).into(), certainty: variant.certainty.as_str() }
    }
}

#[derive(Serialize)]
struct GapView<'a> {
    subject: LocalisedView<'a>,
    reason: LocalisedView<'a>,
}

impl<'a> From<&'a Gap> for GapView<'a> {
    fn from(gap: &'a Gap) -> Self {
        GapView { subject: (&gap.subject).into(), reason: (&gap.reason).into() }
    }
}

/// What a check evidences of one row; part of `shindan.check/1`.
#[derive(Serialize)]
pub(super) struct EvidenceView<'a> {
    catalog: &'a str,
    id: &'a str,
    number: &'a str,
    status: &'static str,
    shown: Vec<ItemView<'a>>,
    open: Vec<ItemView<'a>>,
}

impl<'a> From<&'a ControlEvidence> for EvidenceView<'a> {
    fn from(evidence: &'a ControlEvidence) -> Self {
        EvidenceView {
            catalog: &evidence.catalog,
            id: &evidence.id,
            number: &evidence.number,
            status: evidence.status.as_str(),
            shown: evidence.shown.iter().map(ItemView::from).collect(),
            open: evidence.open.iter().map(ItemView::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct ItemView<'a> {
    code: &'static str,
    params: &'a Params,
    text: EnglishText<'a>,
}

impl<'a> From<&'a EvidenceItem> for ItemView<'a> {
    fn from(item: &'a EvidenceItem) -> Self {
        ItemView { code: item.code.as_str(), params: &item.params, text: evidence_text(item) }
    }
}
