//! Trivy, JSON: schema 1 (a list) and 2, reports of clusters, and `null`, which old versions write where they found nothing.
//! Vulnerabilities, settings, secrets (never their values) and licences.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use shindan_domain::assessment::{LeftOut, Profile, ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::identifier::FindingKind;

use super::filling::{Filling, text, title};
use super::value::{Object, Value, Word, Words};
use crate::scan::{names, place, secrets};
use crate::text::shorten;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Vulnerability {
    #[serde(rename = "VulnerabilityID")]
    id: Word,
    #[serde(rename = "VendorIDs")]
    vendor_ids: Words,
    pkg_name: Word,
    pkg_path: Word,
    pkg_identifier: Option<PackageIdentifier>,
    installed_version: Word,
    fixed_version: Word,
    severity: Word,
    title: Word,
    description: Word,
    #[serde(rename = "PrimaryURL")]
    primary_url: Word,
    references: Words,
    #[serde(rename = "CweIDs")]
    cwe_ids: Words,
    #[serde(rename = "CVSS")]
    cvss: Option<BTreeMap<String, Score>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PackageIdentifier {
    #[serde(rename = "PURL")]
    purl: Word,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Score {
    #[serde(rename = "V2Vector")]
    v2: Word,
    #[serde(rename = "V3Vector")]
    v3: Word,
    #[serde(rename = "V40Vector")]
    v4: Word,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Misconfiguration {
    #[serde(rename = "ID")]
    id: Word,
    #[serde(rename = "AVDID")]
    avd_id: Word,
    title: Word,
    description: Word,
    message: Word,
    resolution: Word,
    severity: Word,
    status: Word,
    #[serde(rename = "PrimaryURL")]
    primary_url: Word,
    references: Words,
    cause_metadata: Option<Cause>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Cause {
    resource: Word,
    start_line: Word,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Secret {
    #[serde(rename = "RuleID")]
    rule_id: Word,
    category: Word,
    severity: Word,
    title: Word,
    start_line: Word,
    #[serde(rename = "Match")]
    matched: Word,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Licence {
    severity: Word,
    category: Word,
    pkg_name: Word,
    file_path: Word,
    name: Word,
    link: Word,
}

/// A finding that a list or a statement of the user sets aside.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Modified {
    #[serde(rename = "Type")]
    kind: Word,
    status: Word,
    statement: Word,
    finding: Option<Vulnerability>,
}

/// What results stand under: an image, a file, an object of a cluster.
#[derive(Default)]
struct Under {
    /// The object of a cluster: `default/Deployment/app`.
    object: Option<String>,
    /// The target as Trivy names it.
    target: String,
    /// Whether the target is a file.
    is_file: bool,
}

/// Classes of results that a report lists whether or not anything was found.
const LISTED: [&str; 3] = ["os-pkgs", "lang-pkgs", "config"];

/// Reads a report of any of the forms.
pub(super) fn read(value: &Value<'_>, path: &str) -> ScanReport {
    let mut filling = Filling::new(path, ScanFormat::Trivy, "Trivy", "trivy");
    match value {
        Value::Object(object) if object.has("ClusterName") => cluster(&mut filling, object),
        Value::Object(object) => artifact(&mut filling, object),
        Value::List(entries) => targets(&mut filling, None, "", entries),
        Value::Other => {}
    }
    filling.finish()
}

fn artifact(filling: &mut Filling<'_>, object: &Object<'_>) {
    filling.found.report.tool.version = object.object("Trivy").and_then(|trivy| trivy.word("Version"));
    filling.found.report.ended = filling.time("CreatedAt", object.word("CreatedAt").as_deref());
    let name = object.word("ArtifactName").unwrap_or_default();
    filling.touched(&name);
    let system = object.object("Metadata").and_then(|metadata| metadata.object("OS"));
    if let Some(system) = system.filter(|system| system.word("EOSL").as_deref() == Some("true")) {
        let named = |field: &str| system.word(field).unwrap_or_default();
        let place = ScanPlace {
            component: Some(named("Family")),
            version: Some(named("Name")),
            ..ScanPlace::default()
        };
        let line = format!("{} {}", named("Family"), named("Name"));
        filling.push(ScanResult::new("EOSL", title(&line), FindingKind::EndOfLife, place));
    }
    list_of_targets(filling, None, "", object.raw("Results"));
}

fn cluster(filling: &mut Filling<'_>, object: &Object<'_>) {
    filling.touched(&object.word("ClusterName").unwrap_or_default());
    for part in ["Resources", "Vulnerabilities", "Misconfigurations", "Findings"] {
        for (number, raw) in object.list(part).unwrap_or_default().into_iter().enumerate() {
            let at = format!("/{part}/{number}");
            let Ok(Value::Object(resource)) = serde_json::from_str(raw.get()) else {
                filling.unreadable(&at, "no object");
                continue;
            };
            let named = ["Namespace", "Kind", "Name"].into_iter().filter_map(|name| resource.word(name));
            let name = named.collect::<Vec<_>>().join("/");
            if let Some(error) = resource.word("Error") {
                filling.unfinished(&format!("{name}: {error}"));
            }
            list_of_targets(filling, Some(shorten(&name, 400)), &at, resource.raw("Results"));
        }
    }
}

fn list_of_targets(filling: &mut Filling<'_>, object: Option<String>, at: &str, value: Option<&RawValue>) {
    let Some(value) = value else { return };
    match serde_json::from_str(value.get()) {
        Ok(Value::List(entries)) => targets(filling, object, &format!("{at}/Results"), &entries),
        _ => filling.unreadable(&format!("{at}/Results"), "no list"),
    }
}

fn targets(filling: &mut Filling<'_>, object: Option<String>, at: &str, entries: &[&RawValue]) {
    for (number, raw) in entries.iter().enumerate() {
        match serde_json::from_str(raw.get()) {
            Ok(Value::Object(target)) => {
                one_target(filling, object.clone(), &target, &format!("{at}/{number}"))
            }
            _ => filling.unreadable(&format!("{at}/{number}"), "no object"),
        }
    }
}

fn one_target(filling: &mut Filling<'_>, object: Option<String>, target: &Object<'_>, at: &str) {
    // Classes that are listed also where nothing was found; secrets and licences are not.
    if let Some(class) = target.word("Class").filter(|class| LISTED.contains(&class.as_str())) {
        Profile::carry_out(&mut filling.found.report.profile, class);
    }
    let name = target.word("Target").unwrap_or_default();
    filling.touched(&name);
    let class = target.word("Class").unwrap_or_default();
    // `Java` and `Node.js` stand for all packages of that kind in an image; `app/package-lock.json` is a file.
    let of_file = matches!(class.as_str(), "config" | "secret" | "license-file");
    let is_file = object.is_none() && of_file
        || class == "lang-pkgs"
            && (name.contains('/') || name.contains('.') && !name.contains(' ') && name != "Node.js");
    let under = Under { object, target: name, is_file };
    filling.each(&format!("{at}/Vulnerabilities"), target.raw("Vulnerabilities"), |filling, one, at| {
        match vulnerability(&under, &one) {
            Some(result) => filling.push(result),
            None => filling.unreadable(at, "no VulnerabilityID"),
        }
    });
    filling.each(&format!("{at}/Misconfigurations"), target.raw("Misconfigurations"), |filling, one, at| {
        misconfiguration(filling, &under, &one, at);
    });
    filling.each(&format!("{at}/Secrets"), target.raw("Secrets"), |filling, one: Secret, at| {
        match found_secret(&under, &one) {
            Some(result) => filling.push(result),
            None => filling.unreadable(at, "no RuleID"),
        }
    });
    filling.each(
        &format!("{at}/Licenses"),
        target.raw("Licenses"),
        |filling, one: Licence, at| match licence(&under, &one) {
            Some(result) => filling.push(result),
            None => filling.unreadable(at, "no Name"),
        },
    );
    let modified = "ExperimentalModifiedFindings";
    filling.each(&format!("{at}/{modified}"), target.raw(modified), |filling, one: Modified, at| {
        set_aside(filling, &under, one, at);
    });
    passed(filling, target);
}

/// Checks that were passed, where only their number is told.
fn passed(filling: &mut Filling<'_>, target: &Object<'_>) {
    let summary = target.object("MisconfSummary");
    let number = summary.and_then(|summary| summary.word("Successes")?.parse::<u64>().ok()).unwrap_or(0);
    let listed = target.raw("Misconfigurations").is_some_and(|list| list.get().contains("\"PASS\""));
    if number > 0 && !listed {
        *filling.found.report.left_out.entry(LeftOut::Passed).or_default() += number;
    }
}

fn place_of(under: &Under) -> ScanPlace {
    let file = if under.is_file { place::file(&under.target) } else { None };
    let object = match &under.object {
        // One object of a cluster runs several images; their tags change.
        Some(object) if file.is_none() => {
            Some(format!("{object} {}", without_tag(&under.target)).trim().to_owned())
        }
        other => other.clone(),
    };
    ScanPlace { file, object, ..ScanPlace::default() }
}

/// `registry.example:5000/app:1.2 (debian 10.13)` without tag, digest and system.
fn without_tag(image: &str) -> &str {
    let image = image.split_once(" (").map_or(image, |(image, _)| image);
    let image = image.split_once('@').map_or(image, |(image, _)| image);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

fn vulnerability(under: &Under, one: &Vulnerability) -> Option<ScanResult> {
    let id = one.id.get()?;
    let mut place = place_of(under);
    place.component = one.pkg_name.get().map(str::to_owned);
    place.version = one.installed_version.get().map(str::to_owned);
    place.purl = one.pkg_identifier.as_ref().and_then(|identifier| identifier.purl.0.clone());
    let path = one.pkg_path.get().map(|path| place::without_version(path, one.installed_version.text()));
    place.file = path.as_deref().and_then(place::file).or(place.file);
    let mut result = ScanResult::new(
        shorten(id, 200),
        title(one.title.get().unwrap_or(id)),
        FindingKind::Vulnerability,
        place,
    );
    result.text = text(one.description.text());
    result.evidence = text(one.pkg_path.text());
    result.severity = one.severity.text().to_owned();
    result.fixed_version = names::fixed(one.fixed_version.text());
    result.cwe = one.cwe_ids.iter().flat_map(names::cwe).collect();
    for name in std::iter::once(id).chain(one.vendor_ids.iter()) {
        names::identify(&mut result, name);
    }
    for page in std::iter::once(one.primary_url.text()).chain(one.references.iter()) {
        names::reference(&mut result, page);
    }
    let scores = || one.cvss.iter().flatten().map(|(_, score)| score);
    scores().for_each(|score| names::add_vector(&mut result, score.v4.text()));
    scores().for_each(|score| names::add_vector(&mut result, score.v3.text()));
    if result.cvss.is_empty() {
        scores().for_each(|score| names::add_vector(&mut result, score.v2.text()));
    }
    Some(result)
}

fn misconfiguration(filling: &mut Filling<'_>, under: &Under, one: &Misconfiguration, at: &str) {
    let Some(id) = one.id.get().or(one.avd_id.get()) else {
        return filling.unreadable(at, "no ID");
    };
    let mut place = place_of(under);
    if let Some(cause) = &one.cause_metadata {
        place.line = cause.start_line.number().filter(|line| *line > 0);
        let named = [place.object.as_deref(), cause.resource.get()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        place.object = Some(named).filter(|named| !named.is_empty());
    }
    let mut result = ScanResult::new(
        shorten(id, 200),
        title(one.title.get().unwrap_or(id)),
        FindingKind::Misconfiguration,
        place,
    );
    result.text = text(one.description.text());
    result.evidence = text(&secrets::removed(one.message.text()));
    result.advice = text(one.resolution.text());
    result.severity = one.severity.text().to_owned();
    for page in std::iter::once(one.primary_url.text()).chain(one.references.iter()) {
        names::reference(&mut result, page);
    }
    match one.status.text() {
        "PASS" => filling.leave_out(LeftOut::Passed),
        "EXCEPTION" => {
            result.suppressed = Some("EXCEPTION".to_owned());
            filling.push(result);
        }
        _ => filling.push(result),
    }
}

fn found_secret(under: &Under, one: &Secret) -> Option<ScanResult> {
    let rule = one.rule_id.get()?;
    let mut place =
        place_of(&Under { object: under.object.clone(), target: under.target.clone(), is_file: true });
    place.line = one.start_line.number().filter(|line| *line > 0);
    place.code = one.matched.get().map(secrets::code);
    let mut result = ScanResult::new(
        shorten(rule, 200),
        title(one.title.get().unwrap_or(rule)),
        FindingKind::Vulnerability,
        place,
    );
    result.text = text(one.category.text());
    result.severity = one.severity.text().to_owned();
    result.cwe.insert(798);
    Some(result)
}

fn licence(under: &Under, one: &Licence) -> Option<ScanResult> {
    let name = one.name.get()?;
    let mut place = place_of(under);
    place.component = one.pkg_name.get().map(str::to_owned);
    place.file = one.file_path.get().and_then(place::file).or(place.file);
    let rule = format!("license:{}", shorten(name, 200));
    let mut result = ScanResult::new(rule, title(name), FindingKind::Misconfiguration, place);
    result.text = text(one.category.text());
    result.severity = one.severity.text().to_owned();
    names::reference(&mut result, one.link.text());
    Some(result)
}

fn set_aside(filling: &mut Filling<'_>, under: &Under, one: Modified, at: &str) {
    let status = one.status.get().unwrap_or("ignored").to_owned();
    let result = one.finding.as_ref().and_then(|finding| vulnerability(under, finding));
    let Some(mut result) = result.filter(|_| one.kind.text() == "vulnerability") else {
        if one.kind.get().is_none() {
            return filling.unreadable(at, "no Type");
        }
        return filling.leave_out(LeftOut::Suppressed);
    };
    result.suppressed =
        Some(one.statement.get().map_or(status.clone(), |why| text(&format!("{status}: {why}"))));
    filling.push(result);
}

#[cfg(test)]
mod tests {
    use super::super::tests::{only, refused, summary};
    use super::without_tag;

    #[test]
    fn all_kinds_of_results() {
        let report = only(include_str!("samples/trivy.json"));
        assert_eq!(
            summary(&report),
            "trivy 0.60.0 not-told\n\
             EOSL - end_of_life debian 9.1\n\
             CVE-2021-1 LOW vulnerability apt 1.8 cwe 347 CVE-2021-1 fixed 1.9\n\
             CVE-2021-2 - vulnerability bash CVE-2021-2 suppressed not_affected: no code\n\
             DS002 HIGH misconfiguration Dockerfile:3\n\
             aws-access-key-id CRITICAL vulnerability /app/.env:1 cwe 798\n\
             license:GPL-2.0 HIGH misconfiguration bash\n\
             left out: passed 20\nscan-entry-unreadable\n"
        );
        assert!(!format!("{report:?}").contains("AKIA1234"), "the secret itself");
        assert_eq!(report.results[1].cvss.len(), 1);
    }

    #[test]
    fn null_holds_nothing_and_a_list_of_targets_without_findings_does() {
        assert_eq!(refused("null")[0], "scan-empty");
        assert_eq!(only(r#"[{"Target":"app:1","Type":"debian","Vulnerabilities":null}]"#).results.len(), 0);
    }

    #[test]
    fn objects_of_a_cluster_are_kept_apart() {
        let resource = |name: &str| {
            format!(
                r#"{{"Namespace":"a","Kind":"Pod","Name":"{name}","Results":[{{"Target":"r.example/x:1 (debian 9)","Class":"os-pkgs","Vulnerabilities":[{{"VulnerabilityID":"CVE-2021-1","PkgName":"apt"}}]}}]}}"#
            )
        };
        let report =
            only(&format!(r#"{{"ClusterName":"c","Resources":[{},{}]}}"#, resource("p"), resource("q")));
        let objects: Vec<_> = report.results.iter().filter_map(|one| one.place.object.clone()).collect();
        assert_eq!(objects, ["a/Pod/p r.example/x", "a/Pod/q r.example/x"]);
    }

    #[test]
    fn tags_of_images() {
        assert_eq!(without_tag("r.example:5000/app:1.2 (debian 10)"), "r.example:5000/app");
        assert_eq!(without_tag("r.example:5000/app"), "r.example:5000/app");
        assert_eq!(without_tag("app@sha256:00"), "app");
    }
}
