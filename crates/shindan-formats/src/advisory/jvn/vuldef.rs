//! One `Vulinfo` of a VULDEF document becomes one advisory.

use shindan_domain::advisory::{Advisory, AdvisoryFormat, Affected, ProductRef, Remediation, Status};
use shindan_domain::diagnostic::{Code, Diagnostic, Params, Place};
use shindan_domain::version::{Scheme, VersionClaim, VersionRange};

use super::entry::{self, EntryFacts, SUMMARY};
use crate::advisory::markup;
use crate::advisory::{Reading, dates};
use crate::range_text::{self, ParsedText};
use crate::text::shorten;
use crate::xml::Element;

/// Reads the `number`th (from 1) `Vulinfo`.
pub(super) fn read(
    vulinfo: &Element,
    number: u64,
    language: Option<&str>,
    path: &str,
    reading: &mut Reading,
) {
    let pointer = format!("/VULDEF-Document/Vulinfo[{number}]");
    let place = Place::file(path).at_line(vulinfo.line).at_field(&pointer);
    let Some(id) = vulinfo.child_text("VulinfoID") else {
        reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "VulinfoID"));
        return;
    };
    let Some(data) = vulinfo.child("VulinfoData") else {
        reading.reject(Diagnostic::new(Code::FieldMissing, place).with("field", "VulinfoData"));
        return;
    };
    let title = data.child_text("Title").unwrap_or_default();
    let mut advisory = entry::advisory(id, title, AdvisoryFormat::Vuldef, pointer);
    advisory.language = language.map(str::to_owned);
    let mut date = |name: &str| dates::field(data.child_text(name), name, &place, &mut reading.diagnostics);
    let public = date("DatePublic");
    advisory.published = date("DateFirstPublished").or(public);
    advisory.modified = date("DateLastUpdated");
    reading.seen(advisory.published.max(advisory.modified));

    advisory.references = references(id, language, data);
    advisory.vulnerabilities = facts(data).vulnerabilities(id);
    affected(data, &mut advisory, &place, &mut reading.diagnostics);
    if advisory.affected.is_empty() {
        reading.diagnostics.push(Diagnostic::new(Code::AdvisoryWithoutProduct, place).with("id", id));
    }
    reading.advisories.push(advisory);
}

fn related(data: &Element) -> impl Iterator<Item = &Element> {
    data.all("Related").flat_map(|related| related.all("RelatedItem"))
}

fn facts(data: &Element) -> EntryFacts {
    let mut facts = EntryFacts::default();
    for item in related(data) {
        let Some(id) = item.child_text("VulinfoID") else { continue };
        match item.attribute("type") {
            Some("advisory") => facts.add_cve(id),
            Some("cwe") => facts.add_cwe(id),
            _ => {}
        }
    }
    let overview = data.child("VulinfoDescription").and_then(|d| d.child_text("Overview"));
    facts.summary = shorten(&markup::plain(overview.unwrap_or_default()), SUMMARY);
    for impact in data.all("Impact") {
        for score in impact.all("Cvss") {
            facts.cvss.extend(entry::cvss(score.child_text("Vector"), score.child_text("Base")));
        }
    }
    for item in data.all("Solution").flat_map(|solution| solution.all("SolutionItem")) {
        if let Some(text) = item.child_text("Description") {
            facts.remediations.push(remediation(&markup::plain(text)));
        }
    }
    facts
}

/// JVN opens each kind of remedy with a heading in brackets.
fn remediation(text: &str) -> Remediation {
    let fix = ["アップデート", "パッチ", "正式な対策"].iter().any(|word| text.contains(word));
    let workaround = text.contains("ワークアラウンド") || text.contains("回避策");
    let category = match (fix, workaround) {
        (true, _) => "vendor_fix",
        (false, true) => "workaround",
        (false, false) => "mitigation",
    };
    Remediation { category: category.to_owned(), details: shorten(text, SUMMARY), url: None }
}

/// The entry's own page first, then what it refers to.
fn references(id: &str, language: Option<&str>, data: &Element) -> Vec<String> {
    let mut out: Vec<String> = own_page(id, language).into_iter().collect();
    for item in related(data) {
        if item.attribute("type") == Some("cwe") {
            continue;
        }
        if let Some(url) = item.child_text("URL")
            && !out.iter().any(|known| known == url)
        {
            out.push(url.to_owned());
        }
    }
    out
}

/// Source: links of the JVN iPedia feeds, `…/ja/contents/2022/JVNDB-2022-000097.html`.
fn own_page(id: &str, language: Option<&str>) -> Option<String> {
    let year = id.strip_prefix("JVNDB-")?.get(..4)?;
    let folder = if language.is_some_and(|l| l.starts_with("en")) { "en" } else { "ja" };
    let plain = year.bytes().all(|b| b.is_ascii_digit())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then(|| format!("https://jvndb.jvn.jp/{folder}/contents/{year}/{id}.html"))
}

