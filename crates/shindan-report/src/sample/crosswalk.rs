//! Guideline packs made by hand.

use shindan_domain::crosswalk::{
    Catalog, Certainty, CheckEvidence, Control, Crosswalk, Gap, Link, Mark, Provenance, Requirement, Section,
    Stated,
};
use shindan_domain::localised::Localised;

/// A small crosswalk in our own words: one section with two controls, one requirement, one gap; every certainty.
///
/// # Errors
/// If the sample contradicts itself, which its tests would show.
pub fn crosswalk() -> Result<Crosswalk, String> {
    let text = |ja: &str, en: &str| Localised::new(ja, en);
    let link = |certainty| Link { requirement: "sample-mhlw/unyo-8".to_owned(), certainty };
    let provenance = Provenance {
        document: text("見本の対応表", "Sample table"),
        issuer: text("見本の発行者", "Sample issuer"),
        version: "1.0".to_owned(),
        published: "2023-07".to_owned(),
        page: Some("30/39".to_owned()),
        url: Some("https://example.org/".to_owned()),
        remark: None,
    };
    let controls = Catalog {
        id: "sample-annex".to_owned(),
        version: "1.0.0".to_owned(),
        title: text("見本 別紙", "Sample annex"),
        provenance: provenance.clone(),
        sections: vec![Section {
            number: "④".to_owned(),
            id: "4".to_owned(),
            title: Stated::unreadable(),
            heading: read(text("3.7 脆弱性への対応", "3.7 Vulnerabilities"))?,
            links: vec![link(Certainty::Read)],
            remark: None,
        }],
        controls: vec![
            Control {
                number: "④-1".to_owned(),
                id: "4-1".to_owned(),
                section: Some("4".to_owned()),
                page: read(30)?,
                text: read(text(
                    "公表された脆弱性情報を調べ、速やかに対応する",
                    "Consult published information and act promptly",
                ))?,
                mark: inferred(Mark::DoubleCircle)?,
                risk: read(text("新しい脆弱性への対応が遅れる", "The response comes too late"))?,
                links: Vec::new(),
                check_evidence: vec![CheckEvidence::ComponentsCompared, CheckEvidence::PrioritiesComputed],
            },
            Control {
                number: "④-2".to_owned(),
                id: "4-2".to_owned(),
                section: None,
                page: read(30)?,
                text: inferred(text("=脆弱性情報を\"定期的に\"集める", "=Collect \"regularly\""))?,
                mark: Stated::unreadable(),
                risk: Stated::unreadable(),
                links: Vec::new(),
                check_evidence: vec![CheckEvidence::SourcesConsulted],
            },
        ],
        requirements: Vec::new(),
        gaps: vec![Gap {
            subject: text("④-3 以降", "④-3 and after"),
            reason: text("ページの外", "not on the page"),
        }],
    };
    let requirements = Catalog {
        id: "sample-mhlw".to_owned(),
        version: "1.0.0".to_owned(),
        title: text("見本 6.0版", "Sample 6.0"),
        provenance: Provenance { page: None, ..provenance },
        sections: Vec::new(),
        controls: Vec::new(),
        requirements: vec![Requirement {
            number: "システム運用編 8".to_owned(),
            id: "unyo-8".to_owned(),
            title: read(text("利用機器・サービスの安全管理", "Safety of devices and services"))?,
            text: read(text("機器のリスク分析と更新の手段", "Risk analysis of devices and a way to update"))?,
            item: Stated::unreadable(),
            variants: Vec::new(),
            check_evidence: vec![CheckEvidence::DevicesJudged],
        }],
        gaps: Vec::new(),
    };
    Crosswalk::new(vec![controls, requirements]).map_err(|errors| format!("{errors:?}"))
}

fn read<T>(value: T) -> Result<Stated<T>, String> {
    Stated::new(Some(value), Certainty::Read).map_err(|error| error.to_string())
}

fn inferred<T>(value: T) -> Result<Stated<T>, String> {
    Stated::new(Some(value), Certainty::Inferred).map_err(|error| error.to_string())
}