fn affected(data: &Element, advisory: &mut Advisory, place: &Place, diagnostics: &mut Vec<Diagnostic>) {
    let items = data.all("Affected").flat_map(|affected| affected.all("AffectedItem"));
    for (index, item) in items.enumerate() {
        let pointer = format!("{}/VulinfoData/Affected/AffectedItem[{}]", advisory.pointer, index + 1);
        let here = place.clone().at_line(item.line).at_field(&pointer);
        let uri = item.child_text("Cpe");
        let product = ProductRef {
            vendor: item.child_text("Name").map(str::to_owned),
            product: item.child_text("ProductName").map(str::to_owned),
            cpes: uri.and_then(|uri| entry::cpe(uri, &here, diagnostics)).into_iter().collect(),
            ..ProductRef::default()
        };
        let texts: Vec<&str> = item.all("VersionNumber").map(Element::trimmed).collect();
        let name = product.product.clone().unwrap_or_default();
        if entry::is_ambiguous(&name, uri) {
            let params = Params::from([("product".to_owned(), name)]);
            let versions = VersionClaim::Undetermined { code: Code::ProductAmbiguous, params };
            advisory.affected.push(statement(product, versions, texts.join("\n"), pointer, Vec::new()));
            continue;
        }
        for group in groups(&texts) {
            let vulnerabilities = indices(&group.scope, advisory);
            let mut product = product.clone();
            if let (Some(hint), Some(name)) = (&group.hint, &mut product.product) {
                // "for Windows" narrows the product; the text keeps the rest for whoever looks.
                name.push(' ');
                name.push_str(hint);
            }
            let text = group.texts.join("\n");
            advisory.affected.push(statement(product, group.claim, text, pointer.clone(), vulnerabilities));
        }
    }
}

fn statement(
    product: ProductRef,
    versions: VersionClaim,
    text: String,
    pointer: String,
    vulnerabilities: Vec<u32>,
) -> Affected {
    Affected {
        vulnerabilities,
        product,
        status: Status::Affected,
        versions,
        text,
        fixed_versions: Vec::new(),
        platforms: Vec::new(),
        updates: Vec::new(),
        within: None,
        justification: None,
        impact: String::new(),
        pointer,
    }
}

/// Version lines of one product that can share a statement.
struct Group {
    scope: Vec<String>,
    hint: Option<String>,
    claim: VersionClaim,
    texts: Vec<String>,
}

/// One statement per (CVE scope, hint); lines that are not understood or say "all" stand alone.
fn groups(texts: &[&str]) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::new();
    let empty = [""];
    let texts = if texts.iter().all(|text| text.is_empty()) { &empty[..] } else { texts };
    for text in texts {
        if text.is_empty() && texts.len() > 1 {
            continue;
        }
        let ParsedText { claim, scope, product_hint } = version_text(text);
        if let VersionClaim::Ranged { ranges, except } = &claim
            && except.is_empty()
            && let Some(group) = out.iter_mut().find(|g| g.scope == scope && g.hint == product_hint)
            && let VersionClaim::Ranged { ranges: known, except: none } = &mut group.claim
            && none.is_empty()
        {
            known.extend(ranges.iter().cloned());
            group.texts.push((*text).to_owned());
            continue;
        }
        out.push(Group { scope, hint: product_hint, claim, texts: vec![(*text).to_owned()] });
    }
    out
}

/// A `VersionNumber` is a version by definition, so that `8` alone is one, too.
fn version_text(text: &str) -> ParsedText {
    let digits = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    if digits {
        let claim = VersionClaim::ranged(vec![VersionRange::exactly(Scheme::Generic, text)]);
        return ParsedText { claim, scope: Vec::new(), product_hint: None };
    }
    range_text::parse(text, Scheme::Generic)
}

/// Indices of the vulnerabilities that a line is limited to. A CVE that only the line names is added.
fn indices(scope: &[String], advisory: &mut Advisory) -> Vec<u32> {
    let mut out = Vec::new();
    for cve in scope {
        let known = advisory.vulnerabilities.iter().position(|v| v.id == *cve);
        let index = known.unwrap_or_else(|| {
            advisory.vulnerabilities.push(shindan_domain::advisory::AdvisedVulnerability {
                id: cve.clone(),
                ..Default::default()
            });
            advisory.vulnerabilities.len() - 1
        });
        if let Ok(index) = u32::try_from(index)
            && !out.contains(&index)
        {
            out.push(index);
        }
    }
    // Limited to all of them is not limited.
    if out.len() == advisory.vulnerabilities.len() { Vec::new() } else { out }
}
